import Glibc
import Synchronization

/// The files that this session has read data from, for a report to list: which are observed, which made up.
public enum SessionInputs {
  /// How a synthetic Earth says what it is, in the title of its netCDF files and in its folder's `README.txt`.
  public static let syntheticMark = "Fluxbridge twin: a synthetic Earth, not observed"

  public struct Input: Sendable {
    public let path: String
    /// Whether the file or a folder above it says that it is made up.
    public let isSynthetic: Bool
    /// Of a folder: those of its files that were read, by path.
    public let files: [String]
  }

  private static let state = Mutex([String: (isSynthetic: Bool, files: Set<String>)]())

  /// Notes a file or folder of data as it is opened.
  ///
  /// - Parameters:
  ///   - title: what the file calls itself.
  ///   - files: of a folder, the paths of its files that are read.
  public static func note(_ path: String, title: String? = nil, files: [String] = []) {
    let isKnown = state.withLock { state in
      state[path]?.files.formUnion(files)
      return state[path] != nil
    }
    if isKnown { return }
    let isSynthetic = title?.hasPrefix(syntheticMark) == true || isMarked(path)
    state.withLock { $0[path] = (isSynthetic, Set(files)) }
  }

  /// In the order of their paths.
  public static var all: [Input] { state.withLock { $0.map { Input(path: $0.key, isSynthetic: $0.value.isSynthetic, files: $0.value.files.sorted()) } }.sorted { $0.path < $1.path } }

  /// Whether the folder of a file, or the one above that, has a README.txt that begins with the mark.
  private static func isMarked(_ path: String) -> Bool {
    var folder = Substring(path)
    for _ in 0..<3 {
      if beginsWithMark("\(folder)/README.txt") { return true }
      guard let slash = folder.lastIndex(of: "/") else { return beginsWithMark("README.txt") }
      folder = folder[..<slash]
    }
    return false
  }

  private static func beginsWithMark(_ path: String) -> Bool {
    guard let file = fopen(path, "r") else { return false }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return false }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).hasPrefix(syntheticMark)
  }
}
