import FluxCore
internal import CLua

/// What happens when a script asks an object for something that is not a
/// declared name: a number, a list, or a slip of the finger.
enum LuaOther {
  static func getter(_ type: AnyLuaType) -> LuaEntry {
    entry(type, .index) { call in
      let name = call.stack.string(at: 2)
      let members = type.declarations.filter(\.isNamed).map(\.name)
      throw FluxError(
        "\(type.name) has no member '\(name)'\(NearestName.hint(name, among: members))", at: "\(type.name).\(name)",
        remedy: hidden(name, call.session) ?? "help(object) lists its members.")
    }
  }

  /// After `model = model.mlp{…}`, what `model.mlp` was meant to be.
  private static func hidden(_ name: String, _ session: LuaSession) -> String? {
    let owner = session.modules.first { module in
      session.warnedGlobals.contains(module.name) && module.declarations.contains { $0.name == name && $0.kind == .function }
    }
    return owner.map { "'\($0.name)' hides the library's: flux.\($0.name).\(name) still works, \(session.restoreAdvice($0.name)) brings it back." }
  }

  static func setter(_ type: AnyLuaType) -> LuaEntry {
    entry(type, .setIndex) { call in
      let name = call.stack.string(at: 2)
      let settable = type.setters.keys.sorted()
      if type.declarations.contains(where: { $0.isNamed && $0.name == name }) {
        throw FluxError(
          "'\(name)' cannot be assigned", at: "\(type.name).\(name)",
          remedy: settable.isEmpty ? nil : "Assignable: \(settable.joined(separator: ", ")).")
      }
      throw FluxError(
        "\(type.name) has no member '\(name)'\(NearestName.hint(name, among: settable))", at: "\(type.name).\(name)",
        remedy: settable.isEmpty ? "Nothing can be assigned to a \(type.name) by name." : "Assignable: \(settable.joined(separator: ", ")).")
    }
  }

  private static func entry(
    _ type: AnyLuaType, _ kind: LuaDeclaration.Kind, unknownName: @escaping LuaBody
  ) -> LuaEntry {
    let declared = zip(type.members, type.entries).first { $0.0.declaration.kind == kind }
    let takesNames = declared?.0.declaration.signature.parameters.first?.type.contains("string") ?? false
    let verb = kind == .index ? "indexed" : "assigned"
    return LuaEntry(
      place: declared?.1.place ?? "\(type.name)[…]",
      declaration: declared?.0.declaration ?? LuaDeclaration(kind: kind, name: "[]", signatureText: "()", summary: ""),
      offset: 1, owner: type.number
    ) { call in
      let isName = lua_type(call.stack.state, 2) == LUA_TSTRING
      if isName, !takesNames { return try unknownName(call) }
      if let declared { return try declared.0.body(call) }
      throw FluxError("a \(type.name) cannot be \(verb) by \(call.stack.describe(2))", at: "\(type.name)[…]")
    }
  }
}

extension LuaDeclaration {
  /// Whether a script reaches it by its name: not operators and indexing.
  public var isNamed: Bool {
    switch kind {
    case .property, .method, .function, .value: true
    case .operator, .call, .index, .setIndex: false
    }
  }
}
