import FluxCore
import FluxDocument
internal import CLua
internal import CLuaShim

/// Looking at values without running anything of a script's: what completion,
/// the console's printing and its commands are made of.
extension LuaSession {
  /// Runs `body` with a table; nil when the value is none.
  public func withTable<R>(_ value: LuaValue, _ body: (LuaTableView) throws -> R) rethrows -> R? {
    let stack = stack
    stack.reserve(2)
    value.push(onto: stack)
    defer { stack.pop() }
    guard lua_type(stack.state, -1) == LUA_TTABLE else { return nil }
    return try body(LuaTableView(stack: stack, index: stack.top))
  }

  /// The value of `a.b.c`, read without metamethods except that the library stands behind the globals.
  public func lookup(_ path: [String]) -> LuaValue {
    guard let first = path.first else { return .nil }
    let stack = stack
    stack.reserve(4)
    let base = stack.top
    defer { lua_settop(stack.state, base) }
    fx_push_globals(stack.state)
    first.push(onto: stack)
    if lua_rawget(stack.state, -2) == LUA_TNIL, libraryKey != nil {
      pushLibrary(stack)
      first.push(onto: stack)
      lua_rawget(stack.state, -2)
    }
    for name in path.dropFirst() {
      guard lua_type(stack.state, -1) == LUA_TTABLE else { return .nil }
      name.push(onto: stack)
      lua_rawget(stack.state, -2)
    }
    return (try? LuaValue.read(from: stack, at: stack.top)) ?? .nil
  }

  /// The globals that scripts have set, the library's left out.
  public var scriptGlobals: [(name: String, value: LuaValue)] {
    let stack = stack
    stack.reserve(2)
    fx_push_globals(stack.state)
    defer { stack.pop() }
    let view = LuaTableView(stack: stack, index: stack.top)
    return view.names.sorted().map { ($0, (try? view.field($0, as: LuaValue.self)) ?? .nil) }
  }

  /// The names of the library's globals, hidden ones included.
  public var libraryNames: [String] {
    guard libraryKey != nil else { return [] }
    let stack = stack
    stack.reserve(2)
    pushLibrary(stack)
    defer { stack.pop() }
    return LuaTableView(stack: stack, index: stack.top).names
  }

  /// Lets the next assignment that hides this global of the library warn again.
  public func forgetWarning(_ name: String) { warnedGlobals.remove(name) }

  /// Where a Lua function is defined: the chunk's name and the first line; nil for C functions.
  public func definition(of value: LuaValue) -> (file: String, line: Int)? {
    guard let reference = value.reference, reference.typeName == "function" else { return nil }
    let stack = stack
    reference.push(onto: stack)
    var record = lua_Debug()
    guard lua_getinfo(stack.state, ">S", &record) != 0, record.linedefined > 0 || record.what.pointee == UInt8(ascii: "m") else { return nil }
    let name = withUnsafeBytes(of: record.short_src) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return (name, Int(record.linedefined))
  }

  /// Whether the library has a global of this name, hidden or not.
  public func isInLibrary(_ name: String) -> Bool {
    guard libraryKey != nil else { return false }
    let stack = stack
    stack.reserve(3)
    pushLibrary(stack)
    name.push(onto: stack)
    defer { stack.pop(2) }
    return lua_rawget(stack.state, -2) != LUA_TNIL
  }

  /// Whether the table or object has this metamethod.
  public func hasMetamethod(_ name: String, _ value: LuaValue) -> Bool {
    let stack = stack
    stack.reserve(3)
    value.push(onto: stack)
    defer { stack.pop() }
    guard luaL_getmetafield(stack.state, -1, name) != LUA_TNIL else { return false }
    stack.pop()
    return true
  }

  /// Bytes that an object of ours holds outside of Lua's sight; 0 for anything else.
  public func nativeBytes(of value: LuaValue) -> Int {
    guard let reference = value.reference else { return 0 }
    let stack = stack
    reference.push(onto: stack)
    defer { stack.pop() }
    return nativeBytes(at: stack.top, stack.state)
  }

  /// How a front end can show an object better than as text; empty for most values.
  ///
  /// - Throws: ``FluxError`` when a form cannot be made.
  public func richForms(of value: LuaValue) throws -> [RichForm] {
    guard let reference = value.reference else { return [] }
    let stack = stack
    reference.push(onto: stack)
    defer { stack.pop() }
    guard let (type, payload) = exposedObject(at: stack.top, stack.state) else { return [] }
    return try type.richForms(payload)
  }

  /// An address that is the same for the same table, function or object.
  public func identity(of value: LuaValue) -> UInt? {
    guard let reference = value.reference else { return nil }
    let stack = stack
    reference.push(onto: stack)
    defer { stack.pop() }
    return lua_topointer(stack.state, -1).map { UInt(bitPattern: $0) }
  }
}

extension LuaTableView {
  /// The first pairs in the table's own order, and how many there are in all.
  public func entries(limit: Int) -> (pairs: [(key: LuaValue, value: LuaValue)], count: Int) {
    var pairs: [(LuaValue, LuaValue)] = [], count = 0
    stack.forEachPair(of: index) { key, value in
      count += 1
      guard pairs.count < limit, let k = try? LuaValue.read(from: stack, at: key), let v = try? LuaValue.read(from: stack, at: value)
      else { return }
      pairs.append((k, v))
    }
    return (pairs, count)
  }
}
