import Glibc
import Synchronization

/// The files that this session has read data from, for a report to list: which are observed, which made up.
public enum SessionInputs {
  public struct Input: Sendable {
    public let path: String
    /// Whether the file or a folder above it says that it is made up, by a mark that is known.
    public let isSynthetic: Bool
    /// Of a folder: those of its files that were read, by path.
    public let files: [String]
  }

  /// What a file says of itself.
  private struct Note {
    /// Its title, and the first lines of the `README.txt` in the folders above it.
    var words: [String]
    var files: Set<String>
  }

  private static let state = Mutex((notes: [String: Note](), marks: Set<String>()))

  /// Makes a mark known: data are made up when their title, or the `README.txt` of their folder or of one of the two
  /// above, begins with it.
  public static func know(mark: String) { state.withLock { _ = $0.marks.insert(mark) } }

  /// Notes a file or folder of data as it is opened.
  ///
  /// - Parameters:
  ///   - title: what the file calls itself.
  ///   - files: of a folder, the paths of its files that are read.
  public static func note(_ path: String, title: String? = nil, files: [String] = []) {
    let isKnown = state.withLock { state in
      state.notes[path]?.files.formUnion(files)
      return state.notes[path] != nil
    }
    if isKnown { return }
    let note = Note(words: (title.map { [$0] } ?? []) + readmes(above: path), files: Set(files))
    state.withLock { $0.notes[path] = note }
  }

  /// In the order of their paths.
  public static var all: [Input] {
    let (notes, marks) = state.withLock { $0 }
    return notes.map { path, note in
      let isSynthetic = note.words.contains { words in marks.contains { words.hasPrefix($0) } }
      return Input(path: path, isSynthetic: isSynthetic, files: note.files.sorted())
    }.sorted { $0.path < $1.path }
  }

  /// The first lines of README.txt in the folder of a file, or in the folder itself, and in the two above.
  private static func readmes(above path: String) -> [String] {
    var lines: [String] = []
    var folder = Substring(path)
    for _ in 0..<3 {
      if let line = firstLine("\(folder)/README.txt") { lines.append(line) }
      guard let slash = folder.lastIndex(of: "/") else { return lines + [firstLine("README.txt")].compactMap { $0 } }
      folder = folder[..<slash]
    }
    return lines
  }

  private static func firstLine(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
