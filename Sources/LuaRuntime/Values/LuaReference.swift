internal import CLua
internal import CLuaShim

/// Keeps a Lua value alive for Swift. It may be dropped on any thread; it is
/// read and pushed only on the interpreter's.
public final class LuaReference: LuaConvertible, LuaReturnable, @unchecked Sendable {
  /// Objects that Lua owns may hold references, so these do not keep the interpreter alive.
  private let link: SessionLink
  private let key: Int32
  /// Lua's name of its type, `table`, `function`, `Tensor`.
  public let typeName: String

  init(_ stack: LuaStack, at index: Int32) {
    stack.session.releaseDropped()
    link = stack.session.link
    typeName = stack.typeName(index)
    stack.reserve(2)
    lua_pushvalue(stack.state, index)
    key = luaL_ref(stack.state, fx_registry_index())
  }

  deinit { link.drop(key) }

  public static var luaExpectation: String { "any value" }

  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaReference {
    LuaReference(stack, at: index)
  }

  public func push(onto stack: LuaStack) {
    stack.reserve(1)
    lua_rawgeti(stack.state, fx_registry_index(), lua_Integer(key))
  }

  /// As a Swift value; nil when it is of another kind.
  public func read<V: LuaReadable>(as type: V.Type = V.self) -> V? {
    owner.flatMap { LuaValue.object(self).read(in: $0) }
  }

  /// The session, while it lives.
  var owner: LuaSession? { link.session }
}
