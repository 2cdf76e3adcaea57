import Glibc
import LuaRuntime

/// Where `require` looks: beside the script, and in the library of scripts that
/// comes with the program.
enum ScriptPath {
  static func prepare(_ session: LuaSession, script: String?, program: String) {
    var folders: [String] = []
    if let script, script != "-" { folders.append(folder(of: script)) }
    folders += libraries(program)
    let patterns = folders.flatMap { ["\($0)/?.lua", "\($0)/?/init.lua"] }
    _ = try? session.run(
      "package.path = (...) .. ';' .. package.path", with: [patterns.joined(separator: ";")], name: "=[fluxbridge]")
  }

  /// `Scripts/lib` of the working folder, and of the checkout that the program was built in.
  private static func libraries(_ program: String) -> [String] {
    var found = ["Scripts/lib"]
    guard let real = realpath("/proc/self/exe", nil) else { return found }
    defer { free(real) }
    var folder = folder(of: String(cString: real))
    for _ in 0..<5 {
      if access("\(folder)/Scripts/lib", F_OK) == 0 { found.append("\(folder)/Scripts/lib") }
      folder = Self.folder(of: folder)
    }
    return found
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
