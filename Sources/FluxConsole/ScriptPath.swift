import Glibc
import LuaRuntime

/// Where `require` looks: beside the script, in `Scripts/lib` of the working folder, and among the scripts that come
/// with the program, `json` as well as `objectives.huber`.
package enum ScriptPath {
  package static func prepare(_ session: LuaSession, script: String?) {
    var folders: [String] = []
    if let script, script != "-" { folders.append(folder(of: script)) }
    folders.append("Scripts/lib")
    if let scripts { folders += ["\(scripts)/lib", scripts] }
    let patterns = folders.flatMap { ["\($0)/?.lua", "\($0)/?/init.lua"] }
    _ = try? session.run(
      "package.path = (...) .. ';' .. package.path", with: [patterns.joined(separator: ";")], name: "=[fluxbridge]")
  }

  /// The scripts that came with the program: in `share/fluxbridge/Scripts` of the prefix that it is installed in, or in
  /// `Scripts` of the checkout that it was built in.
  private static var scripts: String? {
    guard let real = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(real) }
    var folder = folder(of: String(cString: real))
    for _ in 0..<5 {
      for scripts in ["\(folder)/share/fluxbridge/Scripts", "\(folder)/Scripts"] where access("\(scripts)/lib", F_OK) == 0 { return scripts }
      folder = Self.folder(of: folder)
    }
    return nil
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
