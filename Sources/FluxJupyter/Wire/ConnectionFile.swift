import FluxCore
import FluxDocument
import Glibc

/// Where a kernel listens and with which key its messages are signed: the file that a Jupyter front end writes.
struct ConnectionFile: Sendable {
  var transport = "tcp"
  var address = "127.0.0.1"
  var shell = 0, control = 0, publish = 0, input = 0, heartbeat = 0
  /// Empty: messages are not signed.
  var key: [UInt8] = []

  private static let mostBytes = 1 << 20

  init() {}

  /// - Throws: ``FluxError`` for a file that cannot be read, a missing field, another scheme than hmac-sha256.
  init(path: String) throws {
    let fields = try JSONText(parsing: try Self.bytes(path), at: path)
    guard fields.fields != nil else { throw FluxError("the file holds no object", at: path, expected: "a Jupyter connection file") }
    func port(_ name: String) throws -> Int {
      guard let port = fields[name]?.whole, (1...65535).contains(port) else {
        throw FluxError("'\(name)' is \(fields[name]?.description ?? "missing")", at: path, expected: "a port, 1 to 65535")
      }
      return port
    }
    transport = fields["transport"]?.string ?? "tcp"
    guard ["tcp", "ipc"].contains(transport) else {
      throw FluxError("the transport is '\(transport)'", at: path, expected: "tcp or ipc")
    }
    address = fields["ip"]?.string ?? ""
    guard !address.isEmpty, !address.contains(where: { $0.isWhitespace || $0 == "\0" }) else {
      throw FluxError("'ip' is \(fields["ip"]?.description ?? "missing")", at: path, expected: "an address, such as 127.0.0.1")
    }
    (shell, control, publish) = (try port("shell_port"), try port("control_port"), try port("iopub_port"))
    (input, heartbeat) = (try port("stdin_port"), try port("hb_port"))
    key = Array((fields["key"]?.string ?? "").utf8)
    let scheme = fields["signature_scheme"]?.string ?? "hmac-sha256"
    guard key.isEmpty || scheme == "hmac-sha256" else {
      throw FluxError("the signature scheme is '\(scheme)'", at: path, expected: "hmac-sha256")
    }
  }

  func endpoint(_ port: Int) -> String { transport == "ipc" ? "ipc://\(address)-\(port)" : "tcp://\(address):\(port)" }

  /// As front ends write it.
  var text: String {
    JSONText.object([
      ("transport", .text(transport)), ("ip", .text(address)), ("shell_port", .integer(shell)), ("control_port", .integer(control)),
      ("iopub_port", .integer(publish)), ("stdin_port", .integer(input)), ("hb_port", .integer(heartbeat)),
      ("key", .text(String(decoding: key, as: UTF8.self))), ("signature_scheme", .text("hmac-sha256")), ("kernel_name", .text("fluxbridge")),
    ]).description
  }

  /// What is unsafe about the file or its content; empty when nothing is.
  static func warnings(_ path: String, _ connection: ConnectionFile) -> [String] {
    var warnings: [String] = [], status = stat()
    if stat(path, &status) == 0, status.st_mode & 0o077 != 0 {
      warnings.append("\(path) can be read by other users, who could then run code as you; mend it: chmod 600 '\(path)'")
    }
    if connection.key.isEmpty { warnings.append("\(path) holds no key: messages are not signed, and whoever reaches the ports can run code as you") }
    return warnings
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "re") else {
      throw FluxError("cannot be read: \(String(cString: strerror(errno)))", at: path, expected: "a Jupyter connection file")
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: mostBytes + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0, count <= mostBytes else {
      throw FluxError("cannot be read, or has more than \(mostBytes) bytes", at: path, expected: "a Jupyter connection file")
    }
    return Array(bytes[..<count])
  }
}
