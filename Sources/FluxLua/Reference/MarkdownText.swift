/// Pieces of Markdown in which no text of ours means more than it says.
enum MarkdownText {
  static func code(_ text: String) -> String { "`\(text)`" }

  /// Prose: the characters that Markdown or HTML would take for markup are escaped.
  static func plain(_ text: String) -> String {
    var out = ""
    for c in text {
      if "\\`*_<>[]#|".contains(c) { out.append("\\") }
      out.append(c)
    }
    return out
  }

  /// Prose in a table.
  static func cell(_ text: String) -> String { plain(text) }

  static func block(_ text: String, language: String) -> String {
    "```\(language)\n\(text)\n```\n"
  }

  /// A table, with an empty line before it. Code in a cell has its bars escaped, as GitHub's tables want them.
  static func table(_ head: [String], _ rows: [[String]]) -> String {
    let lines = [head, head.map { _ in "---" }] + rows.map { row in
      row.map { $0.hasPrefix("`") || $0.contains("</a>`") ? bars($0) : $0 }
    }
    return "\n" + lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  /// A type, each name that has a page as a link: `integer[]`, [`Tensor`](tensor.md#Tensor)`?`.
  static func type(_ text: String, _ pages: [String: String]) -> String {
    var out = "", word = "", plain = ""
    func flushPlain() {
      if !plain.isEmpty { out += code(bars(plain)) }
      plain = ""
    }
    func flushWord() {
      if let page = pages[word] {
        flushPlain()
        out += "[\(code(word))](\(page)#\(word))"
      } else {
        plain += word
      }
      word = ""
    }
    for c in text {
      if c.isLetter || c.isNumber { word.append(c) } else {
        flushWord()
        plain.append(c)
      }
    }
    flushWord()
    flushPlain()
    return out
  }

  private static func bars(_ text: String) -> String {
    var out = "", last: Character = " "
    for c in text {
      if c == "|", last != "\\" { out.append("\\") }
      out.append(c)
      last = c
    }
    return out
  }
}
