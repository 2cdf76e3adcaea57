import FluxCore
import Glibc

/// Two ends of a pipe that no child program inherits and whose reader never waits.
struct Pipe {
  let reader, writer: Int32

  /// - Throws: ``FluxError`` without descriptors.
  init() throws {
    var pair: [Int32] = [0, 0]
    guard pipe(&pair) == 0 else { throw FluxError("no pipe: \(String(cString: strerror(errno)))", at: "kernel") }
    for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(pair[0], F_SETFL, O_NONBLOCK)
    (reader, writer) = (pair[0], pair[1])
  }
}
