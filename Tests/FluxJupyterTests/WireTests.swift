import FluxCore
import FluxDocument
import Foundation
import TestSupport
import Testing

@testable import FluxJupyter

@Suite("Jupyter's messages")
struct WireTests {
  private let signature = MessageSignature(key: Array("key".utf8))

  @Test("the signature is HMAC-SHA256: RFC 4231, test case 2")
  func vector() {
    let digits = MessageSignature(key: Array("Jefe".utf8)).digits([Array("what do ya want ".utf8), Array("for nothing?".utf8)][...])
    #expect(String(decoding: digits, as: UTF8.self) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  @Test("a message that we make is one that we take, with its identities and parent")
  func roundTrip() throws {
    let frames = JupyterMessage.frames([[1, 2]], "execute_request", parent: Array(#"{"msg_id": "p"}"#.utf8), .object([("code", .text("1"))]), signature)
    let message = try #require(JupyterMessage(frames, signature))
    #expect(message.type == "execute_request" && message.identities == [[1, 2]] && message.content["code"]?.string == "1")
    #expect(String(decoding: message.parent, as: UTF8.self) == #"{"msg_id": "p"}"#)
    #expect(JupyterMessage(frames, MessageSignature(key: Array("other".utf8))) == nil)
  }

  @Test("no flipped bit, cut or reordered part of a message passes: 10 000 trials")
  func mutations() {
    var draw = SystemRandomNumberGenerator()
    let frames = JupyterMessage.frames([[7]], "execute_request", parent: [], .object([("code", .text("os.exit()"))]), signature)
    for _ in 0..<10_000 {
      var changed = frames
      let i = Int.random(in: 1..<changed.count, using: &draw)
      switch Int.random(in: 0..<4, using: &draw) {
      case 0: changed[i][Int.random(in: 0..<changed[i].count, using: &draw)] ^= 1 << UInt8.random(in: 0..<8, using: &draw)
      case 1: changed[i].removeLast(Int.random(in: 1...changed[i].count, using: &draw))
      case 2: changed.swapAt(i, i == 1 ? 2 : i - 1)
      default: changed.remove(at: i)
      }
      // The parent and the metadata are both {}: exchanging them changes nothing.
      if changed != frames { #expect(JupyterMessage(changed, signature) == nil) }
    }
  }

  @Test("a connection file is checked, and one that others can read is told")
  func connectionFile() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("connection-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var connection = ConnectionFile()
    (connection.shell, connection.control, connection.publish, connection.input, connection.heartbeat) = (1, 2, 3, 4, 5)
    connection.key = Array("abc".utf8)
    try connection.text.write(toFile: path, atomically: false, encoding: .utf8)
    chmod(path, 0o600)
    let read = try ConnectionFile(path: path)
    #expect(read.text == connection.text && ConnectionFile.warnings(path, read).isEmpty)
    #expect(read.endpoint(read.shell) == "tcp://127.0.0.1:1")
    chmod(path, 0o644)
    #expect(ConnectionFile.warnings(path, read).first?.contains("chmod 600") == true)
    expectRefusal("json.not: cannot be read: No such file or directory") { try ConnectionFile(path: path + ".not") }
    for (what, text) in [
      ("the file holds no object", "[]"), ("'shell_port' is missing", "{\"ip\": \"127.0.0.1\"}"),
      ("at line 1, column 2", "{"), ("'ip' is missing", "{}"),
      ("transport is 'udp'", "{\"transport\": \"udp\", \"ip\": \"1\"}"),
    ] {
      try text.write(toFile: path, atomically: false, encoding: .utf8)
      expectRefusal(what) { try ConnectionFile(path: path) }
    }
  }

  @Test("base64 of RFC 4648", arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
  func base64(_ text: String, _ expected: String) {
    #expect(Base64.text(Array(text.utf8)) == expected)
  }
}

@Suite("What waits to be sent")
struct OutboxTests {
  private func text(_ letter: Letter) -> String { (try? JSONText(parsing: letter.body, at: "letter"))?["text"]?.string ?? letter.type }

  /// Takes out what is ready to be sent.
  private func take(_ outbox: Outbox) -> [Letter] {
    var letters: [Letter] = []
    while let letter = outbox.next().letter {
      letters.append(letter)
      outbox.sent()
    }
    return letters
  }

  @Test("texts of a stream become one message; another stream or message closes it; a character is never cut")
  func order() throws {
    let outbox = Outbox(wake: -1)
    func write(_ bytes: [UInt8], _ name: String) {
      bytes.withUnsafeBytes { outbox.write($0, to: name, parent: [1], waits: false) }
    }
    write(Array("a".utf8), "stdout")
    write(Array("b".utf8), "stdout")
    write(Array("c".utf8), "stderr")
    write([0xC3], "stdout")
    usleep(30_000)
    #expect(take(outbox).map(text) == ["ab", "c"])
    write([0xA9, 0x64], "stdout")
    outbox.send(.status("idle", parent: []))
    #expect(take(outbox).map(text) == ["éd", "status"])
    write(Array(repeating: 0x61, count: 100_000), "stdout")
    #expect(take(outbox).map { text($0).count } == [32768, 65536])
    usleep(150_000)
    #expect(take(outbox).map { text($0).count } == [1696])
    #expect(outbox.isEmpty)
  }

  @Test("the more a cell has printed, the longer its texts become; the next cell begins anew")
  func growth() throws {
    let outbox = Outbox(wake: -1), line = Array((String(repeating: "x", count: 999) + "\n").utf8)
    func sizes(_ count: Int, _ parent: [UInt8]) -> [Int] {
      for _ in 0..<count { line.withUnsafeBytes { outbox.write($0, to: "stdout", parent: parent, waits: false) } }
      return take(outbox).map { text($0).count }
    }
    let long = sizes(8000, [1])
    #expect(long.count < 30 && long.first! < 40_000 && long.max()! >= 700_000 && long.max()! < 740_000)
    #expect(zip(long.dropLast(), long.dropFirst().dropLast()).allSatisfy { $0 <= $1 + 1000 })
    outbox.send(.status("idle", parent: [1]))
    _ = take(outbox)
    #expect(sizes(40, [2]).first! < 40_000)
  }

  @Test("an answer of control, and one to an interrupted cell, pass what waits; other answers keep their place")
  func urgency() {
    let outbox = Outbox(wake: -1)
    outbox.send(.published("display_data", .object([]), parent: []))
    outbox.send(Letter(.shell, to: [], "execute_reply", parent: [], .object([])))
    outbox.send(Letter(.control, to: [], "interrupt_reply", parent: [], .object([])))
    outbox.send(Letter(.shell, to: [], "inspect_reply", parent: [], .object([]), isUrgent: true))
    #expect(outbox.takeUrgent().map(\.type) == ["interrupt_reply", "inspect_reply"])
    #expect(take(outbox).map(\.type) == ["display_data", "execute_reply"])
  }

  @Test("who publishes faster than it is sent waits, and goes on when there is room; nothing is lost or reordered")
  func backPressure() async {
    let outbox = Outbox(wake: -1), count = 1000
    let writer = Thread {
      for i in 0..<count { outbox.send(.published("display_data", .integer(i), parent: []), waits: true) }
    }
    writer.start()
    var numbers: [Int] = [], most = 0
    while numbers.count < count {
      usleep(100)
      let letters = take(outbox)
      most = max(most, letters.count)
      numbers += letters.compactMap { (try? JSONText(parsing: $0.body, at: "letter"))?.whole }
    }
    #expect(numbers == Array(0..<count))
    #expect(!outbox.isFull)
    let full = Outbox(wake: -1)
    for _ in 0..<Outbox.mostLetters { full.send(.published("display_data", .null, parent: []), waits: true) }
    #expect(full.isFull)
    full.sent()
    #expect(!full.isFull)
    full.send(.published("display_data", .text(String(repeating: "x", count: Outbox.mostBytes)), parent: []), waits: true)
    #expect(full.isFull)
  }
}

@Suite("What a cursor means")
struct InspectedNameTests {
  @Test("the name that it touches comes first, then the calls that it stands in", arguments: [
    ("tensor.zeros(2)", 9, ["tensor.zeros", ]), ("tensor.zeros(2)", 13, ["tensor.zeros"]), ("f(g(1), x)", 9, ["x", "f"]), ("a:b(", 4, ["a:b"]), ("", 0, []),
  ])
  func names(_ code: String, _ position: Int, _ expected: [String]) {
    #expect(InspectedName.candidates(code, at: position) == expected)
  }
}
