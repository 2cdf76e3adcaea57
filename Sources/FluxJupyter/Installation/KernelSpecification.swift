import FluxCore
import FluxDocument
import Glibc

/// The folder that tells Jupyter how to start the kernel: `kernel.json` and the logo.
struct KernelSpecification {
  /// Ends in `kernels/fluxbridge`.
  let folder: String

  private static let pictures: [(name: String, bytes: [UInt8])] = [
    ("logo-32x32.png", PackageResources.logo_32x32_png), ("logo-64x64.png", PackageResources.logo_64x64_png),
    ("logo-svg.svg", PackageResources.logo_svg_svg),
  ]

  var isThere: Bool { access("\(folder)/kernel.json", F_OK) == 0 }

  /// The program with its absolute path, as this process runs it.
  ///
  /// - Throws: ``FluxError`` where the system does not tell.
  static func program() throws -> String {
    guard let real = realpath("/proc/self/exe", nil) else {
      throw FluxError("the system does not tell where this program is: \(String(cString: strerror(errno)))", at: "kernel install")
    }
    defer { free(real) }
    return String(cString: real)
  }

  /// Writes the folder, each file whole or not at all.
  ///
  /// - Throws: ``FluxError`` where the folder cannot be written.
  func write() throws {
    let text = JSONText.object([
      ("argv", .list([try Self.program(), "kernel", "start", "-f", "{connection_file}"].map { .text($0) })),
      ("display_name", .text("Fluxbridge")), ("language", .text("lua")), ("interrupt_mode", .text("signal")),
      ("metadata", .object([("debugger", .flag(false))])),
    ]).description
    try makeFolder(folder)
    for (name, bytes) in Self.pictures + [("kernel.json", Array((text + "\n").utf8))] {
      let path = "\(folder)/\(name)", temporary = try TemporaryFile.name(beside: path)
      guard let file = fopen(temporary, "wxe") else { throw Self.error(path) }
      let count = fwrite(bytes, 1, bytes.count, file)
      guard fclose(file) == 0, count == bytes.count else {
        unlink(temporary)
        throw Self.error(path)
      }
      try TemporaryFile.publish(temporary, as: path)
    }
  }

  /// Takes the folder away; says whether it was there.
  func remove() throws -> Bool {
    guard isThere else { return false }
    for name in Self.pictures.map(\.name) + ["kernel.json"] where access("\(folder)/\(name)", F_OK) == 0 {
      guard unlink("\(folder)/\(name)") == 0 else { throw Self.error("\(folder)/\(name)") }
    }
    rmdir(folder)  // stays when somebody has put something else there
    return true
  }

  /// The words that start the kernel, as `kernel.json` holds them.
  ///
  /// - Throws: ``FluxError`` where the file is missing or malformed.
  func arguments() throws -> [String] {
    let path = "\(folder)/kernel.json"
    guard let file = fopen(path, "re") else { throw Self.error(path) }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    let words = (try JSONText(parsing: bytes, at: path)["argv"]?.items ?? []).compactMap(\.string)
    guard !words.isEmpty else { throw FluxError("it has no 'argv'", at: path, remedy: "fluxbridge kernel install writes it anew.") }
    return words
  }

  private func makeFolder(_ path: String) throws {
    guard access(path, F_OK) != 0 else { return }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try makeFolder(String(path[..<slash])) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw Self.error(path) }
  }

  private static func error(_ path: String) -> FluxError {
    FluxError(
      String(cString: strerror(errno)), at: path,
      remedy: errno == EACCES || errno == EPERM ? "Run this as its owner, or choose a folder of yours: --user, or --prefix DIR" : nil)
  }
}
