import FluxCore
import FluxDocument
import Glibc
import LuaRuntime

/// The C streams of the kernel's process: what scripts print goes to the outbox, what they read is asked of the user.
///
/// C's callbacks have no context, and a process has one pair of streams: so this is one for the process.
enum KernelStreams {
  /// Where the texts of now belong; of the interpreter's thread.
  struct Place {
    let wire: KernelWire
    let capture: OutputCapture?
    let request: Inbox.Request

    /// Tells all front ends, after what C and child programs have written until now.
    func publish(_ type: String, _ content: JSONText) {
      capture?.drain(into: wire.outbox)
      wire.outbox.send(.published(type, content, parent: request.message.header))
    }
  }

  nonisolated(unsafe) static var place: Place?
  nonisolated(unsafe) private static var lastWrite = 0.0

  /// Before the session is made.
  ///
  /// - Throws: ``FluxError`` without memory.
  static func redirect() throws {
    let isDone = StandardStream.redirect(
      take: { stream, bytes, count in
        guard let place = KernelStreams.place, let bytes else { return count }
        // A child program's text comes before ours; running one takes a millisecond at least.
        let now = MonotonicClock.seconds
        if now - KernelStreams.lastWrite > 5e-4 { place.capture?.drain(into: place.wire.outbox) }
        KernelStreams.lastWrite = now
        place.wire.outbox.write(
          UnsafeRawBufferPointer(start: bytes, count: count), to: stream == 1 ? "stdout" : "stderr", parent: place.request.message.header, waits: true)
        return count
      },
      give: { bytes, count in KernelStreams.read(bytes, count) })
    if !isDone { throw FluxError("no memory for the streams", at: "kernel") }
  }

  /// `os.exit` within a cell: what it has printed is sent before the process ends.
  static func leave() {
    guard let place else { return }
    fflush(nil)
    place.publish("status", .object([("execution_state", .text("idle"))]))
    self.place = nil
    place.wire.finish()
  }

  /// What of a typed line did not fit yet.
  nonisolated(unsafe) private static var rest: [UInt8] = []

  private static func read(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    guard let bytes else { return 0 }
    if rest.isEmpty {
      guard let place, place.request.message.content["allow_stdin"]?.boolean ?? true else {
        errno = ENOTSUP  // nobody is there to type, as under nbconvert
        return -1
      }
      let line = place.wire.inbox.line(
        ask: {
          place.wire.outbox.send(
            Letter(
              .input, to: place.request.message.identities, "input_request", parent: place.request.message.header,
              .object([("prompt", .text("")), ("password", .flag(false))])))
        }, isStopped: { Interrupt.isPending })
      guard let line else {
        errno = EINTR
        return -1
      }
      rest = Array(line.utf8) + [10]
    }
    let taken = rest.prefix(count)
    taken.withUnsafeBytes { UnsafeMutableRawPointer(bytes).copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    rest.removeFirst(taken.count)
    return taken.count
  }
}
