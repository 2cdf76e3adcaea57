import FluxCore
internal import CLua
internal import CLuaShim

/// An object's userdata: this header, then the Swift value itself.
private struct ObjectHeader {
  var isAlive: Bool
  var byteCount: Int
  static let size = 16
}

/// Lua's collector calls this when an object dies.
func luaReleasePoint(_ state: OpaquePointer?, _ type: UnsafeMutableRawPointer?) -> Int32 {
  let state = state.unsafelyUnwrapped
  let session = Unmanaged<LuaSession>.fromOpaque(fx_session(state)).takeUnretainedValue()
  let type = Unmanaged<AnyLuaType>.fromOpaque(type.unsafelyUnwrapped).takeUnretainedValue()
  session.release(type, at: 1, state)
  return 0
}

extension LuaSession {
  /// Pushes a new object that holds `value`.
  func push<T: LuaExposed>(_ value: T, _ state: OpaquePointer) {
    lua_checkstack(state, 4)
    let type = T.luaType
    let key = metatableKey(of: type, state)
    let memory = lua_newuserdatauv(state, ObjectHeader.size + MemoryLayout<T>.size, 0).unsafelyUnwrapped
    let byteCount = value.nativeByteCount
    memory.initializeMemory(as: ObjectHeader.self, to: ObjectHeader(isAlive: true, byteCount: byteCount))
    (memory + ObjectHeader.size).initializeMemory(as: T.self, to: value)
    lua_rawgeti(state, fx_registry_index(), lua_Integer(key))
    lua_setmetatable(state, -2)
    // A Swift object and its storage cost some hundred bytes besides its numbers.
    fx_native_allocated(state, byteCount + 256)
  }

  /// Reads the object at `index`.
  func read<T: LuaExposed>(_: T.Type, at index: Int32, _ state: OpaquePointer) throws(LuaMismatch) -> T {
    if let value = LuaSession.object(T.self, number: T.luaType.number, at: index, state) { return value }
    if exposedType(at: index, state) === T.luaType {
      throw LuaMismatch(
        came: "a \(T.luaType.name) that has been freed", expected: T.luaExpectation,
        remedy: "It was given back by :free() or at the end of its <close> block.")
    }
    throw LuaStack(state: state, session: self).mismatch(index, T.luaExpectation)
  }

  /// The quick way, without touching the session: the living object at `index`
  /// when its type has this number. Every method call comes through here.
  static func object<T: LuaExposed>(_: T.Type, number: Int32, at index: Int32, _ state: OpaquePointer) -> T? {
    guard let memory = fx_object(state, index, number),
      memory.assumingMemoryBound(to: ObjectHeader.self).pointee.isAlive
    else { return nil }
    return (memory + ObjectHeader.size).assumingMemoryBound(to: T.self).pointee
  }

  /// Gives an object's value back; harmless when it was given back already.
  func release(_ type: AnyLuaType, at index: Int32, _ state: OpaquePointer) {
    guard let memory = fx_object(state, index, type.number) else { return }
    let header = memory.assumingMemoryBound(to: ObjectHeader.self)
    guard header.pointee.isAlive else { return }
    header.pointee.isAlive = false
    fx_native_freed(state, header.pointee.byteCount + 256)
    type.destroy(memory + ObjectHeader.size)
  }

  func nativeBytes(at index: Int32, _ state: OpaquePointer) -> Int {
    guard exposedObject(at: index, state) != nil, let memory = lua_touserdata(state, index) else { return 0 }
    return memory.assumingMemoryBound(to: ObjectHeader.self).pointee.byteCount
  }

  func free<T: LuaExposed>(_: T.Type, _ call: LuaCall) throws {
    guard exposedType(at: 1, call.stack.state) === T.luaType else { _ = try call.receiver(T.self); return }
    release(T.luaType, at: 1, call.stack.state)
  }

  /// The type of the object at `index`; nil when it is no object of ours.
  func exposedType(at index: Int32, _ state: OpaquePointer) -> AnyLuaType? {
    fx_metatable(state, index).flatMap { typesByMetatable[$0] }
  }

  /// The type and value of a living object.
  func exposedObject(at index: Int32, _ state: OpaquePointer) -> (AnyLuaType, UnsafeMutableRawPointer)? {
    guard let type = exposedType(at: index, state), let memory = lua_touserdata(state, index),
      memory.assumingMemoryBound(to: ObjectHeader.self).pointee.isAlive
    else { return nil }
    return (type, memory + ObjectHeader.size)
  }

  /// The registry key of a type's metatable, which is built when the first object is made.
  private func metatableKey(of type: AnyLuaType, _ state: OpaquePointer) -> Int32 {
    let number = Int(type.number)
    if number < metatableKeys.count, metatableKeys[number] != 0 { return metatableKeys[number] }
    return buildMetatable(type, state)
  }

  private func buildMetatable(_ type: AnyLuaType, _ state: OpaquePointer) -> Int32 {
    let stack = LuaStack(state: state, session: self)
    stack.reserve(12)
    lua_createtable(state, 0, Int32(type.entries.count))
    let members = stack.top
    lua_createtable(state, 0, Int32(type.setters.count))
    let setters = stack.top
    lua_createtable(state, 0, 16)
    let metatable = stack.top
    func setField(_ table: Int32, _ name: String, _ push: () -> Void) {
      name.push(onto: stack)
      push()
      lua_rawset(state, table)
    }
    for entry in type.entries {
      let name = entry.declaration.name
      switch entry.declaration.kind {
      case .property, .value: setField(members, name) { lua_pushlightuserdata(state, entry.pointer) }
      case .method, .function: setField(members, name) { fx_push_function(state, entry.pointer) }
      case .operator(let symbol): setField(metatable, symbol.rawValue) { fx_push_function(state, entry.pointer) }
      case .call: setField(metatable, "__call") { fx_push_function(state, entry.pointer) }
      case .index, .setIndex: break
      }
    }
    for (name, entry) in type.setters { setField(setters, name) { lua_pushlightuserdata(state, entry.pointer) } }
    setField(metatable, "__name") { type.name.push(onto: stack) }
    setField(metatable, "__metatable") { type.name.push(onto: stack) }
    let typePointer = Unmanaged.passUnretained(type).toOpaque()
    setField(metatable, "__gc") { fx_push_release(state, typePointer) }
    setField(metatable, "__close") { fx_push_release(state, typePointer) }
    setField(metatable, "__tostring") { fx_push_function(state, LuaSession.textEntry.pointer) }
    fx_finish_metatable(state, members, type.getOther.pointer, setters, type.setOther.pointer)
    // Without its number the type's objects are never recognised, but nothing breaks.
    _ = fx_set_type(state, type.number)
    typesByMetatable[UnsafeRawPointer(lua_topointer(state, metatable)!)] = type
    let key = luaL_ref(state, fx_registry_index())
    stack.pop(2)
    let number = Int(type.number)
    if metatableKeys.count <= number {
      metatableKeys += [Int32](repeating: 0, count: number + 1 - metatableKeys.count)
    }
    metatableKeys[number] = key
    return key
  }

  private static let textEntry = LuaEntry(
    place: "tostring",
    declaration: LuaDeclaration(kind: .function, name: "tostring", signatureText: "() -> string", summary: "its line"),
    offset: 0
  ) { call in
    let state = call.stack.state
    if let (type, payload) = call.session.exposedObject(at: 1, state) {
      return try type.text(payload, tree: false).pushResults(onto: call.stack)
    }
    return try "\(call.stack.typeName(1)) (freed)".pushResults(onto: call.stack)
  }
}
