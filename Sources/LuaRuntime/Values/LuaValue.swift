internal import CLua

/// Any Lua value: what scripts return, and what a binding takes or gives when it does not care.
public enum LuaValue: LuaConvertible, LuaReturnable, Sendable {
  case `nil`
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  /// A table, function, coroutine or object.
  case object(LuaReference)

  public static var luaExpectation: String { "any value" }

  public func push(onto stack: LuaStack) {
    switch self {
    case .nil: lua_pushnil(stack.state)
    case .boolean(let value): value.push(onto: stack)
    case .integer(let value): value.push(onto: stack)
    case .number(let value): value.push(onto: stack)
    case .string(let value): value.push(onto: stack)
    case .object(let value): value.push(onto: stack)
    }
  }

  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaValue {
    switch lua_type(stack.state, index) {
    case LUA_TNONE, LUA_TNIL: .nil
    case LUA_TBOOLEAN: .boolean(lua_toboolean(stack.state, index) != 0)
    case LUA_TNUMBER:
      lua_isinteger(stack.state, index) != 0
        ? .integer(Int(lua_tointegerx(stack.state, index, nil))) : .number(lua_tonumberx(stack.state, index, nil))
    case LUA_TSTRING: .string(stack.string(at: index))
    default: .object(LuaReference(stack, at: index))
    }
  }

  /// As a Swift value; nil when it is of another kind.
  public func read<V: LuaReadable>(in session: LuaSession, as type: V.Type = V.self) -> V? {
    let stack = session.stack
    stack.reserve(1)
    push(onto: stack)
    defer { stack.pop() }
    return try? V.read(from: stack, at: stack.top)
  }

  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
  public var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
  public var reference: LuaReference? { if case .object(let value) = self { value } else { nil } }
  public var isNil: Bool { if case .nil = self { true } else { false } }
}
