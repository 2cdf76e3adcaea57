import FluxCore
import FluxDocument

/// The socket that all front ends listen to, at their pace. Of the wire's thread alone.
final class Publisher {
  let socket: ZeroMQSocket
  private let signature: MessageSignature
  private let log: @Sendable (String) -> Void
  private var pace: PublishPace
  private var blockedSince: Double?
  /// A front end that does not read gets nothing until then; then it is looked whether it does.
  private var dropsUntil: Double?

  /// How long a front end that does not read may hold up the others, s; then what it does not take is dropped for it.
  private static let patience = 10.0
  private static let untilNextLook = 1.0

  init(_ socket: ZeroMQSocket, _ signature: MessageSignature, _ pace: PublishPace, log: @escaping @Sendable (String) -> Void) {
    self.socket = socket
    self.signature = signature
    self.pace = pace
    self.log = log
  }

  /// Sends a letter.
  ///
  /// - Parameter isPaced: false while the kernel ends.
  /// - Returns: nil when it is sent; otherwise after how many seconds to try again.
  func send(_ letter: Letter, isPaced: Bool) -> Double? {
    let now = MonotonicClock.seconds
    if isPaced {
      let delay = pace.delay(letter, now: now)
      if delay > 0 { return delay }
    }
    guard isTaken(JupyterMessage.frames(letter, signature), now) else { return 0.005 }
    pace.note(letter, now: now)
    return nil
  }

  private func isTaken(_ frames: [[UInt8]], _ now: Double) -> Bool {
    let looks = dropsUntil.map { now >= $0 } ?? false
    if looks { socket.waitForSubscribers(true) }
    if socket.send(frames) {
      if looks { dropsUntil = nil }
      blockedSince = nil
      return true
    }
    let since = blockedSince ?? now
    blockedSince = since
    guard looks || now - since > Self.patience else { return false }
    if !looks { log("a front end does not read: what is published is dropped for it") }
    socket.waitForSubscribers(false)
    dropsUntil = now + Self.untilNextLook
    return socket.send(frames)
  }

  /// A subscriber has come: it may rely on hearing everything from now on.
  ///
  /// - Parameter settle: told of the connection of each message.
  func welcome(_ settle: (Int32) -> Void) {
    while let frames = socket.receive() {
      settle(socket.source)
      guard let first = frames.first, first.first == 1 else { continue }
      let topic = Array(first.dropFirst())
      let content = JSONText.object([("subscription", .text(String(decoding: topic, as: UTF8.self)))])
      _ = socket.send(JupyterMessage.frames([topic], "iopub_welcome", parent: [], content, signature))
    }
  }
}
