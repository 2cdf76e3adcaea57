internal import CLua

/// A table for Lua, made of named fields and a list: `LuaTable(items: [1, 2], fields: ["unit": "K"])`.
public struct LuaTable: LuaPushable, LuaReturnable {
  public var items: [any LuaPushable]
  public var fields: [(name: String, value: any LuaPushable)]

  public init(items: [any LuaPushable] = [], fields: KeyValuePairs<String, any LuaPushable> = [:]) {
    self.items = items
    self.fields = fields.map { ($0.key, $0.value) }
  }

  public func push(onto stack: LuaStack) {
    stack.reserve(4)
    lua_createtable(stack.state, Int32(clamping: items.count), Int32(clamping: fields.count))
    for (i, item) in items.enumerated() {
      item.push(onto: stack)
      lua_rawseti(stack.state, -2, lua_Integer(i + 1))
    }
    for field in fields {
      field.name.push(onto: stack)
      field.value.push(onto: stack)
      lua_rawset(stack.state, -3)
    }
  }
}

/// A table for Lua with integer keys of any start, such as `arg`.
public struct LuaIndexedTable: LuaPushable, LuaReturnable {
  public let pairs: [(key: Int, value: any LuaPushable)]

  public init(_ pairs: [(Int, any LuaPushable)]) { self.pairs = pairs.map { (key: $0.0, value: $0.1) } }

  public func push(onto stack: LuaStack) {
    stack.reserve(4)
    lua_createtable(stack.state, Int32(clamping: pairs.count), 0)
    for pair in pairs {
      pair.value.push(onto: stack)
      lua_rawseti(stack.state, -2, lua_Integer(pair.key))
    }
  }
}
