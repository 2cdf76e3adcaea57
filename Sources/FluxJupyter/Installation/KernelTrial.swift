import FluxCore
import FluxDocument
import Glibc

/// Starts the installed kernel as a front end would, runs one cell, and tells what came back.
struct KernelTrial {
  /// From the start of the process to the cell's result, s.
  let seconds: Double
  /// The implementation and its version, as the kernel says.
  let implementation: String
  let result: String

  static let cell = "tensor{1, 2, 3}:sum():item()"
  private static let patience = 20.0

  /// - Throws: ``FluxError`` with the first thing that went wrong.
  init(_ specification: KernelSpecification) throws {
    var template = Array("/tmp/fluxbridge-kernel-XXXXXX\0".utf8CString)
    guard mkdtemp(&template) != nil else { throw FluxError("no temporary folder: \(String(cString: strerror(errno)))", at: "kernel install") }
    let folder = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let path = "\(folder)/connection.json"
    defer {
      unlink(path)
      rmdir(folder)
    }
    var connection = ConnectionFile()
    let ports = try Self.freePorts(5)
    (connection.shell, connection.control, connection.publish) = (ports[0], ports[1], ports[2])
    (connection.input, connection.heartbeat) = (ports[3], ports[4])
    connection.key = Array(JupyterMessage.identifier().utf8)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    let text = Array(connection.text.utf8)
    guard descriptor >= 0, text.withUnsafeBytes({ Glibc.write(descriptor, $0.baseAddress, $0.count) }) == text.count else {
      throw FluxError(String(cString: strerror(errno)), at: path)
    }
    close(descriptor)

    let words = try specification.arguments().map { $0 == "{connection_file}" ? path : $0 }
    let began = MonotonicClock.seconds
    let child = try Self.start(words)
    var hasEnded = false
    defer {
      if !hasEnded {
        kill(child, SIGKILL)
        waitpid(child, nil, 0)
      }
    }
    let client = try KernelClient(connection)
    func isAlive() throws {
      var status: Int32 = 0
      guard waitpid(child, &status, WNOHANG) == 0 else {
        hasEnded = true
        throw FluxError("the kernel ended before it answered", at: words[0], remedy: "Start it by hand to see why: \(words.joined(separator: " "))")
      }
    }
    let limit = began + Self.patience
    let information = try client.ask("kernel_info_request", .object([]), until: limit, isAlive)
    implementation = "\(information["implementation"]?.string ?? "?") \(information["implementation_version"]?.string ?? "?")"
    let request: JSONText = .object([
      ("code", .text("")), ("silent", .flag(false)), ("store_history", .flag(false)), ("allow_stdin", .flag(false)), ("stop_on_error", .flag(true)),
      ("user_expressions", .object([("answer", .text(Self.cell))])),
    ])
    let answer = try client.ask("execute_request", request, until: limit, isAlive)["user_expressions"]?["answer"]
    guard let shown = answer?["data"]?["text/plain"]?.string else {
      throw FluxError("the cell \(Self.cell) gave \(answer?.description ?? "nothing")", at: words[0])
    }
    result = shown
    seconds = MonotonicClock.seconds - began
    _ = try client.ask("shutdown_request", .object([("restart", .flag(false))]), until: MonotonicClock.seconds + 5, isAlive)
    let end = MonotonicClock.seconds + 5
    while MonotonicClock.seconds < end {
      if waitpid(child, nil, WNOHANG) == child {
        hasEnded = true
        return
      }
      usleep(10_000)
    }
    throw FluxError("the kernel did not end when it was asked to", at: words[0])
  }

  private static func start(_ words: [String]) throws -> pid_t {
    var child = pid_t()
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let status = posix_spawn(&child, words[0], nil, nil, &arguments, environ)
    guard status == 0 else {
      throw FluxError("cannot be started: \(String(cString: strerror(status)))", at: words[0], remedy: "fluxbridge kernel install writes kernel.json anew.")
    }
    return child
  }

  /// Ports of the loopback that nobody listens at now.
  private static func freePorts(_ count: Int) throws -> [Int] {
    var sockets: [Int32] = []
    defer { for socket in sockets { close(socket) } }
    return try (0..<count).map { _ in
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      sockets.append(descriptor)
      var address = sockaddr_in(), length = socklen_t(MemoryLayout<sockaddr_in>.size)
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      let isBound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0 }
      }
      guard isBound else { throw FluxError("no free port: \(String(cString: strerror(errno)))", at: "kernel install") }
      return Int(UInt16(bigEndian: address.sin_port))
    }
  }
}
