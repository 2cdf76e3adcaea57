internal import CLuaShim

/// A Swift type whose values are objects in Lua.
///
/// See ``LuaType`` for how to declare its members.
public protocol LuaExposed: LuaConvertible, LuaReturnable {
  static var luaType: LuaType<Self> { get }
  /// One line, for `print(x)`. Default: the type's name, or Swift's `description`.
  var luaDescription: String { get }
  /// The short tree that the REPL shows. Default: `luaDescription`.
  var luaTree: String { get }
  /// Bytes that this handle keeps alive outside of Lua's sight. The collector
  /// works in proportion, and `:free()` and `<close>` give them back at once.
  var nativeByteCount: Int { get }
}

extension LuaExposed {
  public var luaDescription: String { Self.luaType.name }
  public var luaTree: String { luaDescription }
  public var nativeByteCount: Int { 0 }

  public static var luaExpectation: String {
    let name = luaType.name
    return ("AEIOU".contains(name.first ?? "x") ? "an " : "a ") + name
  }

  public func push(onto stack: LuaStack) { stack.session.push(self, stack.state) }

  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Self {
    try stack.session.read(Self.self, at: index, stack.state)
  }

  public static func mayRead(from stack: LuaStack, at index: Int32) -> Bool {
    fx_object(stack.state, index, luaType.number) != nil
  }
}

extension LuaExposed where Self: CustomStringConvertible {
  public var luaDescription: String { description }
}
