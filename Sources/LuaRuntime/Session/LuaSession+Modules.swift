import FluxCore
internal import CLua
internal import CLuaShim

/// Module tables live behind the globals, in a table of the library's own: so a
/// script that assigns `model = …` hides ours and loses nothing; setting the
/// global to nil again brings it back.
extension LuaSession {
  /// Makes a module's table a global, and a field of `flux`.
  public func install(_ module: LuaModule) {
    let stack = stack, state = stack.state
    stack.reserve(12)
    modules.append(module)
    pushLibrary(stack)
    let library = stack.top
    lua_createtable(state, 0, Int32(module.entries.count))
    let table = stack.top
    for entry in module.entries {
      switch entry.declaration.kind {
      case .call:
        lua_createtable(state, 0, 2)
        "__call".push(onto: stack)
        fx_push_function(state, entry.pointer)
        lua_rawset(state, -3)
        "__name".push(onto: stack)
        module.name.push(onto: stack)
        lua_rawset(state, -3)
        lua_setmetatable(state, table)
      case .value:
        entry.declaration.name.push(onto: stack)
        fx_push_function(state, entry.pointer)
        if fx_pcall(state, 0, 1) == LUA_OK { lua_rawset(state, table) } else { stack.pop(2) }
      default:
        entry.declaration.name.push(onto: stack)
        fx_push_function(state, entry.pointer)
        lua_rawset(state, table)
      }
    }
    if module.name.isEmpty {  // plain global functions, such as help
      copyFields(from: table, to: library, stack)
    } else {
      setField(library, module.name, table, stack)
      moduleTables[UnsafeRawPointer(lua_topointer(state, table)!)] = module
      "flux".push(onto: stack)
      if lua_rawget(state, library) == LUA_TTABLE, module.name != "flux" { setField(stack.top, module.name, table, stack) }
      stack.pop()
    }
    lua_settop(state, library - 1)
  }

  /// The module behind a table; nil when it is none of ours.
  public func module(of value: LuaValue) -> LuaModule? {
    guard let reference = value.reference else { return nil }
    let stack = stack
    reference.push(onto: stack)
    defer { stack.pop() }
    return lua_topointer(stack.state, -1).flatMap { moduleTables[UnsafeRawPointer($0)] }
  }

  /// The type of an object; nil when it is none of ours.
  public func type(of value: LuaValue) -> AnyLuaType? {
    guard let reference = value.reference else { return nil }
    let stack = stack
    reference.push(onto: stack)
    defer { stack.pop() }
    return exposedType(at: stack.top, stack.state)
  }

  /// The place and declaration of a function of ours: `tensor.zeros`.
  public func function(of value: LuaValue) -> (place: String, declaration: LuaDeclaration)? {
    guard let reference = value.reference else { return nil }
    let stack = stack
    reference.push(onto: stack)
    defer { stack.pop() }
    guard let pointer = fx_function_at(stack.state, stack.top) else { return nil }
    let entry = Unmanaged<LuaEntry>.fromOpaque(pointer).takeUnretainedValue()
    return (entry.place, entry.declaration)
  }

  /// The names of all globals, the library's included.
  public var globalNames: [String] {
    let stack = stack
    stack.reserve(4)
    fx_push_globals(stack.state)
    var names = LuaTableView(stack: stack, index: stack.top).names
    stack.pop()
    if libraryKey != nil {
      pushLibrary(stack)
      names += LuaTableView(stack: stack, index: stack.top).names
      stack.pop()
    }
    return Array(Set(names)).sorted()
  }

