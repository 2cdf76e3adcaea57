import FluxCore
import Glibc

/// A folder of texts that the program writes: stubs, the reference.
enum TextFolder {
  /// Writes each file whole or not at all; makes the folder when it does not exist.
  ///
  /// - Throws: ``FluxError`` when the folder cannot be made or written.
  static func write(_ files: [(name: String, text: String)], into folder: String) throws {
    if mkdir(folder, 0o777) != 0, errno != EEXIST {
      throw FluxError(
        "cannot make the folder: \(String(cString: strerror(errno)))", at: folder,
        remedy: errno == ENOENT ? "Make its parents first: mkdir -p '\(folder)'" : nil)
    }
    for file in files { try TextFile.write(file.text, to: "\(folder)/\(file.name)") }
  }
}
