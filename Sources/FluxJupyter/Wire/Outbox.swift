import FluxCore
import Glibc

/// What the kernel has to say, in its order, until the wire's thread has sent it.
///
/// Texts of one stream that follow each other become one message. Little is kept here: when the readers are slow the
/// interpreter waits, so that memory stays bounded, nothing is lost, and little stands before the answer to an interrupt.
final class Outbox: @unchecked Sendable {
  private struct Stream {
    let name: String
    let parent: [UInt8]
    var bytes: [UInt8] = []
    let began: Double
  }

  /// A text of a stream waits so long for more, s, and no longer than this many bytes. Both grow with what the cell has printed
  /// (20 ms and 32 KiB, doubled with it, to 2 s and 700 kB):
  /// JupyterLab draws all of it anew with each text, so that many small ones would stop the page.
  private static let shortestPatience = 0.02, longestPatience = 2.0
  private static let shortestText = 32 << 10, longestText = 700_000
  /// What may wait here before the interpreter waits: a sixth of a second at the pace of ``PublishPace``.
  static let mostBytes = 128 << 10, mostLetters = 100

  private let monitor = Monitor()
  // Guarded by the monitor.
  private var urgent: [Letter] = []
  private var letters: [Letter] = []
  private var stream: Stream?
  /// By the request whose header this is.
  private var printed = (parent: [UInt8](), bytes: 0)
  private var waitingBytes = 0
  private var isClosed = false
  /// Wakes the wire's thread.
  private let wake: Int32

  /// - Parameter wake: a pipe that does not block.
  init(wake: Int32) { self.wake = wake }

  /// - Parameter waits: whether to wait while too much is waiting, unless an interrupt is pending; of the interpreter's thread alone.
  func send(_ letter: Letter, waits: Bool = false) {
    monitor.locked {
      if letter.isUrgent {
        urgent.append(letter)
        return
      }
      if waits { waitForRoom() }
      seal(isWhole: true)
      add(letter)
    }
    ring()
  }

  /// Adds to a stream; waits as ``send(_:waits:)`` does.
  func write(_ bytes: UnsafeRawBufferPointer, to name: String, parent: [UInt8], waits: Bool) {
    var start = 0
    while start < bytes.count {
      let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + Self.shortestText, bytes.count)])
      start += piece.count
      let isNews = monitor.locked {
        if waits { waitForRoom() }
        if stream?.name != name || stream?.parent != parent { seal(isWhole: true) }
        let isFirst = stream == nil
        if isFirst { stream = Stream(name: name, parent: parent, began: MonotonicClock.seconds) }
        stream!.bytes += piece
        if printed.parent != parent { printed = (parent, 0) }
        printed.bytes += piece.count
        let isLong = stream!.bytes.count >= min(Self.longestText, max(Self.shortestText, printed.bytes / 2))
        if isLong { seal(isWhole: false) }
        return isFirst || isLong
      }
      if isNews { ring() }
    }
  }

  private var patience: Double {
    min(Self.longestPatience, max(Self.shortestPatience, Double(printed.bytes) / 1e6))
  }

  /// Inside the monitor.
  private func waitForRoom() {
    while waitingBytes > Self.mostBytes || letters.count >= Self.mostLetters, !isClosed, !Interrupt.isPending { monitor.wait(seconds: 0.05) }
  }

  private func add(_ letter: Letter) {
    letters.append(letter)
    waitingBytes += letter.size
  }

  /// Makes a letter of the stream's text. The beginning of a character whose rest is still to come stays, unless `isWhole`.
  private func seal(isWhole: Bool) {
    guard let sealed = stream else { return }
    let kept = isWhole ? 0 : Self.openEnd(sealed.bytes)
    let text = String(decoding: sealed.bytes.dropLast(kept), as: UTF8.self)
    if !text.isEmpty { add(.text(text, of: sealed.name, parent: sealed.parent)) }
    stream = kept == 0 ? nil : Stream(name: sealed.name, parent: sealed.parent, bytes: Array(sealed.bytes.suffix(kept)), began: MonotonicClock.seconds)
  }

  /// How many bytes at the end begin a character of UTF-8 that is not whole.
  private static func openEnd(_ bytes: [UInt8]) -> Int {
    for back in 1...3 where back <= bytes.count {
      let c = bytes[bytes.count - back]
      if c & 0xC0 == 0x80 { continue }
      let length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1
      return length > back ? back : 0
    }
    return 0
  }

  // MARK: The wire's thread

  /// Takes out what waits for nothing.
  func takeUrgent() -> [Letter] {
    monitor.locked {
      defer { urgent = [] }
      return urgent
    }
  }

  /// What is to be sent next, and stays until ``sent()``; or after how many seconds there may be something, nil for nothing that waits.
  func next() -> (letter: Letter?, wait: Double?) {
    monitor.locked {
      if let letter = letters.first { return (letter, nil) }
      guard let stream else { return (nil, nil) }
      let age = MonotonicClock.seconds - stream.began
      if age < patience { return (nil, patience - age) }
      seal(isWhole: false)
      return (letters.first, patience)
    }
  }

  /// The first letter has been sent.
  func sent() {
    monitor.locked {
      waitingBytes -= letters.removeFirst().size
      monitor.broadcast()
    }
  }

  /// Whether nothing is left to be sent.
  var isEmpty: Bool {
    monitor.locked {
      seal(isWhole: true)
      return letters.isEmpty && urgent.isEmpty
    }
  }

  /// Whether the readers are behind.
  var isFull: Bool { monitor.locked { waitingBytes > Self.mostBytes || letters.count >= Self.mostLetters } }

  func close() {
    monitor.locked {
      isClosed = true
      monitor.broadcast()
    }
  }

  private func ring() {
    var one: UInt8 = 1
    _ = Glibc.write(wake, &one, 1)
  }
}
