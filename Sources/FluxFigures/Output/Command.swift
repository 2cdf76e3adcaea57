import FluxCore
import Glibc

/// Programs of other packages.
enum Command {
  /// Runs a program found on PATH and waits for it.
  ///
  /// - Throws: ``FluxError`` when it is not there, with the package to install, or fails; ``Interrupted`` when the user asked to stop.
  static func run(_ arguments: [String], package: String, at place: String) throws {
    var child = pid_t()
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for argument in argv { free(argument) } }
    let code = posix_spawnp(&child, arguments[0], nil, nil, &argv, environ)
    guard code == 0 else {
      throw FluxError("the program '\(arguments[0])' cannot be run: \(String(cString: strerror(code)))", at: place, remedy: "Install it: apt-get install \(package)")
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { throw FluxError("'\(arguments[0])' was lost", at: place) }
    }
    if status != 0 { try Interrupt.check() }
    guard status == 0 else { throw FluxError("'\(arguments[0])' ended with status \(status >> 8)", at: place, remedy: "Its messages stand above.") }
  }

  /// Whether a program is on PATH.
  static func exists(_ name: String) -> Bool {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }
}
