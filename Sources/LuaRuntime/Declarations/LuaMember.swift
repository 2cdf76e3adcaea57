/// One member of a ``LuaType``; see there for examples. Each may carry an example for the help text, see
/// ``LuaDeclaration/example``.
public struct LuaMember<T: LuaExposed>: Sendable {
  let parts: AnyLuaType.Parts

  static func raw(
    _ kind: LuaDeclaration.Kind, _ name: String, _ signature: String, _ summary: String,
    example: String? = nil, set: LuaBody? = nil, _ body: @escaping LuaBody
  ) -> LuaMember {
    let declaration = LuaDeclaration(kind: kind, name: name, signatureText: signature, summary: summary, example: example)
    return LuaMember(parts: .init(declaration: declaration, body: body, set: set))
  }

  /// A value read as `object.name`. `type` as LuaCATS writes it: `integer`, `string[]`, `Tensor?`.
  public static func property<R: LuaReturnable>(
    _ name: String, _ type: String, _ summary: String, example: String? = nil, _ get: @escaping @Sendable (T) throws -> R
  ) -> LuaMember {
    raw(.property(settable: false), name, type, summary, example: example) { call in
      try get(call.receiver(T.self)).pushResults(onto: call.stack)
    }
  }

  /// A value read as `object.name` and assigned by `object.name = value`.
  public static func property<R: LuaReturnable & LuaReadable>(
    _ name: String, _ type: String, _ summary: String, example: String? = nil,
    get: @escaping @Sendable (T) throws -> R, set: @escaping @Sendable (T, R) throws -> Void
  ) -> LuaMember {
    raw(
      .property(settable: true), name, type, summary, example: example,
      set: { call in
        try set(call.receiver(T.self), call.argument(1, name))
        return 0
      }
    ) { call in try get(call.receiver(T.self)).pushResults(onto: call.stack) }
  }

  /// A function called as `object:name(…)`.
  public static func method<R: LuaReturnable>(
    _ name: String, _ signature: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (T, LuaCall) throws -> R
  ) -> LuaMember {
    raw(.method, name, signature, summary, example: example) { call in
      try body(call.receiver(T.self), call).pushResults(onto: call.stack)
    }
  }

  /// A method without a result.
  public static func method(
    _ name: String, _ signature: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (T, LuaCall) throws -> Void
  ) -> LuaMember {
    raw(.method, name, signature, summary, example: example) { call in
      try body(call.receiver(T.self), call)
      return 0
    }
  }

  /// An operator. Both operands are arguments in their order, and either may be the object.
  public static func `operator`<R: LuaReturnable>(
    _ symbol: LuaOperator, _ signature: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (LuaCall) throws -> R
  ) -> LuaMember {
    raw(.operator(symbol), symbol.symbol, signature, summary, example: example) { call in try body(call).pushResults(onto: call.stack) }
  }

  /// `object(…)`.
  public static func call<R: LuaReturnable>(
    _ signature: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (T, LuaCall) throws -> R
  ) -> LuaMember {
    raw(.call, "()", signature, summary, example: example) { call in
      try body(call.receiver(T.self), call).pushResults(onto: call.stack)
    }
  }

  /// `object[key]` for keys that are not names of members. Names arrive too when
  /// the type of the first parameter mentions `string`.
  public static func index<R: LuaReturnable>(
    _ signature: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (T, LuaCall) throws -> R
  ) -> LuaMember {
    raw(.index, "[]", signature, summary, example: example) { call in
      try body(call.receiver(T.self), call).pushResults(onto: call.stack)
    }
  }

  /// `object[key] = value`: arguments 1 and 2.
  public static func setIndex(
    _ signature: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (T, LuaCall) throws -> Void
  ) -> LuaMember {
    raw(.setIndex, "[]", signature, summary, example: example) { call in
      try body(call.receiver(T.self), call)
      return 0
    }
  }
}
