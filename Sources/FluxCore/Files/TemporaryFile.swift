import Glibc
import Synchronization

/// Files that appear whole or not at all: written under a temporary name, then renamed.
public enum TemporaryFile {
  private static let counter = Atomic<Int>(0)

  /// A name in the same folder, so that the rename stays within one file system.
  ///
  /// - Throws: ``FluxError`` when the folder does not exist, or the path is a folder.
  public static func name(beside path: String) throws -> String {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    var status = stat()
    guard stat(folder, &status) == 0 else {
      throw FluxError("the folder '\(folder)' does not exist", at: path, remedy: "Make it first: mkdir -p '\(folder)'")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw FluxError("'\(folder)' is no folder", at: path, expected: "a file in a folder that exists")
    }
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw FluxError("a folder has this name", at: path, expected: "the name of a file")
    }
    let number = counter.wrappingAdd(1, ordering: .relaxed).oldValue
    return "\(path).\(getpid())-\(number).part"
  }

  /// Puts a finished file on the disk under its final name, replacing an older one.
  public static func publish(_ temporary: String, as path: String) throws {
    let file = open(temporary, O_RDONLY)
    if file >= 0 {
      fsync(file)
      close(file)
    }
    guard rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw FluxError("cannot be written: \(reason)", at: path)
    }
  }
}
