import Glibc

/// Files that are read and written whole. What is written appears whole or not at all.
public enum TextFile {
  /// The bytes of a file.
  ///
  /// - Parameter most: bytes beyond which it is refused before anything is read.
  /// - Throws: ``FluxError`` when it is not there, is a folder, cannot be read, or is too large.
  public static func read(_ path: String, most: Int = 1 << 30) throws -> [UInt8] {
    var status = stat()
    guard let file = fopen(path, "re"), fstat(fileno(file), &status) == 0 else {
      throw FluxError("cannot be read: \(String(cString: strerror(errno)))", at: path, expected: "a file")
    }
    defer { fclose(file) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw FluxError("a folder has this name", at: path, expected: "the name of a file")
    }
    guard status.st_size <= most else {
      throw FluxError("it has \(status.st_size) bytes", at: path, expected: "at most \(most)")
    }
    // A pipe has no size: it is read in blocks until it ends.
    var bytes: [UInt8] = [], block = [UInt8](repeating: 0, count: max(1 << 16, Int(status.st_size)))
    while case let count = fread(&block, 1, block.count, file), count > 0 {
      bytes += block[..<count]
      guard bytes.count <= most else { throw FluxError("it goes on after \(most) bytes", at: path) }
    }
    guard ferror(file) == 0 else {
      throw FluxError("cannot be read: \(String(cString: strerror(errno)))", at: path)
    }
    return bytes
  }

  /// Writes a text as UTF-8, replacing an older file of that name.
  ///
  /// - Throws: ``FluxError`` when the folder does not exist or the disk refuses.
  public static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  /// Writes bytes, replacing an older file of that name.
  ///
  /// - Throws: ``FluxError`` when the folder does not exist or the disk refuses.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    let temporary = try TemporaryFile.name(beside: path)
    guard let file = fopen(temporary, "w") else {
      throw FluxError("cannot be written: \(String(cString: strerror(errno)))", at: path)
    }
    let written = fwrite(bytes, 1, bytes.count, file)
    let closed = fclose(file)
    guard written == bytes.count, closed == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw FluxError("cannot be written: \(reason)", at: path, remedy: "Is the disk full?")
    }
    try TemporaryFile.publish(temporary, as: path)
  }
}
