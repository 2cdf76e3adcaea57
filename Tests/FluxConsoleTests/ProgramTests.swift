import Foundation
import Testing

@Suite("The program")
struct ProgramTests {
  @Test("a script sees its arguments as lua gives them, and options before it are ours")
  func arguments() throws {
    let folder = try ScriptFolder(["s.lua": "print(arg[0], arg[1], arg[2], #arg, ...) print(flux.threads())"])
    let child = try ChildProgram(["--threads", "1", "\(folder.path)/s.lua", "-e", "b"])
    #expect(child.output == "\(folder.path)/s.lua\t-e\tb\t2\t-e\tb\n1\n")
    #expect(child.status == 0)
  }

  @Test("-e runs code, several in their order, before the script; - is standard input")
  func execute() throws {
    #expect(try ChildProgram(["-e", "x = 1", "-e", "print(x + 1)"]).output == "2\n")
    #expect(try ChildProgram(["-e", "x = 1", "-", "a"], input: "print(x, ...)").output == "1\ta\n")
    #expect(try ChildProgram([], input: "print 'plain'").output == "plain\n")
  }

  @Test("-v and --version tell the version", arguments: ["-v", "--version"])
  func version(_ option: String) throws {
    let child = try ChildProgram([option])
    #expect(child.output.contains("Fluxbridge") && child.output.contains("Lua 5.4") && child.status == 0)
  }

  @Test("a script finds modules beside it, whatever the working folder")
  func requires() throws {
    let folder = try ScriptFolder(["s.lua": "print(require('part').x, require('deep.part').x)", "part.lua": "return {x = 1}", "deep/part.lua": "return {x = 2}"])
    #expect(try ChildProgram(["\(folder.path)/s.lua"]).output == "1\t2\n")
  }

  @Test("an error ends with 1, message, place and traceback on standard error", arguments: [
    ("error 'x'", "s.lua:1: x"),
    ("error{}", "the error value is a table: {}"),
    ("local x = = 1", "s.lua:1: unexpected symbol near '='"),
    ("flux.threads('a')", "flux.threads: argument 1 ('count') is a string; expected an integer.\n  at "),
    ("flx.threads()", "attempt to index a nil value (global 'flx'); did you mean 'flux'?"),
  ])
  func errors(_ source: String, _ expected: String) throws {
    let folder = try ScriptFolder(["s.lua": source])
    let child = try ChildProgram(["\(folder.path)/s.lua"])
    #expect(child.status == 1)
    #expect(child.errors.contains(expected), "\(child.errors)")
    #expect(child.errors.hasPrefix("fluxbridge: "))
    #expect(!child.errors.contains("[C]: in ?"))
    #expect(child.output.isEmpty)
  }

  @Test("the line of the script that failed is quoted, and the calls that led there follow, through coroutines, without ours")
  func traceback() throws {
    let folder = try ScriptFolder(["s.lua": "local function fit(x)\n  return x.y.z\nend\n\nlocal run = coroutine.wrap(function() local r = fit({}) return r end)\nprint(run())"])
    let errors = try ChildProgram(["\(folder.path)/s.lua"]).errors
    #expect(errors.hasPrefix("fluxbridge: "), "\(errors)")
    #expect(errors.contains("s.lua:2: attempt to index a nil value (field 'y')\n    2 |   return x.y.z\nstack traceback:\n"), "\(errors)")
    let calls = errors.split(separator: "\n").filter { $0.contains(": in ") }
    #expect(calls.count == 3 && calls.first?.contains("s.lua:2: in ") == true && calls.last?.contains("s.lua:6: in main chunk") == true, "\(errors)")
    #expect(!errors.contains("[C]") && !errors.contains("[fluxbridge"))
    let swift = try ScriptFolder(["s.lua": "local n = 1\nflux.threads('many')"])
    #expect(try ChildProgram(["\(swift.path)/s.lua"]).errors.contains("s.lua:2\n    2 | flux.threads('many')\n"))
  }

  @Test("wrong usage ends with 2", arguments: [["--thraeds", "2"], ["--threads", "0"], ["-e"], ["-x"], ["--threads"]])
  func usage(_ words: [String]) throws {
    let child = try ChildProgram(words)
    #expect(child.status == 2)
    #expect(child.errors.contains("fluxbridge: "))
  }

  @Test("a missing script is told by name, and ends with 1")
  func missing() throws {
    let child = try ChildProgram(["nowhere.lua"])
    #expect(child.status == 1)
    #expect(child.errors.contains("cannot open nowhere.lua"))
  }

  @Test("a slip in a command's name gets a hint")
  func command() throws {
    #expect(try ChildProgram(["docter"]).errors.contains("did you mean 'doctor'?"))
  }

  @Test("os.exit gives the script's own status, with its output written")
  func exitStatus() throws {
    let child = try ChildProgram(["-e", "io.write('out') os.exit(7, true)"])
    #expect(child.status == 7 && child.output == "out")
  }

  @Test("--strict refuses globals that are not set")
  func strict() throws {
    #expect(try ChildProgram(["-e", "print(nothing)"]).output == "nil\n")
    let child = try ChildProgram(["--strict", "-e", "print(nothing)"])
    #expect(child.status == 1 && child.errors.contains("global 'nothing' is not set"))
  }

  @Test("bytecode is refused as a script")
  func bytecode() throws {
    let folder = try ScriptFolder([:])
    _ = try ChildProgram(["-e", "os.execute('mkdir -p \(folder.path)') local f = io.open('\(folder.path)/b.lua', 'wb') f:write(string.dump(function() end)) f:close()"])
    let child = try ChildProgram(["\(folder.path)/b.lua"])
    #expect(child.status == 1 && child.errors.contains("binary chunks are refused"))
  }

  @Test("the benchmark of start and prompt gives a row each for fluxbridge and python3",
    .enabled(if: access("/usr/bin/python3", X_OK) == 0, "needs /usr/bin/python3"))
  func startup() throws {
    let script = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Scripts/checks/startup"
    let child = try ChildProgram([script, "--runs", "2", ChildProgram.path], program: "/usr/bin/python3", patience: 60)
    #expect([0, 1].contains(child.status), "\(child.errors)")  // 1: slower than promised, as a debug build on a busy machine
    #expect(child.output.contains("fluxbridge") && child.output.contains("python3") && child.output.contains("limits: "), "\(child.output)")
  }

  @Test("doctor names Lua, readline, threads and memory")
  func doctor() throws {
    let child = try ChildProgram(["doctor"])
    for word in ["Fluxbridge", "Lua 5.4", "readline", "threads", "memory", "MiB"] { #expect(child.output.contains(word)) }
  }
}
