/// A Swift file with its comments and literals blanked, so that what is looked for is code.
struct SwiftSource: Sendable {
  let path: String
  /// The lines as they stand.
  let lines: [String]
  /// The same lines with comments and the insides of string literals as blanks. A character that is not ASCII
  /// counts as several blanks, one a byte.
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    code = Self.blanked(Array(text.utf8)).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// What the reader of the text is inside of.
  private enum Inside {
    /// Code; the parentheses that are open, for the code of an interpolation ends with its own.
    case code(open: Int)
    /// A string of so many `#`, of one line or many.
    case string(hashes: Int, isLong: Bool)
  }

  /// The text with comments and strings blanked; line ends stay.
  private static func blanked(_ text: [UInt8]) -> [UInt8] {
    var out = text
    var inside: [Inside] = [.code(open: 0)]
    var at = 0
    func follows(_ word: String, _ place: Int) -> Bool { text[place...].starts(with: word.utf8) }
    func blank(_ count: Int) {
      for place in at..<min(text.count, at + count) where text[place] != UInt8(ascii: "\n") {
        out[place] = UInt8(ascii: " ")
      }
      at += count
    }
    while at < text.count {
      switch inside[inside.count - 1] {
      case .code(let open):
        if follows("//", at) {
          blank((text[at...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count) - at)
        } else if follows("/*", at) {
          blank(commentLength(text, at))
        } else if let (hashes, isLong) = opening(text, at) {
          inside.append(.string(hashes: hashes, isLong: isLong))
          blank(hashes + (isLong ? 3 : 1))
        } else {
          if text[at] == UInt8(ascii: "(") { inside[inside.count - 1] = .code(open: open + 1) }
          if text[at] == UInt8(ascii: ")") {
            // The parenthesis that closes an interpolation is the string's.
            if open == 1, inside.count > 1 {
              inside.removeLast()
              blank(1)
              continue
            }
            inside[inside.count - 1] = .code(open: open - 1)
          }
          // What is interpolated is part of a literal.
          if inside.count > 1 { blank(1) } else { at += 1 }
        }
      case .string(let hashes, let isLong):
        let marks = String(repeating: "#", count: hashes)
        if follows("\\" + marks + "(", at) {
          blank(1 + hashes + 1)
          inside.append(.code(open: 1))
        } else if follows("\\" + marks, at) {
          blank(2 + hashes)
        } else if follows((isLong ? "\"\"\"" : "\"") + marks, at) {
          blank((isLong ? 3 : 1) + hashes)
          inside.removeLast()
        } else {
          blank(1)
        }
      }
    }
    return out
  }

  /// The number of `#` and the kind of a string that begins here, or nil.
  private static func opening(_ text: [UInt8], _ start: Int) -> (hashes: Int, isLong: Bool)? {
    let hashes = text[start...].prefix { $0 == UInt8(ascii: "#") }.count
    let rest = text[(start + hashes)...]
    guard rest.first == UInt8(ascii: "\"") else { return nil }
    return (hashes, rest.starts(with: "\"\"\"".utf8))
  }

  /// The length of the block comment that begins here; such comments nest.
  private static func commentLength(_ text: [UInt8], _ start: Int) -> Int {
    var depth = 0
    var place = start
    while place < text.count {
      if text[place...].starts(with: "/*".utf8) {
        depth += 1
        place += 2
      } else if text[place...].starts(with: "*/".utf8) {
        depth -= 1
        place += 2
        if depth == 0 { break }
      } else {
        place += 1
      }
    }
    return place - start
  }
}
