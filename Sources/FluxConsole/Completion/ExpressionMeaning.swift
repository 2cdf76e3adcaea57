import FluxLua
import LuaRuntime

/// What an expression in an unfinished input stands for, found without running
/// it: from the globals, and from the declared results of what it calls.
enum ExpressionMeaning {
  case module(LuaModule)
  case type(AnyLuaType)
  case function(LuaDeclaration)
  /// A list of objects of this LuaCATS type.
  case list(String)
  /// A value that exists: a table, a string, a Lua function.
  case value(LuaValue)

  /// The names that may follow a dot or a colon.
  func members(_ session: LuaSession, methods: Bool) -> [String] {
    switch self {
    case .module(let module): return module.declarations.filter(\.isNamed).map(\.name)
    case .type(let type): return type.declarations.filter { methods ? $0.kind == .method : $0.isNamed }.map(\.name)
    case .value(let value):
      if value.string != nil { return session.withTable(session.lookup(["string"])) { $0.names } ?? [] }
      return session.withTable(value) { $0.names } ?? []
    case .function, .list: return []
    }
  }
}

/// The chain of names, calls and indices that ends before a token.
struct ExpressionChain {
  enum Step: Equatable { case member(String), call, index }

  let root: String
  private(set) var steps: [Step] = []

  /// The names alone when there are no calls: `c`, `flux.model`.
  var path: [String]? {
    var path = [root]
    for step in steps {
      guard case .member(let name) = step else { return nil }
      path.append(name)
    }
    return path
  }

  /// - Returns: nil when no such chain ends there.
  init?(_ tokens: [LuaTokens.Token], endingBefore end: Int) {
    var i = end - 1, reversed: [Step] = []
    while i >= 0 {
      let token = tokens[i]
      switch (token.kind, token.text) {
      case (.name, _):
        guard i > 0, [".", ":"].contains(tokens[i - 1].text) else {
          root = token.text
          steps = reversed.reversed()
          return
        }
        reversed.append(.member(token.text))
        i -= 2
      case (.symbol, ")"), (.symbol, "}"), (.symbol, "]"):
        guard let open = Self.opening(tokens, closing: i) else { return nil }
        if token.text == ")", !Self.isCallee(tokens, endingBefore: open) {
          // In parentheses, as `(a - b)`: most likely of the last operand's kind.
          guard let inner = ExpressionChain(tokens, endingBefore: i) else { return nil }
          root = inner.root
          steps = inner.steps + reversed.reversed()
          return
        }
        reversed.append(token.text == "]" ? .index : .call)
        i = open - 1
      case (.string(isOpen: false), _):
        reversed.append(.call)
        i -= 1
      default: return nil
      }
    }
    return nil
  }

  private static func opening(_ tokens: [LuaTokens.Token], closing: Int) -> Int? {
    var depth = 0
    for i in stride(from: closing, through: 0, by: -1) where tokens[i].kind == .symbol {
      if [")", "}", "]"].contains(tokens[i].text) { depth += 1 }
      if ["(", "{", "["].contains(tokens[i].text) { depth -= 1 }
      if depth == 0 { return i }
    }
    return nil
  }

  /// Whether what stands before a bracket can be called.
  static func isCallee(_ tokens: [LuaTokens.Token], endingBefore i: Int) -> Bool {
    guard i > 0 else { return false }
    return tokens[i - 1].kind == .name || tokens[i - 1].kind == .string(isOpen: false) || [")", "]", "}"].contains(tokens[i - 1].text)
  }

  func meaning(in session: LuaSession) -> ExpressionMeaning? {
    var path = [root], rest = steps[...]
    // As far as values exist they are looked at: `flux.model` is a field that nothing declares.
    while case .member(let name)? = rest.first, !session.lookup(path + [name]).isNil {
      path.append(name)
      rest = rest.dropFirst()
    }
    var meaning = Self.meaning(of: session.lookup(path), session)
    for step in rest {
      guard let before = meaning else { return nil }
      meaning = Self.after(step, before, session)
    }
    return meaning
  }

  static func meaning(of value: LuaValue, _ session: LuaSession) -> ExpressionMeaning? {
    if value.isNil { return nil }
    if let module = session.module(of: value) { return .module(module) }
    if let type = session.type(of: value) { return .type(type) }
    if let function = session.function(of: value) { return .function(function.declaration) }
    return .value(value)
  }

  private static func after(_ step: Step, _ meaning: ExpressionMeaning, _ session: LuaSession) -> ExpressionMeaning? {
    switch (step, meaning) {
    case (.member(let name), .module(let module)): return member(name, module.declarations)
    case (.member(let name), .type(let type)): return member(name, type.declarations)
    case (.member(let name), .value(let value)):
      return session.withTable(value) { view in (try? view.field(name, as: LuaValue.self)) ?? .nil }.flatMap { Self.meaning(of: $0, session) }
    case (.call, .function(let declaration)): return declaration.signature.results.first.flatMap { named($0.type) }
    case (.call, .module(let module)): return module.declarations.first { $0.kind == .call }.flatMap(result)
    case (.call, .type(let type)): return type.declarations.first { $0.kind == .call }.flatMap(result)
    case (.index, .type(let type)): return type.declarations.first { $0.kind == .index }.flatMap(result)
    case (.index, .list(let element)): return named(element)
    default: return nil
    }
  }

  private static func member(_ name: String, _ declarations: [LuaDeclaration]) -> ExpressionMeaning? {
    guard let declaration = declarations.first(where: { $0.isNamed && $0.name == name }) else { return nil }
    switch declaration.kind {
    case .method, .function: return .function(declaration)
    default: return named(declaration.signatureText)
    }
  }

  private static func result(_ declaration: LuaDeclaration) -> ExpressionMeaning? {
    declaration.signature.results.first.flatMap { named($0.type) }
  }

  /// `Tensor?`, `Cube|number`, `Model[]` as LuaCATS writes them.
  private static func named(_ type: String) -> ExpressionMeaning? {
    for part in type.split(separator: "|") {
      var name = part.filter { $0 != " " && $0 != "?" }
      if name.hasSuffix("[]") {
        name.removeLast(2)
        return .list(String(name))
      }
      if let found = FluxLibrary.types.first(where: { $0.name == name }) { return .type(found) }
    }
    return nil
  }
}
