import LuaRuntime

/// Where in a call the cursor stands: which function, which parameter.
struct CallPosition {
  let declaration: LuaDeclaration
  /// The parameter, or the option inside a table of options.
  let parameter: LuaSignature.Parameter
  /// What the method is called on, when it is a plain name.
  let receiver: LuaValue
  /// The tokens of the call's first argument, when it is one string.
  let firstString: LuaTokens.Token?
  /// The options that may be named here: the cursor stands at a name's place.
  let options: [LuaSignature.Parameter]?

  /// - Parameter end: the index of the token that is being typed; the tokens before it count.
  init?(_ tokens: [LuaTokens.Token], before end: Int, _ session: LuaSession) {
    var brackets: [Int] = []
    for i in 0..<end where tokens[i].kind == .symbol {
      if ["(", "{", "["].contains(tokens[i].text) { brackets.append(i) }
      if [")", "}", "]"].contains(tokens[i].text) { _ = brackets.popLast() }
    }
    // From the innermost bracket outwards until one belongs to a call.
    var keys: [String?] = [], innermostTable: Int?, at = end
    while true {
      let open = brackets.popLast()
      if open.map({ tokens[$0].text }) ?? "(" != "{" || open.map({ Self.callee(tokens, endingBefore: $0, session) != nil }) ?? false {
        // A call: f( …, f{ …, or f"…
        let calleeEnd: Int
        var position = 0
        if let open {
          calleeEnd = open
          if tokens[open].text == "[" { return nil }
          if tokens[open].text == "{" {
            keys.append(Self.key(tokens, from: open, to: at))
            if innermostTable == nil { innermostTable = open }
          } else { position = Self.commas(tokens, from: open, to: at) }
        } else {
          guard keys.isEmpty, end > 0 else { return nil }
          calleeEnd = end
        }
        guard let (declaration, receiver) = Self.callee(tokens, endingBefore: calleeEnd, session) else { return nil }
        let parameters = declaration.signature.parameters
        guard parameters.indices.contains(position) else { return nil }
        var parameter = parameters[position]
        for (depth, key) in keys.reversed().enumerated() {
          if let key, let field = parameter.fields?.first(where: { $0.name == key }) { parameter = field } else if depth < keys.count - 1 { return nil }
        }
        self.declaration = declaration
        self.receiver = receiver
        self.parameter = parameter
        let first = open.map { $0 + 1 } ?? end
        firstString = first < end && tokens[first].kind == .string(isOpen: false) ? tokens[first] : nil
        if let table = innermostTable, table == Self.lastOpen(tokens, end), keys.first ?? nil == nil, Self.isNamePlace(tokens, end) {
          let given = Set(Self.names(tokens, from: table, to: end))
          options = parameter.fields?.filter { !$0.name.hasPrefix("[") && !given.contains($0.name) }
        } else {
          options = nil
        }
        return
      }
      guard let open else { return nil }
      keys.append(Self.key(tokens, from: open, to: at))
      if innermostTable == nil { innermostTable = open }
      at = open
    }
  }

  /// The function that is called before a bracket, and what it is called on.
  private static func callee(_ tokens: [LuaTokens.Token], endingBefore end: Int, _ session: LuaSession) -> (LuaDeclaration, LuaValue)? {
    guard ExpressionChain.isCallee(tokens, endingBefore: end), let chain = ExpressionChain(tokens, endingBefore: end) else { return nil }
    let receiver = chain.path.map { session.lookup(Array($0.dropLast())) } ?? .nil
    switch chain.meaning(in: session) {
    case .function(let declaration): return (declaration, receiver)
    case .module(let module): return module.declarations.first { $0.kind == .call }.map { ($0, .nil) }
    case .type(let type): return type.declarations.first { $0.kind == .call }.map { ($0, .nil) }
    default: return nil
    }
  }

  /// How many arguments stand before `end` in the bracket.
  private static func commas(_ tokens: [LuaTokens.Token], from open: Int, to end: Int) -> Int {
    var depth = 0, count = 0
    for token in tokens[(open + 1)..<end] {
      if ["(", "{", "["].contains(token.text) { depth += 1 }
      if [")", "}", "]"].contains(token.text) { depth -= 1 }
      if depth == 0, token.text == "," { count += 1 }
    }
    return count
  }

  /// The name whose value is being typed in a table: `norm` in `{unit = "K", norm = …`.
  private static func key(_ tokens: [LuaTokens.Token], from open: Int, to end: Int) -> String? {
    var depth = 0
    for i in stride(from: end - 1, to: open, by: -1) {
      if [")", "}", "]"].contains(tokens[i].text) { depth += 1 }
      if ["(", "{", "["].contains(tokens[i].text) { depth -= 1 }
      guard depth == 0 else { continue }
      if tokens[i].text == "," || tokens[i].text == ";" { return nil }
      if tokens[i].text == "=", i > 0, tokens[i - 1].kind == .name { return tokens[i - 1].text }
    }
    return nil
  }

  private static func names(_ tokens: [LuaTokens.Token], from open: Int, to end: Int) -> [String] {
    ((open + 1)..<max(open + 1, end)).filter { $0 + 1 < end && tokens[$0].kind == .name && tokens[$0 + 1].text == "=" }.map { tokens[$0].text }
  }

  private static func isNamePlace(_ tokens: [LuaTokens.Token], _ end: Int) -> Bool {
    end > 0 && ["{", ",", ";"].contains(tokens[end - 1].text)
  }

  private static func lastOpen(_ tokens: [LuaTokens.Token], _ end: Int) -> Int? {
    var brackets: [Int] = []
    for i in 0..<end where tokens[i].kind == .symbol {
      if ["(", "{", "["].contains(tokens[i].text) { brackets.append(i) }
      if [")", "}", "]"].contains(tokens[i].text) { _ = brackets.popLast() }
    }
    return brackets.last
  }
}
