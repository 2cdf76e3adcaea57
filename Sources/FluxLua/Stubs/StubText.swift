import LuaRuntime

/// The text of a stub file, in the annotations of LuaLS (LuaCATS).
enum StubText {
  static func module(_ module: LuaModule, types: [AnyLuaType]) -> String {
    var text = "---@meta\n\n"
    for type in types { text += Self.type(type) + "\n" }
    guard !module.name.isEmpty else {
      return text + module.declarations.map { function($0, named: $0.name) }.joined(separator: "\n")
    }
    text += "---\(module.summary)\n"
    text += "---@class \(module.name)lib\n"
    for value in module.declarations where value.kind == .value {
      text += "---@field \(value.name) \(value.signatureText) \(value.summary)\n"
    }
    for call in module.declarations where call.kind == .call {
      text += "---@overload \(functionType(call.signature))\n"
    }
    text += "\(module.name) = {}\n"
    for declaration in module.declarations where declaration.kind == .function {
      text += "\n" + function(declaration, named: "\(module.name).\(declaration.name)")
    }
    return text
  }

  static func type(_ type: AnyLuaType) -> String {
    var text = "---\(type.summary)\n---@class \(type.name)\n"
    for declaration in type.declarations {
      switch declaration.kind {
      case .property: text += "---@field \(declaration.name) \(declaration.signatureText) \(declaration.summary)\n"
      case .operator(let symbol): text += operators(symbol, declaration.signature, of: type.name)
      case .call: text += "---@overload \(functionType(declaration.signature))\n"
      case .index:
        let signature = declaration.signature
        text += "---@field [\(signature.parameters.first.map(typeText) ?? "integer")] \(signature.results.first.map(typeText) ?? "any")\n"
      default: break
      }
    }
    text += "local \(type.name) = {}\n"
    for declaration in type.declarations where declaration.kind == .method {
      text += "\n" + function(declaration, named: "\(type.name):\(declaration.name)")
    }
    return text
  }

  /// `---@operator add(number): Tensor`, once for each kind of the other operand.
  private static func operators(_ symbol: LuaOperator, _ signature: LuaSignature, of type: String) -> String {
    guard let name = symbol.stubName, let result = signature.results.first.map(typeText) else { return "" }
    guard signature.parameters.count > 1 else { return "---@operator \(name): \(result)\n" }
    return signature.parameters[1].type.split(separator: "|").map { "---@operator \(name)(\($0)): \(result)\n" }.joined()
  }

  private static func function(_ declaration: LuaDeclaration, named name: String) -> String {
    let signature = declaration.signature
    var text = "---\(declaration.summary)\n"
    for parameter in signature.parameters {
      let mark = parameter.isOptional && parameter.name != "..." ? "?" : ""
      text += "---@param \(parameter.name)\(mark) \(typeText(parameter))\(parameter.defaultText.map { " default \($0)" } ?? "")\n"
    }
    for result in signature.results {
      text += "---@return \(typeText(result))\(result.name.isEmpty ? "" : " \(result.name)")\n"
    }
    return text + "function \(name)(\(signature.parameters.map(\.name).joined(separator: ", "))) end\n"
  }

  private static func functionType(_ signature: LuaSignature) -> String {
    let parameters = signature.parameters.map { "\($0.name)\($0.isOptional && $0.name != "..." ? "?" : ""): \(typeText($0))" }
    let results = signature.results.map(typeText).joined(separator: ", ")
    return "fun(\(parameters.joined(separator: ", ")))" + (results.isEmpty ? "" : ": \(results)")
  }

  /// A type, with options spelt out: `{ unit?: string, norm?: number }`.
  private static func typeText(_ parameter: LuaSignature.Parameter) -> String {
    guard let fields = parameter.fields else { return parameter.type }
    let texts = fields.map { "\($0.name)\($0.isOptional ? "?" : ""): \(typeText($0))" }
    return "{ \(texts.joined(separator: ", ")) }"
  }
}
