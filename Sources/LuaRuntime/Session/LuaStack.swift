import FluxCore
internal import CLua
internal import CLuaShim

/// The interpreter's stack as conversions see it: the only door to the C API.
///
/// Calls Lua's functions that never raise freely, those that raise only for lack
/// of memory too (the shim's allocator does not fail under Swift), and all
/// others through the shim's protected calls.
public struct LuaStack {
  let state: OpaquePointer
  unowned(unsafe) public let session: LuaSession

  /// The number of values on the stack of the running function.
  public var top: Int32 { lua_gettop(state) }

  func pop(_ count: Int = 1) { fx_pop(state, Int32(count)) }

  /// Makes room for `count` more values; false beyond a million.
  ///
  /// Lua gives every function twenty slots at least. Whoever needs a number
  /// that a script chooses looks at the answer.
  @discardableResult
  func reserve(_ count: Int) -> Bool { lua_checkstack(state, Int32(clamping: count + 4)) != 0 }

  /// The bytes at `index` as text; bytes that are not UTF-8 are repaired.
  func string(at index: Int32) -> String {
    var length = 0
    guard let bytes = lua_tolstring(state, index, &length) else { return "" }
    return String(
      decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
  }

  /// Lua's own name of the kind of value: `nil`, `number`, `table`, or a type's name.
  public func typeName(_ index: Int32) -> String {
    if let type = session.exposedType(at: index, state) { return type.name }
    return String(cString: lua_typename(state, lua_type(state, index)))
  }

  /// With its article, for messages: `a string`, `a Tensor`, `nil`, `missing`.
  public func describe(_ index: Int32) -> String {
    let type = lua_type(state, index)
    if type == LUA_TNONE { return "missing" }
    if type == LUA_TNIL { return "nil" }
    let name = typeName(index)
    return ("aeiouAEIOU".contains(name.first ?? "x") ? "an " : "a ") + name
  }

  /// The Swift value of the living object at `index`, whatever its type; nil for anything else. For arguments that may be
  /// any conformer of a protocol.
  public func exposed(at index: Int32) -> Any? {
    session.exposedObject(at: index, state).map { type, payload in type.value(payload) }
  }

  public func mismatch(_ index: Int32, _ expected: String) -> LuaMismatch {
    LuaMismatch(came: describe(index), expected: expected)
  }

  /// A number as Lua prints it: `2.5`, `1e+20`, `3`.
  static func text(_ number: Double) -> String {
    if let whole = Int(exactly: number), abs(whole) < 1 << 53 { return String(whole) }
    return "\(number)"
  }

  /// Calls `body(key index, value index)` for each pair of the table at an absolute `index`.
  func forEachPair<E: Error>(of index: Int32, _ body: (Int32, Int32) throws(E) -> Void) throws(E) {
    reserve(4)
    let base = top
    lua_pushnil(state)
    while true {
      var more = false
      guard fx_next(state, index, &more) == LUA_OK, more else { break }
      do throws(E) {
        try body(base + 1, base + 2)
      } catch {
        lua_settop(state, base)
        throw error
      }
      lua_settop(state, base + 1)
    }
    lua_settop(state, base)
  }
}