  /// What may follow `path.` or `path:`, found without running anything of a script's:
  /// the fields of tables, the declared members of objects.
  public func memberNames(of path: String, methods: Bool) -> [String] {
    let stack = stack
    stack.reserve(8)
    let base = stack.top
    defer { lua_settop(stack.state, base) }
    fx_push_globals(stack.state)
    for (i, name) in path.split(separator: ".").enumerated() {
      guard lua_type(stack.state, -1) == LUA_TTABLE else { return [] }
      String(name).push(onto: stack)
      if lua_rawget(stack.state, -2) == LUA_TNIL, i == 0 {
        pushLibrary(stack)
        String(name).push(onto: stack)
        lua_rawget(stack.state, -2)
      }
    }
    if let type = exposedType(at: stack.top, stack.state) {
      return type.declarations.filter { methods ? $0.kind == .method : $0.isNamed }.map(\.name).sorted()
    }
    guard lua_type(stack.state, -1) == LUA_TTABLE else { return [] }
    return LuaTableView(stack: stack, index: stack.top).names.sorted()
  }

  /// Makes reading a global that is not set an error.
  public func beStrict() {
    isStrict = true
    let stack = stack
    pushLibrary(stack)
    lua_createtable(stack.state, 0, 1)
    "__index".push(onto: stack)
    fx_push_function(stack.state, Self.strictEntry.pointer)
    lua_rawset(stack.state, -3)
    lua_setmetatable(stack.state, -2)
    stack.pop()
  }

  /// Pushes the library table; the first time, puts it behind the globals.
  func pushLibrary(_ stack: LuaStack) {
    let state = stack.state
    if let libraryKey {
      lua_rawgeti(state, fx_registry_index(), lua_Integer(libraryKey))
      return
    }
    lua_createtable(state, 0, 32)
    lua_pushvalue(state, -1)
    libraryKey = luaL_ref(state, fx_registry_index())
    let library = stack.top
    fx_push_globals(state)
    lua_createtable(state, 0, 3)
    let metatable = stack.top
    setField(metatable, "__index", library, stack)
    "__newindex".push(onto: stack)
    fx_push_function(state, Self.assignmentEntry.pointer)
    lua_rawset(state, metatable)
    lua_setmetatable(state, -2)
    stack.pop()
  }

  private func setField(_ table: Int32, _ name: String, _ value: Int32, _ stack: LuaStack) {
    name.push(onto: stack)
    lua_pushvalue(stack.state, value)
    lua_rawset(stack.state, table)
  }

  private func copyFields(from table: Int32, to target: Int32, _ stack: LuaStack) {
    stack.forEachPair(of: table) { key, value in
      lua_pushvalue(stack.state, key)
      lua_pushvalue(stack.state, value)
      lua_rawset(stack.state, target)
    }
  }

  /// A new global: sets it, and warns once when it hides one of ours.
  private static let assignmentEntry = LuaEntry(
    place: "_G", declaration: LuaDeclaration(kind: .setIndex, name: "_G", signatureText: "()", summary: ""), offset: 0
  ) { call in
    let session = call.session, stack = call.stack
    lua_settop(stack.state, 3)
    if lua_type(stack.state, 2) == LUA_TSTRING {
      let name = stack.string(at: 2)
      session.pushLibrary(stack)
      lua_pushvalue(stack.state, 2)
      let hides = lua_rawget(stack.state, -2) != LUA_TNIL
      lua_settop(stack.state, 3)
      if hides, session.warnedGlobals.insert(name).inserted {
        let detour = name == "flux" ? "" : "flux.\(name) still works, and "
        session.warn("'\(name)' now hides the library's \(name); \(detour)\(session.restoreAdvice(name)) brings it back")
      }
    } else if lua_type(stack.state, 2) == LUA_TNIL {
      throw FluxError("index is nil", at: "_G")
    }
    lua_rawset(stack.state, 1)
    return 0
  }

  private static let strictEntry = LuaEntry(
    place: "_G", declaration: LuaDeclaration(kind: .index, name: "_G", signatureText: "()", summary: ""), offset: 0
  ) { call in
    let name = call.stack.typeName(2) == "string" ? call.stack.string(at: 2) : "?"
    throw FluxError(
      "global '\(name)' is not set\(NearestName.hint(name, among: call.session.globalNames))", at: "strict",
      remedy: "Declare it local, assign it before, or run without --strict.")
  }
}
