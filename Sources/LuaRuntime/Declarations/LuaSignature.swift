/// A signature text, taken apart: `(flux: Tensor, dim?: integer, {norm: number = 3}) -> Tensor, integer`.
///
/// - A parameter is `name: type`, `name?: type` (may be left out), `name: type = default`
///   (likewise), `...: type`, or a table of options `{…}`, whose fields are
///   written the same way; `options: {…}` names it.
/// - In a table of options, `[1]: type` is its first positional item, `[integer]: type`
///   any number of them, and `[string]: type` allows any name.
public struct LuaSignature: Sendable, Equatable {
  public struct Parameter: Sendable, Equatable {
    public let name: String
    public let type: String
    public let isOptional: Bool
    /// The default's text, as written.
    public let defaultText: String?
    /// The options, when it is a table of them.
    public let fields: [Parameter]?
  }

  public let parameters: [Parameter]
  /// The results: types, with an optional name before a colon.
  public let results: [Parameter]

  public init(_ text: String) {
    let text = Self.trim(text[...])
    guard text.first == "(" else {
      parameters = []
      results = [Parameter(name: "", type: String(text), isOptional: false, defaultText: nil, fields: nil)]
      return
    }
    let close = Self.closing(text)
    let inner = text[text.index(after: text.startIndex)..<close]
    parameters = Self.split(inner, at: ",").map(Self.parameter)
    let rest = Self.trim(text[close...].dropFirst())
    results = rest.hasPrefix("->") ? Self.split(rest.dropFirst(2), at: ",").map(Self.parameter) : []
  }

  private static func parameter(_ text: Substring) -> Parameter {
    var text = trim(text), name = "", defaultText: String?
    let sides = split(text, at: "=")
    if sides.count == 2 {
      text = trim(sides[0])
      defaultText = String(trim(sides[1]))
    }
    if text.first != "{" {
      let parts = split(text, at: ":")
      if parts.count >= 2 {
        name = String(trim(parts[0]))
        text = trim(text[parts[1].startIndex...])
      } else if text.hasPrefix("...") {
        name = "..."
        text = "any"
      }
    }
    var isOptional = defaultText != nil || name == "..."
    if name.hasSuffix("?") { name.removeLast(); isOptional = true }
    var fields: [Parameter]?
    if text.first == "{" {
      var table = text
      if table.last == "?" { table.removeLast(); isOptional = true }
      let parts = split(table.dropFirst().dropLast(), at: ",").map(parameter)
      if name.isEmpty { name = "options" }
      fields = parts
      if parts.allSatisfy(\.isOptional) { isOptional = true }
    } else if text.last == "?" {
      text.removeLast()
      isOptional = true
    }
    return Parameter(name: name, type: String(text), isOptional: isOptional, defaultText: defaultText, fields: fields)
  }

  /// Splits at a separator that stands outside brackets and quotes.
  private static func split(_ text: Substring, at separator: Character) -> [Substring] {
    var parts: [Substring] = [], depth = 0, quote: Character?, start = text.startIndex
    for i in text.indices {
      let c = text[i]
      if let open = quote { if c == open { quote = nil } } else if c == "\"" || c == "'" { quote = c }
      else if "([{<".contains(c) { depth += 1 } else if ")]}>".contains(c) { depth -= 1 }
      else if c == separator, depth == 0 {
        parts.append(text[start..<i])
        start = text.index(after: i)
      }
    }
    parts.append(text[start...])
    return parts.count == 1 && trim(parts[0]).isEmpty ? [] : parts
  }

  private static func closing(_ text: Substring) -> Substring.Index {
    var depth = 0
    for i in text.indices {
      if text[i] == "(" { depth += 1 }
      if text[i] == ")" { depth -= 1; if depth == 0 { return i } }
    }
    return text.endIndex
  }

  private static func trim(_ text: Substring) -> Substring {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }
}
