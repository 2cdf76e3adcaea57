import FluxCore
import Glibc

/// What the interpreter has to say, in its order, until the wire's thread sends it.
///
/// Texts of one stream that follow each other become one message. When the readers are slow the interpreter waits:
/// memory stays bounded, and nothing is lost.
final class Outbox: @unchecked Sendable {
  enum Channel: Sendable { case shell, control, publish, input }

  struct Letter: Sendable {
    let channel: Channel
    let identities: [[UInt8]]
    let type: String
    let parent: [UInt8]
    let content: JSONText
    var metadata = JSONText.object([])
  }

  private struct Stream {
    let name: String
    let parent: [UInt8]
    var bytes: [UInt8] = []
    let began: Double
  }

  /// A text of a stream waits so long for more, s.
  static let patience = 0.02
  private static let longestText = 64 << 10
  private static let mostWaiting = 4 << 20

  private let monitor = Monitor()
  // Guarded by the monitor.
  private var letters: [Letter] = []
  private var stream: Stream?
  private var waitingBytes = 0
  private var isClosed = false
  /// Wakes the wire's thread.
  private let wake: Int32

  /// - Parameter wake: a pipe that does not block.
  init(wake: Int32) { self.wake = wake }

  func send(_ letter: Letter) {
    monitor.locked {
      seal(isWhole: true)
      letters.append(letter)
    }
    ring()
  }

  /// Sends something to all front ends.
  ///
  /// - Parameter parent: the header of what it belongs to.
  func publish(_ type: String, _ content: JSONText, metadata: JSONText = .object([]), parent: [UInt8]) {
    send(Letter(channel: .publish, identities: [Array(type.utf8)], type: type, parent: parent, content: content, metadata: metadata))
  }

  /// Adds to a stream; waits while too much is waiting, unless an interrupt is pending.
  func write(_ bytes: UnsafeRawBufferPointer, to name: String, parent: [UInt8], waits: Bool) {
    guard bytes.count > 0 else { return }
    let isFirst = monitor.locked {
      while waits, waitingBytes > Self.mostWaiting, !isClosed, !Interrupt.isPending { monitor.wait(seconds: 0.05) }
      if stream?.name != name || stream?.parent != parent { seal(isWhole: true) }
      let isFirst = stream == nil
      if isFirst { stream = Stream(name: name, parent: parent, began: MonotonicClock.seconds) }
      stream!.bytes += bytes
      waitingBytes += bytes.count
      let isLong = stream!.bytes.count >= Self.longestText
      if isLong { seal(isWhole: false) }
      return isFirst || isLong
    }
    if isFirst { ring() }
  }

  /// Makes a letter of the stream's text. The beginning of a character whose rest is still to come stays, unless `isWhole`.
  private func seal(isWhole: Bool) {
    guard let sealed = stream else { return }
    let kept = isWhole ? 0 : Self.openEnd(sealed.bytes)
    let text = String(decoding: sealed.bytes.dropLast(kept), as: UTF8.self)
    if !text.isEmpty {
      letters.append(
        Letter(
          channel: .publish, identities: [Array("stream.\(sealed.name)".utf8)], type: "stream", parent: sealed.parent,
          content: .object([("name", .text(sealed.name)), ("text", .text(text))])))
    }
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

  /// What is ready to be sent, and after how many seconds there will be more; nil for no text that waits.
  func take() -> (letters: [Letter], wait: Double?) {
    monitor.locked {
      var wait: Double?
      if let stream {
        let age = MonotonicClock.seconds - stream.began
        if age >= Self.patience { seal(isWhole: false) } else { wait = Self.patience - age }
      }
      if stream != nil, wait == nil { wait = Self.patience }
      defer { letters = [] }
      return (letters, wait)
    }
  }

  /// Some texts have been sent.
  func settled() {
    monitor.locked {
      waitingBytes = stream?.bytes.count ?? 0
      monitor.broadcast()
    }
  }

  /// Whether the readers are behind.
  var isFull: Bool { monitor.locked { waitingBytes > Self.mostWaiting } }

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
