import FluxCore
import LuaRuntime

extension Console {
  /// `:load file.lua`: runs a file in this session.
  func load(_ argument: String) throws {
    var path = argument
    if let quote = path.first, "\"'".contains(quote), path.last == quote, path.count > 1 { path = String(path.dropFirst().dropLast()) }
    guard !path.isEmpty else { throw FluxError("no file", at: ":load", expected: ":load file.lua") }
    loadedFile = path
    show(try session.loadFile(path).call())
  }

  /// `:reload`: the loaded file again, with the modules that were required since the start loaded afresh.
  func reload() throws {
    let loaded = session.withTable(session.lookup(["package", "loaded"])) { $0.names } ?? []
    let required = loaded.filter { !baseline.modules.contains($0) }.sorted()
    for name in required { try session.run("package.loaded[...] = nil", with: [name], name: "=[fluxbridge]") }
    guard let loadedFile else {
      guard !required.isEmpty else {
        throw FluxError("nothing was loaded", at: ":reload", expected: ":load file.lua, or a require, before it")
      }
      for name in required { try session.run("require(...)", with: [name], name: "=[fluxbridge]") }
      // Globals of the modules' names were most likely set from them.
      for name in required where session.scriptGlobals.contains(where: { $0.name == name }) {
        try session.run("local name = ... _G[name] = package.loaded[name]", with: [name], name: "=[fluxbridge]")
      }
      return print("loaded \(required.joined(separator: ", ")) afresh")
    }
    let results = try session.loadFile(loadedFile).call()
    print("ran \(loadedFile)" + (required.isEmpty ? "" : ", with \(required.joined(separator: ", ")) afresh"))
    show(results)
  }

  private func show(_ results: [LuaValue]) {
    if !results.isEmpty { print(results.map(values.full).joined(separator: "\t")) }
  }
}
