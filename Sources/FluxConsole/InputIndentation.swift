/// How deep the lines of an input stand, two columns a block.
package enum InputIndentation {
  /// The indentation of the last line, and of one that would follow.
  package static func of(_ text: String) -> (current: Int, next: Int) {
    let tokens = LuaTokens(text)
    let lastLine = (tokens.bytes.lastIndex(of: 10) ?? -1) + 1
    var depth = 0, current = 0, isLeading = true
    for token in tokens.all {
      if token.range.lowerBound >= lastLine, isLeading {
        isLeading = closes(token)
        current = depth - (isLeading ? 1 : 0)
      }
      if closes(token) { depth -= 1 }
      if opens(token) { depth += 1 }
      depth = max(0, depth)
    }
    if isLeading, !tokens.all.contains(where: { $0.range.lowerBound >= lastLine }) { current = depth }
    return (2 * max(0, current), 2 * depth)
  }

  private static func opens(_ token: LuaTokens.Token) -> Bool {
    switch token.kind {
    case .keyword: ["function", "do", "then", "repeat", "else"].contains(token.text)
    case .symbol: ["(", "{", "["].contains(token.text)
    default: false
    }
  }

  private static func closes(_ token: LuaTokens.Token) -> Bool {
    switch token.kind {
    // `elseif … then` and `else` close the block above them and open their own.
    case .keyword: ["end", "until", "else", "elseif"].contains(token.text)
    case .symbol: [")", "}", "]"].contains(token.text)
    default: false
    }
  }
}
