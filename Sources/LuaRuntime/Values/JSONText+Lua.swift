import FluxDocument
internal import CLua

/// Lua's values as JSON has them. A table with an item `[1]` is a list, any other an object whose names stand in the
/// order of their bytes: the same table always gives the same text. An empty table is an object; a whole number as a
/// key, such as a year, becomes a name. What JSON has no form for (functions, objects, a table that is both) is
/// refused with the way to it, for a table that loses fields in silence is found out too late.
///
/// The other way, `null` becomes nil: a field that is not there, a hole in a list.
extension JSONText: LuaConvertible, LuaReturnable {
  private static let mostDepth = 100

  public static var luaExpectation: String { "a number, string, boolean, nil, or a table of these" }

  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> JSONText {
    try read(from: stack, at: index, depth: 0)
  }

  private static func read(from stack: LuaStack, at index: Int32, depth: Int) throws(LuaMismatch) -> JSONText {
    switch lua_type(stack.state, index) {
    case LUA_TNONE, LUA_TNIL: return .null
    case LUA_TBOOLEAN: return .flag(lua_toboolean(stack.state, index) != 0)
    case LUA_TSTRING: return .text(stack.string(at: index))
    case LUA_TNUMBER:
      return lua_isinteger(stack.state, index) != 0
        ? .integer(Int(lua_tointegerx(stack.state, index, nil))) : .number(lua_tonumberx(stack.state, index, nil))
    case LUA_TTABLE:
      guard depth < mostDepth, stack.reserve(4) else {
        let came = "a table of more than \(mostDepth) levels"
        throw LuaMismatch(came: came, expected: luaExpectation, remedy: "Does a table hold itself?")
      }
      let items = try list(stack, index, depth)
      return items.isEmpty ? .object(try fields(stack, index, depth)) : .list(items)
    default:
      throw LuaMismatch(came: stack.describe(index), expected: luaExpectation)
    }
  }

  /// The items from `[1]` to the first that is nil; none when there is no `[1]`.
  private static func list(_ stack: LuaStack, _ index: Int32, _ depth: Int) throws(LuaMismatch) -> [JSONText] {
    var items: [JSONText] = []
    while lua_rawgeti(stack.state, index, lua_Integer(items.count + 1)) != LUA_TNIL {
      defer { stack.pop() }
      do throws(LuaMismatch) {
        items.append(try read(from: stack, at: stack.top, depth: depth + 1))
      } catch {
        throw within("a list whose item \(items.count + 1)", error)
      }
    }
    stack.pop()
    if items.isEmpty { return [] }
    try stack.forEachPair(of: index) { key, _ throws(LuaMismatch) in
      var isWhole: Int32 = 0
      let position = lua_tointegerx(stack.state, key, &isWhole)
      guard lua_type(stack.state, key) == LUA_TNUMBER, isWhole != 0, position >= 1, position <= items.count else {
        throw LuaMismatch(
          came: "a list of \(items.count) that also has \(name(stack, key).map { "'\($0)'" } ?? stack.describe(key))",
          expected: "a list without holes or names, or names alone")
      }
    }
    return items
  }

  private static func fields(
    _ stack: LuaStack, _ index: Int32, _ depth: Int
  ) throws(LuaMismatch) -> [(name: String, value: JSONText)] {
    var fields: [(name: String, value: JSONText)] = []
    try stack.forEachPair(of: index) { key, value throws(LuaMismatch) in
      guard let name = name(stack, key) else {
        throw LuaMismatch(came: "a table with a key that is \(stack.describe(key))", expected: "names as keys")
      }
      do throws(LuaMismatch) {
        fields.append((name, try read(from: stack, at: value, depth: depth + 1)))
      } catch {
        throw within("a table whose '\(name)'", error)
      }
    }
    return fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// A key as JSON has it; nil where it is neither text nor number.
  private static func name(_ stack: LuaStack, _ key: Int32) -> String? {
    switch lua_type(stack.state, key) {
    case LUA_TSTRING: stack.string(at: key)
    case LUA_TNUMBER: LuaStack.text(lua_tonumberx(stack.state, key, nil))
    default: nil
    }
  }

  /// The way to what was refused, while it is short.
  private static func within(_ what: String, _ error: LuaMismatch) -> LuaMismatch {
    LuaMismatch(
      came: error.came.count > 200 ? error.came : "\(what) is \(error.came)", expected: error.expected,
      remedy: error.remedy)
  }

  public func push(onto stack: LuaStack) {
    stack.reserve(3)
    switch self {
    case .null: lua_pushnil(stack.state)
    case .number(let x): x.push(onto: stack)
    case .integer(let n): n.push(onto: stack)
    case .text(let text): text.push(onto: stack)
    case .flag(let flag): flag.push(onto: stack)
    case .list(let items):
      lua_createtable(stack.state, Int32(clamping: items.count), 0)
      for (i, item) in items.enumerated() {
        item.push(onto: stack)
        lua_rawseti(stack.state, -2, lua_Integer(i + 1))
      }
    case .object(let fields):
      lua_createtable(stack.state, 0, Int32(clamping: fields.count))
      for field in fields {
        field.name.push(onto: stack)
        field.value.push(onto: stack)
        lua_rawset(stack.state, -3)
      }
    }
  }
}
