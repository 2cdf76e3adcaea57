/// A table of functions in Lua, such as `tensor` or `cube`; it may itself be called.
/// See ``LuaType`` for an example.
public final class LuaModule: Sendable {
  /// One member of a module.
  public struct Member: Sendable {
    let declaration: LuaDeclaration
    let body: LuaBody

    /// `module.name(…)`.
    public static func function<R: LuaReturnable>(
      _ name: String, _ signature: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (LuaCall) throws -> R
    ) -> Member {
      make(.function, name, signature, summary, example) { call in try body(call).pushResults(onto: call.stack) }
    }

    /// A function without a result.
    public static func function(
      _ name: String, _ signature: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (LuaCall) throws -> Void
    ) -> Member {
      make(.function, name, signature, summary, example) { call in
        try body(call)
        return 0
      }
    }

    /// `module(…)`, `module{…}`.
    public static func call<R: LuaReturnable>(
      _ signature: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (LuaCall) throws -> R
    ) -> Member {
      make(.call, "()", signature, summary, example) { call in try body(call).pushResults(onto: call.stack) }
    }

    /// A constant, made once a session: `flux.version`.
    public static func value<R: LuaReturnable>(
      _ name: String, _ type: String, _ summary: String, example: String? = nil, _ make: @escaping @Sendable (LuaSession) throws -> R
    ) -> Member {
      self.make(.value, name, type, summary, example) { call in try make(call.session).pushResults(onto: call.stack) }
    }

    private static func make(
      _ kind: LuaDeclaration.Kind, _ name: String, _ signature: String, _ summary: String, _ example: String?,
      _ body: @escaping LuaBody
    ) -> Member {
      Member(
        declaration: LuaDeclaration(kind: kind, name: name, signatureText: signature, summary: summary, example: example), body: body)
    }
  }

  public let name: String
  public let summary: String
  /// Types whose objects this module makes: for help, completion and stubs.
  public let types: [AnyLuaType]
  public var declarations: [LuaDeclaration] { entries.map(\.declaration) }
  let entries: [LuaEntry]

  public init(_ name: String, _ summary: String, types: [AnyLuaType] = [], _ members: [Member]) {
    self.name = name
    self.summary = summary
    self.types = types
    entries = members.map { member in
      let isCall = member.declaration.kind == .call
      return LuaEntry(
        place: isCall || name.isEmpty ? (isCall ? name : member.declaration.name) : "\(name).\(member.declaration.name)",
        declaration: member.declaration, offset: isCall ? 1 : 0, body: member.body)
    }
  }
}
