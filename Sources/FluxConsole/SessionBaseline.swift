import LuaRuntime

/// What a session holds before any script: Lua's own globals and modules.
package struct SessionBaseline {
  let globals: [String: LuaValue]
  let modules: Set<String>

  package init(_ session: LuaSession) {
    globals = Dictionary(session.scriptGlobals.map { ($0.name, $0.value) }) { first, _ in first }
    modules = Set(session.withTable(session.lookup(["package", "loaded"])) { $0.names } ?? [])
  }
}
