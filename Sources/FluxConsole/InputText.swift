import LuaRuntime

/// What an input asks for.
package enum InputText: Equatable {
  case nothing
  /// `:name argument`
  case command(name: String, argument: String)
  /// `?x`, `x?`; nothing for the overview.
  case help(String)
  /// `??words`: a search of all help texts.
  case search(String)
  case lua(String)

  package init(_ raw: String) {
    let text = Self.trimmed(Self.withoutPrompts(raw))
    guard let first = text.first else {
      self = .nothing
      return
    }
    let rest = Self.trimmed(String(text.dropFirst()))
    switch first {
    case ":" where rest.first?.isLetter ?? false:
      let name = rest.prefix { $0.isLetter || $0 == "_" }
      self = .command(name: String(name), argument: Self.trimmed(String(rest.dropFirst(name.count))))
    case "?":
      self = rest.first == "?" ? .search(Self.trimmed(String(rest.dropFirst()))) : .help(rest)
    case "=" where text.dropFirst().first != "=":  // the habit of Lua 5.1
      self = .lua("return " + rest)
    default:
      let isName = text.allSatisfy { $0.isLetter || $0.isNumber || "_.:?".contains($0) }
      self = isName && text.last == "?" ? .help(String(text.dropLast())) : .lua(text)
    }
  }

  /// An input copied with its prompts, `3> x = 1` and `>> end`, without them.
  private static func withoutPrompts(_ text: String) -> String {
    func prompt(_ line: Substring) -> Substring? {
      let rest = line.drop { $0.isNumber }
      guard rest.first == ">" else { return nil }
      let code = rest.drop { $0 == ">" }
      return code.first == " " ? code.dropFirst() : code
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first, prompt(first) != nil else { return text }
    return lines.map { prompt($0) ?? $0 }.joined(separator: "\n")
  }

  package static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first?.isWhitespace ?? false { text.removeFirst() }
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return String(text)
  }
}
