import LuaRuntime

/// Writes what an editor needs to know: `---@meta` files for LuaLS, one a module.
public enum StubWriter {
  /// - Returns: the names of the files written.
  /// - Throws: ``FluxError`` when the folder cannot be written.
  public static func write(into folder: String) throws -> [String] {
    let files = files()
    try TextFolder.write(files, into: folder)
    return files.map(\.name)
  }

  /// Name and text of every file, in the order of the registry.
  static func files() -> [(name: String, text: String)] {
    var seen: Set<ObjectIdentifier> = []
    return FluxLibrary.modules.map { module in
      let types = module.types.filter { seen.insert(ObjectIdentifier($0)).inserted }
      let fields = module.name == "flux" ? FluxLibrary.modules.map(\.name).filter { !$0.isEmpty && $0 != "flux" } : []
      return ((module.name.isEmpty ? "globals" : module.name) + ".lua", StubText.module(module, types: types, fields: fields))
    }
  }
}
