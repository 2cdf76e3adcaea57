import Foundation

/// The program at a pseudo-terminal.
final class Terminal {
  struct Silence: Error, CustomStringConvertible {
    let wanted: String, seen: String
    var description: String { "waited for \(wanted.debugDescription), saw \(seen.debugDescription)" }
  }

  private let process = Process()
  private let master: Int32
  private var seen = ""

  /// - Parameter kind: the `TERM`; a `dumb` one cannot edit several lines.
  init(arguments: [String], kind: String = "dumb", environment: [String: String] = [:]) throws {
    var ends: (master: Int32, slave: Int32) = (-1, -1)
    guard openpty(&ends.master, &ends.slave, nil, nil, nil) == 0 else {
      throw Silence(wanted: "a pseudo-terminal", seen: String(cString: strerror(errno)))
    }
    master = ends.master
    let slave = FileHandle(fileDescriptor: ends.slave, closeOnDealloc: true)
    process.executableURL = URL(fileURLWithPath: ChildProgram.path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["TERM": kind, "INPUTRC": "/dev/null", "XDG_CONFIG_HOME": "/dev/null", "FLUXBRIDGE_HISTORY": ""]) { $1 }
      .merging(environment) { $1 }
    process.standardInput = slave
    process.standardOutput = slave
    process.standardError = slave
    try process.run()
  }

  func type(_ text: String) { _ = text.withCString { write(master, $0, strlen($0)) } }

  /// Gives the terminal another width, as a window's edge does.
  func resize(columns: UInt16) {
    var size = winsize(ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    kill(process.processIdentifier, SIGWINCH)
  }

  func interrupt() { kill(process.processIdentifier, SIGINT) }

  /// Reads until `text` has come; gives and forgets what came up to it.
  @discardableResult
  func wait(for text: String, seconds: Double = 20) throws -> String {
    let end = Date(timeIntervalSinceNow: seconds)
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      if let range = seen.range(of: text) {
        let before = String(seen[..<range.upperBound])
        seen.removeSubrange(..<range.upperBound)
        return before
      }
      var input = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard poll(&input, 1, 200) >= 0, Date() < end else { throw Silence(wanted: text, seen: seen) }
      guard input.revents & Int16(POLLIN) != 0 else { continue }
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else { throw Silence(wanted: text, seen: seen) }
      seen += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }

  /// The exit status; throws when the program goes on for so long.
  func waitForEnd(seconds: Double = 20) throws -> Int32 {
    let end = Date(timeIntervalSinceNow: seconds)
    while process.isRunning {
      guard Date() < end else { throw Silence(wanted: "the end", seen: seen) }
      usleep(10_000)
    }
    return process.terminationStatus
  }

  func close() {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    Glibc.close(master)
  }
}
