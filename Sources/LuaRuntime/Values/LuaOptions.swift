import FluxCore
internal import CLua

/// A table of named options, as the signature declares them: `{sigma = 2, norm = 3}`.
///
/// An unknown name was refused already; a missing table is an empty one.
public struct LuaOptions {
  public let call: LuaCall
  private let index: Int32?

  init(_ call: LuaCall, at index: Int32?, _ position: Int) throws {
    self.call = call
    self.index = index
    guard let index else { return }
    let stack = call.stack
    let parameters = call.entry.signature.parameters
    // A table of options may stand in the place of what is left out before it: t:sort{descending = true}.
    let own = parameters.indices.contains(position - 1) ? parameters[position - 1] : nil
    let declared = own?.fields == nil ? parameters.first { $0.fields != nil } ?? own : own
    guard lua_type(stack.state, index) == LUA_TTABLE else {
      throw call.mismatch(position, declared?.name ?? "options", expected: "a table of options")
    }
    let names = (declared?.fields ?? []).map(\.name)
    if names.contains("[string]") && names.contains("[integer]") { return }
    let place = call.place
    try stack.forEachPair(of: index) { key, _ in
      if lua_type(stack.state, key) == LUA_TSTRING {
        let name = stack.string(at: key)
        if names.contains(name) || names.contains("[string]") { return }
        let valid = names.filter { !$0.hasPrefix("[") }
        throw FluxError(
          "unknown option '\(name)'\(NearestName.hint(name, among: valid))", at: place,
          remedy: valid.isEmpty ? "It takes no named options." : "Valid: \(valid.joined(separator: ", ")).")
      }
      var exact: Int32 = 0
      let item = lua_tointegerx(stack.state, key, &exact)
      if exact != 0, names.contains("[integer]") || names.contains("[\(item)]") { return }
      let came = exact != 0 ? "an item [\(item)] without a name" : "a key that is \(stack.describe(key))"
      throw FluxError(
        "the table of options has \(came)", at: place, expected: "name = value",
        remedy: "Valid: \(names.joined(separator: ", ")).")
    }
  }

  /// Whether the option is given (`false` counts as given).
  public func has(_ name: String) -> Bool {
    guard push(name) else { return false }
    defer { call.stack.pop() }
    return lua_type(call.stack.state, -1) != LUA_TNIL
  }

  /// The option, or nil when it is not given.
  public func value<V: LuaReadable>(_ name: String, as type: V.Type = V.self) throws -> V? {
    guard push(name) else { return nil }
    return try take("option '\(name)'")
  }

  public func value<V: LuaReadable>(_ name: String, default value: V) throws -> V {
    try self.value(name) ?? value
  }

  /// The option when it is of this kind, otherwise nil: for options of several kinds.
  public func value<V: LuaReadable>(_ name: String, if type: V.Type) -> V? {
    guard push(name) else { return nil }
    return try? take("")
  }

  /// - Throws: ``FluxError`` when the option is missing.
  public func required<V: LuaReadable>(_ name: String, as type: V.Type = V.self) throws -> V {
    guard let value: V = try value(name) else {
      throw FluxError(
        "option '\(name)' is missing", at: call.place, expected: V.luaExpectation,
        remedy: "Write \(name) = … in the table.")
    }
    return value
  }

  /// The unnamed item at `position`, counted from 1: `{"a", b = 1}` has `"a"`.
  public func item<V: LuaReadable>(_ position: Int, as type: V.Type = V.self) throws -> V? {
    guard let index else { return nil }
    call.stack.reserve(1)
    lua_rawgeti(call.stack.state, index, lua_Integer(position))
    return try take("item \(position)")
  }

  /// Lua's name of an option's type: `number`, `table`, `Tensor`; `nil` when missing.
  public func typeName(_ name: String) -> String {
    guard push(name) else { return "nil" }
    defer { call.stack.pop() }
    return call.stack.typeName(call.stack.top)
  }

  /// An error about an option, in the manner of all others.
  public func mismatch(_ name: String, _ came: String, expected: String, remedy: String? = nil) -> FluxError {
    FluxError("option '\(name)' is \(came)", at: call.place, expected: expected, remedy: remedy)
  }

  /// The names in an option that is a table of them, in no order.
  public func tableNames(_ name: String) throws -> [String] {
    guard push(name) else { throw mismatch(name, "missing", expected: "a table of names") }
    defer { call.stack.pop() }
    guard lua_type(call.stack.state, -1) == LUA_TTABLE else { throw mismatch(name, "a \(call.stack.typeName(call.stack.top))", expected: "a table of names") }
    return LuaTableView(stack: call.stack, index: call.stack.top).names
  }

  /// The same options with those of one entry of an option in their place: `variants = { huber = { epochs = 9 } }`.
  ///
  /// The new table stays on the stack until the call returns.
  ///
  /// - Throws: ``FluxError`` when the entry is no table, or has a name that is not allowed.
  public func overlaid(_ name: String, _ entry: String, allowed: [String]) throws -> LuaOptions {
    let stack = call.stack
    stack.reserve(8)
    lua_createtable(stack.state, 0, 32)
    let merged = stack.top
    if let index {
      stack.forEachPair(of: index) { key, value in
        lua_pushvalue(stack.state, key)
        lua_pushvalue(stack.state, value)
        lua_rawset(stack.state, merged)
      }
    }
    guard push(name) else { throw mismatch(name, "missing", expected: "a table of tables") }
    entry.push(onto: stack)
    lua_rawget(stack.state, -2)
    guard lua_type(stack.state, -1) == LUA_TTABLE else {
      throw mismatch(name, "a table whose '\(entry)' is a \(stack.typeName(stack.top))", expected: "a table of options")
    }
    try stack.forEachPair(of: stack.top) { key, value in
      guard lua_type(stack.state, key) == LUA_TSTRING, allowed.contains(stack.string(at: key)) else {
        let stray = stack.describe(key)
        throw FluxError("'\(entry)' sets \(stray)", at: call.place, expected: "one of \(allowed.joined(separator: ", "))")
      }
      lua_pushvalue(stack.state, key)
      lua_pushvalue(stack.state, value)
      lua_rawset(stack.state, merged)
    }
    lua_settop(stack.state, merged)
    return LuaOptions(call, merged: merged)
  }

  private init(_ call: LuaCall, merged index: Int32) {
    self.call = call
    self.index = index
  }

  private func push(_ name: String) -> Bool {
    guard let index else { return false }
    call.stack.reserve(2)
    name.push(onto: call.stack)
    lua_rawget(call.stack.state, index)
    return true
  }

  /// Reads the value on top and pops it.
  private func take<V: LuaReadable>(_ what: String) throws -> V? {
    let stack = call.stack
    defer { stack.pop() }
    if lua_type(stack.state, -1) == LUA_TNIL { return nil }
    do throws(LuaMismatch) {
      return try V.read(from: stack, at: stack.top)
    } catch {
      throw FluxError("\(what) is \(error.came)", at: call.place, expected: error.expected, remedy: error.remedy)
    }
  }
}
