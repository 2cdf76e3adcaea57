import LuaRuntime

/// A signature in the annotations of LuaCATS.
enum StubSignature {
  /// A class for each table of options, each after an empty line; empty without such tables.
  ///
  /// - Parameter name: of the function, `bridge.regional` or `Cube.sel`, to which `.options` is added.
  static func classes(_ signature: LuaSignature, named name: String, place: String) -> String {
    signature.parameters.map { parameter in
      guard let fields = parameter.fields else { return "" }
      let rows = fields.map { field in
        let mark = field.isOptional && !field.name.hasPrefix("[") ? "?" : ""
        let text = OptionGlossary.text(field.name, at: place).map { $0 + " " } ?? ""
        return StubText.field(field.name + mark, inline(field), text + (field.defaultText.map { "(default \($0))" } ?? ""))
      }
      return "\n---@class \(name).\(parameter.name)\n" + rows.joined()
    }.joined()
  }

  /// `---@param` and `---@return`, a line each.
  static func tags(_ signature: LuaSignature, options name: String) -> String {
    let parameters = signature.parameters.map { parameter in
      let mark = parameter.isOptional && parameter.name != "..." ? "?" : ""
      return "---@param \(parameter.name)\(mark) \(type(parameter, name))\(defaultText(parameter))\n"
    }
    let results = signature.results.map { "---@return \(inline($0))\($0.name.isEmpty ? "" : " \($0.name)")\n" }
    return (parameters + results).joined()
  }

  /// `fun(x: Tensor): Tensor`.
  static func functionType(_ signature: LuaSignature, options name: String) -> String {
    let parameters = signature.parameters.map { parameter in
      "\(parameter.name)\(parameter.isOptional && parameter.name != "..." ? "?" : ""): \(type(parameter, name))"
    }
    let results = signature.results.map(inline).joined(separator: ", ")
    return "fun(\(parameters.joined(separator: ", ")))" + (results.isEmpty ? "" : ": \(results)")
  }

  private static func type(_ parameter: LuaSignature.Parameter, _ name: String) -> String {
    parameter.fields == nil ? parameter.type : "\(name).\(parameter.name)"
  }

  private static func defaultText(_ parameter: LuaSignature.Parameter) -> String {
    parameter.defaultText.map { " default \($0)" } ?? ""
  }

  /// A type, with a table's fields spelt out: `{ unit?: string, norm?: number }`.
  private static func inline(_ parameter: LuaSignature.Parameter) -> String {
    guard let fields = parameter.fields else { return parameter.type }
    let texts = fields.map { "\($0.name)\($0.isOptional && !$0.name.hasPrefix("[") ? "?" : ""): \(inline($0))" }
    return "{ \(texts.joined(separator: ", ")) }"
  }
}
