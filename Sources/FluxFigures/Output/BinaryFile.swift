import FluxCore
import Glibc

/// Whole files of bytes.
enum BinaryFile {
  static func read(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw FluxError("cannot be opened: \(String(cString: strerror(errno)))", at: path) }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let count = max(0, ftell(file))
    rewind(file)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in filled = fread(buffer.baseAddress, 1, count, file) }
  }

  /// - Parameter name: of the file that the user asked for; nil for the path itself.
  static func write(_ bytes: [UInt8], to path: String, called name: String? = nil) throws {
    func failure() -> FluxError {
      FluxError("the file cannot be written: \(String(cString: strerror(errno)))", at: name ?? path, expected: "a folder in which files can be made, with room",
        remedy: "Choose another folder, or look at its rights (ls -ld) and its room (df -h).")
    }
    guard let file = fopen(path, "wb") else { throw failure() }
    let written = fwrite(bytes, 1, bytes.count, file), closed = fclose(file)
    guard written == bytes.count, closed == 0 else {
      let error = failure()
      unlink(path)
      throw error
    }
  }
}
