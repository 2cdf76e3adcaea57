extension SwiftSource {
  /// A declaration, as the counts of the house see it.
  struct Declaration {
    /// `func`, `init`, `var`, `struct`, `case`, ….
    var kind: String
    /// The name after the kind; `init` for an initialiser.
    var name: String
    /// From 1.
    var line: Int
    /// Whether it says `public` or `open`, or is a requirement of a protocol that does.
    var isPublic: Bool
    /// Whether it says `throws` outside of its parameters.
    var isThrowing: Bool
    /// The lines of its documentation, empty where there is none.
    var documentation: [String]
    /// From its first line to the brace that ends its body; 0 without a body.
    var length: Int
  }

  private static let kinds: Set<String> = [
    "func", "init", "var", "let", "subscript", "struct", "class", "enum", "actor", "protocol", "typealias",
    "associatedtype",
  ]
  private static let modifiers: Set<String> = [
    "public", "open", "package", "internal", "fileprivate", "private", "static", "class", "final", "override",
    "mutating", "nonmutating", "nonisolated", "convenience", "required", "lazy", "weak", "unowned", "indirect",
    "prefix", "postfix", "infix", "dynamic", "async", "borrowing", "consuming",
  ]

  /// The declarations that begin a line of code. Attributes and modifiers may stand before the kind, and two
  /// declarations on one line count as the first.
  func declarations() -> [Declaration] {
    var found: [Declaration] = []
    var depth = 0
    // Depth inside the body of the public protocol that is open, if one is.
    var protocolDepth: Int?
    for (index, line) in code.enumerated() {
      if let open = protocolDepth, depth < open { protocolDepth = nil }
      if let (kind, name, isPublic) = Self.head(line) {
        let isRequirement = protocolDepth == depth
        let signature = signature(from: index)
        found.append(
          Declaration(
            kind: kind, name: name, line: index + 1, isPublic: isPublic || isRequirement,
            isThrowing: signature.isThrowing, documentation: documentation(above: index), length: signature.length))
        if kind == "protocol", isPublic { protocolDepth = depth + 1 }
      }
      for character in line.utf8 {
        if character == UInt8(ascii: "{") { depth += 1 }
        if character == UInt8(ascii: "}") { depth -= 1 }
      }
    }
    return found
  }

  /// The kind and name of the declaration that a line begins, or nil.
  private static func head(_ line: String) -> (kind: String, name: String, isPublic: Bool)? {
    var isPublic = false
    var rest = Substring(line).drop { $0 == " " }
    while let first = rest.first {
      if first == "@" {
        rest = afterParentheses(rest.dropFirst().drop { $0.isLetter || $0.isNumber || $0 == "_" })
      } else {
        let word = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        let after = rest.dropFirst(word.count)
        // `class func` is a modifier and a kind; `class Name` a kind.
        let next = String(after.drop { $0 == " " }.prefix { $0.isLetter })
        if kinds.contains(word), !(word == "class" && (kinds.contains(next) || modifiers.contains(next))) {
          let name = String(after.drop { $0 == " " || $0 == "`" }.prefix { !" `(<:=,[{?".contains($0) })
          return (word, word == "init" || word == "subscript" ? word : name, isPublic)
        }
        guard modifiers.contains(word) else { return nil }
        if (word == "public" || word == "open"), after.first != "(" { isPublic = true }
        rest = afterParentheses(after)
      }
      rest = rest.drop { $0 == " " }
    }
    return nil
  }

  /// The text after a group in parentheses, if it begins with one.
  private static func afterParentheses(_ text: Substring) -> Substring {
    guard text.first == "(" else { return text }
    var depth = 0
    for index in text.indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" { depth -= 1 }
      if depth == 0 { return text[text.index(after: index)...] }
    }
    return ""
  }

  /// The documentation that ends on the line before, attributes apart.
  private func documentation(above index: Int) -> [String] {
    var last = index
    while last > 0, code[last - 1].drop(while: { $0 == " " }).hasPrefix("@") { last -= 1 }
    var first = last
    while first > 0, lines[first - 1].drop(while: { $0 == " " }).hasPrefix("///") { first -= 1 }
    return Array(lines[first..<last])
  }

  /// Whether a declaration throws, and how long it is: its signature ends at the brace of its body, or where a line
  /// ends with all parentheses closed and the next begins with neither `throws`, `->`, `where` nor a brace.
  private func signature(from index: Int) -> (isThrowing: Bool, length: Int) {
    var open = 0
    var outer = ""
    for row in index..<code.count {
      for character in code[row] {
        if "([".contains(character) { open += 1 }
        if open == 0 {
          if character == "{" {
            let isThrowing = Self.says("throws", outer) || throwsInGetter(row)
            return (isThrowing, length(from: index, body: row))
          }
          if character == "}" || character == ";" { return (Self.says("throws", outer), 0) }
          outer.append(character)
        }
        if ")]".contains(character) { open -= 1 }
      }
      outer.append(" ")
      let next = row + 1 < code.count ? code[row + 1].drop { $0 == " " } : ""
      let goesOn = ["throws", "async", "->", "where", "{", "="].contains { next.hasPrefix($0) }
      if open == 0, !goesOn { break }
    }
    return (Self.says("throws", outer), 0)
  }

  /// Whether the body that begins on a line is that of a getter that throws.
  private func throwsInGetter(_ row: Int) -> Bool {
    let body = code[row...].prefix(2).joined(separator: " ")
    guard let brace = body.firstIndex(of: "{") else { return false }
    let words = body[brace...].dropFirst().drop { $0 == " " }
    return words.hasPrefix("get throws") || words.hasPrefix("get async throws")
  }

  /// The lines from a declaration's first to the brace that closes the body beginning on `row`.
  private func length(from index: Int, body row: Int) -> Int {
    var depth = 0
    var hasOpened = false
    for line in row..<code.count {
      for character in code[line].utf8 {
        if character == UInt8(ascii: "{") {
          depth += 1
          hasOpened = true
        }
        if character == UInt8(ascii: "}") { depth -= 1 }
        // Closures that are default values open and close before the body does.
        if hasOpened, depth == 0, line > row || code[line].hasSuffix("}") { return line - index + 1 }
      }
    }
    return code.count - index
  }

  /// Whether a word stands in a text by itself.
  static func says(_ word: String, _ text: String) -> Bool {
    text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.contains { $0 == word }
  }
}
