import FluxConsole

/// The names that a cursor may mean: the dotted one that it touches, then those whose calls it stands in, innermost first.
enum InspectedName {
  /// - Parameter position: in bytes.
  static func candidates(_ code: String, at position: Int) -> [String] {
    let tokens = LuaTokens(code).all
    var found: [String] = []
    if let touched = tokens.lastIndex(where: { $0.kind == .name && $0.range.lowerBound <= position && $0.range.upperBound >= position }) {
      found.append(name(tokens, endingAt: touched))
    }
    var open: [Int] = []
    for (i, token) in tokens.enumerated() where token.kind == .symbol && token.range.upperBound <= position {
      if ["(", "{", "["].contains(token.text) { open.append(i) }
      if [")", "}", "]"].contains(token.text) { _ = open.popLast() }
    }
    for i in open.reversed() where i > 0 && tokens[i - 1].kind == .name { found.append(name(tokens, endingAt: i - 1)) }
    return found
  }

  /// `a.b:c` that ends in this token.
  private static func name(_ tokens: [LuaTokens.Token], endingAt end: Int) -> String {
    var start = end
    while start >= 2, [".", ":"].contains(tokens[start - 1].text), tokens[start - 2].kind == .name { start -= 2 }
    return tokens[start...end].map(\.text).joined()
  }
}
