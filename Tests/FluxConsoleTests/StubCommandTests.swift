import Foundation
import Testing

/// `fluxbridge stubs DIR` and `fluxbridge reference DIR`, judged by the tools that users have.
@Suite("The commands that write stubs and the reference")
struct StubCommandTests {
  /// Status and output of a command found on the PATH.
  private func run(_ words: [String]) throws -> (status: Int32, output: String) {
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  private static func has(_ program: String) -> Bool {
    ["/usr/bin/", "/usr/local/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + program) }
  }

  @Test("every stub loads as Lua, in the program and in plain lua5.4, and defines its module")
  func load() throws {
    let folder = try ScriptFolder(["load.lua": """
      for i = 2, #arg do
        local env = {}
        assert(loadfile(arg[1] .. "/" .. arg[i], "t", env))()
        local name = arg[i]:gsub("%.lua$", "")
        assert(name == "globals" or type(env[name]) == "table", arg[i])
      end
      print "loaded"
      """])
    let child = try ChildProgram(["stubs", folder.path])
    #expect(child.status == 0 && child.output.hasPrefix("wrote "), "\(child.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".lua") && $0 != "load.lua" }.sorted()
    #expect(files.count > 10)
    #expect(try ChildProgram(["\(folder.path)/load.lua", folder.path] + files).output == "loaded\n")
    if Self.has("lua5.4") { #expect(try run(["lua5.4", "\(folder.path)/load.lua", folder.path] + files).output == "loaded\n") }
  }

  @Test("luacheck finds nothing in the stubs", .enabled(if: has("luacheck"), "there is no luacheck: apt-get install lua-check"))
  func luacheck() throws {
    let folder = try ScriptFolder(["empty.txt": ""])
    #expect(try ChildProgram(["stubs", folder.path]).status == 0)
    let (status, output) = try run(["luacheck", "--no-color", "--no-config", folder.path])
    #expect(status == 0 && output.contains("Total: 0 warnings / 0 errors"), "\(output)")
  }

  @Test("the reference is written twice with equal bytes, and over a former one")
  func reference() throws {
    let folder = try ScriptFolder(["empty.txt": ""])
    #expect(try ChildProgram(["reference", folder.path]).status == 0)
    let first = try String(contentsOfFile: "\(folder.path)/tensor.md", encoding: .utf8)
    #expect(try ChildProgram(["reference", folder.path]).status == 0)
    #expect(try String(contentsOfFile: "\(folder.path)/tensor.md", encoding: .utf8) == first)
    #expect(first.hasPrefix("# `tensor`\n"))
  }

  @Test("a folder that cannot be made, and a missing one, are told", arguments: ["stubs", "reference"])
  func mistakes(_ command: String) throws {
    let nowhere = try ChildProgram([command, "/nowhere/deep/er"])
    #expect(nowhere.status == 1 && nowhere.errors.contains("/nowhere/deep/er: cannot make the folder") && nowhere.errors.contains("mkdir -p"))
    let bare = try ChildProgram([command])
    #expect(bare.status == 2 && bare.errors.contains("expected fluxbridge \(command) DIR"))
  }
}
