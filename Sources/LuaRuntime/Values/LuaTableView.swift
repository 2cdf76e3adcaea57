internal import CLua
internal import CLuaShim

/// A Lua table on the stack, read in place: for nested lists and tables with any keys.
///
/// Valid during the call that gave it; read without metamethods.
public struct LuaTableView {
  let stack: LuaStack
  let index: Int32

  /// How many items the list part has (`#t`).
  public var count: Int { Int(fx_list_length(stack.state, index)) }

  /// Lua's name of the type of item `i`, counted from 1.
  public func typeName(at i: Int) -> String {
    stack.reserve(1)
    lua_rawgeti(stack.state, index, lua_Integer(i))
    defer { stack.pop() }
    return stack.typeName(stack.top)
  }

  /// Item `i`, counted from 1.
  public func item<V: LuaReadable>(_ i: Int, as type: V.Type = V.self) throws(LuaMismatch) -> V {
    stack.reserve(1)
    lua_rawgeti(stack.state, index, lua_Integer(i))
    defer { stack.pop() }
    return try V.read(from: stack, at: stack.top)
  }

  /// Runs `body` with item `i` as a table; nil when it is none.
  public func withTable<R>(at i: Int, _ body: (LuaTableView) throws -> R) rethrows -> R? {
    stack.reserve(2)
    lua_rawgeti(stack.state, index, lua_Integer(i))
    defer { stack.pop() }
    guard lua_type(stack.state, -1) == LUA_TTABLE else { return nil }
    return try body(LuaTableView(stack: stack, index: stack.top))
  }

  /// Copies the first items into `buffer` as numbers; how many were numbers
  /// before the first that was not.
  public func readNumbers(into buffer: UnsafeMutableBufferPointer<Double>) -> Int {
    Int(fx_read_numbers(stack.state, index, buffer.baseAddress, Int64(buffer.count)))
  }

  /// The names of the table's string keys, in no order.
  public var names: [String] {
    var names: [String] = []
    stack.forEachPair(of: index) { key, _ in
      if lua_type(stack.state, key) == LUA_TSTRING { names.append(stack.string(at: key)) }
    }
    return names
  }

  /// The value of a named field; nil when it is not there.
  public func field<V: LuaReadable>(_ name: String, as type: V.Type = V.self) throws(LuaMismatch) -> V? {
    stack.reserve(2)
    name.push(onto: stack)
    lua_rawget(stack.state, index)
    defer { stack.pop() }
    return try V?.read(from: stack, at: stack.top)
  }
}
