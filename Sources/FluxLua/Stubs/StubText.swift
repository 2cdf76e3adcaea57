import LuaRuntime

/// The text of a stub file, in the annotations of LuaLS (LuaCATS).
///
/// A table of options becomes a class of its own, `---@class bridge.regional.options`, so that an
/// editor completes and explains each option.
enum StubText {
  /// - Parameters:
  ///   - types: those that no earlier file has defined.
  ///   - modules: names of the modules that are fields of this one: `flux.tensor`.
  static func module(_ module: LuaModule, types: [AnyLuaType], fields modules: [String] = []) -> String {
    let functions = module.declarations.filter { $0.kind == .function }
    let globals = module.name.isEmpty ? functions.map(\.name) : [module.name]
    var text = header(module, globals)
    for type in types { text += "\n" + Self.type(type) }
    guard !module.name.isEmpty else {
      return text + functions.map { "\n" + function($0, named: $0.name, options: $0.name) }.joined()
    }
    let calls = module.declarations.filter { $0.kind == .call }
    for call in calls { text += StubSignature.classes(call.signature, named: "\(module.name).call", place: module.name) }
    text += "\n" + comment(module.summary) + "---@class \(module.name)lib\n"
    for value in module.declarations where value.kind == .value {
      text += field(value.name, value.signatureText, value.summary)
    }
    for name in modules { text += "---@field \(name) \(name)lib\n" }
    for call in calls {
      text += comment(call.summary) + "---@overload \(StubSignature.functionType(call.signature, options: "\(module.name).call"))\n"
    }
    text += "\(module.name) = {}\n"
    for declaration in functions {
      let name = "\(module.name).\(declaration.name)"
      text += "\n" + function(declaration, named: name, options: name)
    }
    return text
  }

  static func type(_ type: AnyLuaType) -> String {
    let classes = type.declarations.filter { $0.kind == .call }.map { StubSignature.classes($0.signature, named: "\(type.name).call", place: type.name) }.joined()
    var text = (classes.isEmpty ? "" : classes.dropFirst() + "\n") + comment(type.summary) + "---@class \(type.name)\n"
    for declaration in type.declarations {
      switch declaration.kind {
      case .property: text += field(declaration.name, declaration.signatureText, declaration.summary)
      case .operator(let symbol): text += operators(symbol, declaration.signature)
      case .call:
        let signature = StubSignature.functionType(declaration.signature, options: "\(type.name).call")
        text += comment(declaration.summary) + "---@overload \(signature)\n"
      case .index:
        let signature = declaration.signature
        text += field("[\(signature.parameters.first?.type ?? "integer")]", signature.results.first?.type ?? "any", declaration.summary)
      default: break
      }
    }
    text += "local \(type.name) = {}\n"
    for declaration in type.declarations where declaration.kind == .method {
      text += "\n" + function(declaration, named: "\(type.name):\(declaration.name)", options: "\(type.name).\(declaration.name)")
    }
    return text
  }

  /// What a linter must know of a file that only describes: its globals are set on purpose, its functions do nothing.
  private static func header(_ module: LuaModule, _ globals: [String]) -> String {
    """
    ---@meta
    -- Fluxbridge \(FluxVersion.text), written by `fluxbridge stubs` for an editor; never run.
    -- luacheck: globals \(globals.joined(separator: " "))
    -- luacheck: no unused args, no self, ignore 241

    """
  }

  /// `---@operator add(number): Tensor`, once for each kind of the other operand.
  private static func operators(_ symbol: LuaOperator, _ signature: LuaSignature) -> String {
    guard let name = symbol.stubName, let result = signature.results.first?.type else { return "" }
    guard signature.parameters.count > 1 else { return "---@operator \(name): \(result)\n" }
    return signature.parameters[1].type.split(separator: "|").map { "---@operator \(name)(\($0)): \(result)\n" }.joined()
  }

  private static func function(_ declaration: LuaDeclaration, named name: String, options: String) -> String {
    let signature = declaration.signature
    let classes = StubSignature.classes(signature, named: options, place: name)
    var text = (classes.isEmpty ? "" : classes.dropFirst() + "\n") + comment(declaration.summary)
    if let example = declaration.example {
      text += "---```lua\n" + example.split(separator: "\n", omittingEmptySubsequences: false).map { "---\($0)\n" }.joined() + "---```\n"
    }
    text += StubSignature.tags(signature, options: options)
    return text + "function \(name)(\(signature.parameters.map(\.name).joined(separator: ", "))) end\n"
  }

  /// `---@field name type summary`; a long summary stands above.
  static func field(_ name: String, _ type: String, _ summary: String) -> String {
    var line = "---@field \(name) \(type) \(summary)"
    while line.last == " " { line.removeLast() }
    return line.count < width ? line + "\n" : comment(summary) + "---@field \(name) \(type)\n"
  }

  /// Luacheck's limit is 120 characters.
  private static let width = 118

  /// A sentence as comment lines.
  static func comment(_ text: String) -> String {
    var lines: [String] = [], line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + word.count + 4 > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).map { "---\($0)\n" }.joined()
  }
}
