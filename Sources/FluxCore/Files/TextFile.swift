import Glibc

/// Files that are written from memory, and appear whole or not at all.
public enum TextFile {
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
