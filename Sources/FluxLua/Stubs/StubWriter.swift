import FluxCore
import Glibc
import LuaRuntime

/// Writes what an editor needs to know: `---@meta` files for LuaLS, one a module.
public enum StubWriter {
  /// - Returns: the names of the files written.
  /// - Throws: ``FluxError`` when the folder cannot be written.
  public static func write(into folder: String) throws -> [String] {
    if mkdir(folder, 0o777) != 0, errno != EEXIST {
      throw FluxError("cannot make the folder: \(String(cString: strerror(errno)))", at: folder)
    }
    var written: [String] = []
    var seen: Set<ObjectIdentifier> = []
    for module in FluxLibrary.modules {
      let types = module.types.filter { seen.insert(ObjectIdentifier($0)).inserted }
      let name = (module.name.isEmpty ? "globals" : module.name) + ".lua"
      try save(StubText.module(module, types: types), to: "\(folder)/\(name)")
      written.append(name)
    }
    return written
  }

  private static func save(_ text: String, to path: String) throws {
    let temporary = path + ".part"
    guard let file = fopen(temporary, "w") else {
      throw FluxError("cannot be written: \(String(cString: strerror(errno)))", at: path)
    }
    let count = fputs(text, file)
    guard fclose(file) == 0, count >= 0, rename(temporary, path) == 0 else {
      throw FluxError("cannot be written: \(String(cString: strerror(errno)))", at: path)
    }
  }
}
