/// A text cut into Lua's tokens, however unfinished it is. Positions are bytes.
package struct LuaTokens {
  package enum Kind: Equatable {
    case name, keyword, number, symbol
    /// Open when the text ends inside it.
    case string(isOpen: Bool)
    case comment(isOpen: Bool)
  }

  package struct Token {
    package let kind: Kind
    package let range: Range<Int>
    package let text: String
  }

  package let bytes: [UInt8]
  package private(set) var all: [Token] = []

  static let keywords: Set<String> = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil", "not",
    "or", "repeat", "return", "then", "true", "until", "while",
  ]

  package init(_ text: String) { self.init(Array(text.utf8)) }

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var i = 0
    while i < bytes.count {
      let start = i, c = bytes[i]
      let kind: Kind
      switch c {
      case 0x20, 0x09...0x0D:
        i += 1
        continue
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        let isOpen = skipQuoted(&i)
        kind = .string(isOpen: isOpen)
      case UInt8(ascii: "-") where byte(i + 1) == UInt8(ascii: "-"):
        i += 2
        if let isOpen = skipLong(&i) {
          kind = .comment(isOpen: isOpen)
        } else {
          while i < bytes.count, bytes[i] != 10 { i += 1 }
          kind = .comment(isOpen: i == bytes.count)
        }
      case UInt8(ascii: "["):
        if let isOpen = skipLong(&i) { kind = .string(isOpen: isOpen) } else {
          i += 1
          kind = .symbol
        }
      case _ where Self.isLetter(c):
        while i < bytes.count, Self.isLetter(bytes[i]) || Self.isDigit(bytes[i]) { i += 1 }
        kind = Self.keywords.contains(String(decoding: bytes[start..<i], as: UTF8.self)) ? .keyword : .name
      case _ where Self.isDigit(c):
        while i < bytes.count, Self.isLetter(bytes[i]) || Self.isDigit(bytes[i]) || bytes[i] == UInt8(ascii: ".") { i += 1 }
        kind = .number
      default:
        i += 1
        let pairs = ["==", "~=", "<=", ">=", "//", "::", "<<", ">>", ".."]
        if i < bytes.count, pairs.contains(String(decoding: bytes[start...i], as: UTF8.self)) { i += 1 }
        kind = .symbol
      }
      all.append(Token(kind: kind, range: start..<i, text: String(decoding: bytes[start..<i], as: UTF8.self)))
    }
  }

  static func isLetter(_ c: UInt8) -> Bool {
    (65...90).contains(c) || (97...122).contains(c) || c == UInt8(ascii: "_") || c >= 128
  }

  private static func isDigit(_ c: UInt8) -> Bool { (48...57).contains(c) }

  private func byte(_ i: Int) -> UInt8? { i < bytes.count ? bytes[i] : nil }

  /// Skips a string in quotes; says whether the text ends inside it.
  private func skipQuoted(_ i: inout Int) -> Bool {
    let quote = bytes[i]
    i += 1
    while i < bytes.count, bytes[i] != quote {
      if bytes[i] == 10 { return false }
      i += bytes[i] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard i < bytes.count else {
      i = bytes.count
      return true
    }
    i += 1
    return false
  }

  /// Skips `[[…]]`, `[==[…]==]`; nil when none begins here.
  private func skipLong(_ i: inout Int) -> Bool? {
    guard byte(i) == UInt8(ascii: "[") else { return nil }
    var j = i + 1
    while byte(j) == UInt8(ascii: "=") { j += 1 }
    guard byte(j) == UInt8(ascii: "[") else { return nil }
    let close = [UInt8(ascii: "]")] + [UInt8](repeating: UInt8(ascii: "="), count: j - i - 1) + [UInt8(ascii: "]")]
    j += 1
    while j + close.count <= bytes.count {
      if bytes[j] == close[0], Array(bytes[j..<(j + close.count)]) == close {
        i = j + close.count
        return false
      }
      j += 1
    }
    i = bytes.count
    return true
  }
}
