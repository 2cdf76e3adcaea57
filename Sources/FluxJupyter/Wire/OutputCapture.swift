import Glibc

/// What C libraries and child programs write to descriptors 1 and 2.
final class OutputCapture: @unchecked Sendable {
  let output, error: Int32
  private let monitor = Monitor()
  // Guarded by the monitor: the header of the request that runs.
  private var current: [UInt8] = []

  /// Takes the two descriptors over; nil when the system gives no pipes.
  init?() {
    func replaced(_ descriptor: Int32) -> Int32? {
      guard let pipe = try? Pipe(), dup2(pipe.writer, descriptor) >= 0 else { return nil }
      close(pipe.writer)
      return pipe.reader
    }
    guard let output = replaced(1), let error = replaced(2) else { return nil }
    self.output = output
    self.error = error
  }

  /// The request that what comes from now on belongs to.
  var parent: [UInt8] {
    get { monitor.locked { current } }
    set { monitor.locked { current = newValue } }
  }

  /// Moves what has been written into the streams. Never waits: the wire's thread comes here too.
  func drain(into outbox: Outbox) {
    monitor.locked {
      for (descriptor, name) in [(output, "stdout"), (error, "stderr")] {
        withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { buffer in
          for _ in 0..<16 {  // a pipe holds one such block; a program that writes for ever must not keep us here
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0 else { break }
            outbox.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: name, parent: current, waits: false)
          }
        }
      }
    }
  }
}
