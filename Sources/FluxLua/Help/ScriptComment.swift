import Glibc

/// What a script's author wrote above a function.
enum ScriptComment {
  /// The comment lines directly above a line of a file, and the line itself; nothing when it cannot be read.
  static func lines(before number: Int, in path: String) -> [String] {
    guard number >= 1, number < 1_000_000, let file = fopen(path, "re") else { return [] }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?, capacity = 0, comment: [String] = []
    defer { free(line) }
    for i in 1...number {
      let length = getline(&line, &capacity, file)
      guard length >= 0, let line else { return [] }
      var text = String(decoding: UnsafeRawBufferPointer(start: line, count: min(length, 1000)), as: UTF8.self)
      while text.last?.isNewline ?? false { text.removeLast() }
      if i == number { return comment + [text] }
      if text.drop(while: \.isWhitespace).hasPrefix("--") { comment.append(text) } else { comment = [] }
    }
    return []
  }
}
