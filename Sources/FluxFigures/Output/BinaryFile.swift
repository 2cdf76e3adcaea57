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

  static func write(_ bytes: [UInt8], to path: String) throws {
    guard let file = fopen(path, "wb") else { throw FluxError("cannot be written: \(String(cString: strerror(errno)))", at: path) }
    let written = fwrite(bytes, 1, bytes.count, file), closed = fclose(file)
    guard written == bytes.count, closed == 0 else {
      unlink(path)
      throw FluxError("cannot be written: \(String(cString: strerror(errno)))", at: path)
    }
  }
}
