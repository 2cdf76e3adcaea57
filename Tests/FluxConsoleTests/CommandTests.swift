import FluxCore
import Testing
@testable import FluxConsole

@Suite("Commands of the console")
struct CommandTests {
  /// Runs the console on plain lines; `output` is without the banner.
  private func answer(_ input: String, _ environment: [String: String] = [:], arguments: [String] = ["-i"]) throws -> (output: String, errors: String) {
    let child = try ChildProgram(arguments, input: input, environment: environment)
    #expect(child.status == 0)
    return (child.output.split(separator: "\n").dropFirst().joined(separator: "\n"), child.errors)
  }

  @Test(":who lists type, shape, dtype, unit and bytes of the user's own variables")
  func who() throws {
    let output = try answer("t = tensor.zeros{20, 3}\nword = 'abc'\nlocal hidden = 1\n:who\n").output
    #expect(output.contains("2 variables"))
    let row = output.split(separator: "\n").first { $0.hasPrefix("t ") }
    for part in ["Tensor", "20 × 3", "float32", "240 B"] { #expect(row?.contains(part) ?? false, "\(output)") }
    #expect(!output.contains("print") && !output.contains("hidden"))
    #expect(try answer(":who\n").output == "no variables yet")
  }

  @Test(":time gives a median in a fitting unit, and what is allocated")
  func time() throws {
    let output = try answer(":time ('x'):rep(1000000)\n:time for i = 1, 3e6 do end\n:time tensor.zeros{1000}\n").output
    let lines = output.split(separator: "\n")
    try #require(lines.count == 3, "\(output)")
    #expect(lines[0].contains("MiB in Lua") || lines[0].contains("KiB in Lua"))
    #expect(lines[1].contains(" ms; median of "))
    #expect(lines[2].contains("KiB outside"))
    #expect(try answer(":time error 'no'\n").errors.contains("time:1: no"))
  }

  @Test(":grad compares gradients with differences")
  func gradient() throws {
    let (output, errors) = try answer(
      "function f(x) return (x * x):sum() end\nx = tensor{1, 2, 3}\n:grad f x\n:grad function(a, b) return (a * b):sum() end x x\n:grad f\n:grad x f\n")
    #expect(output.split(separator: "\n").filter { $0.hasSuffix("they agree") }.count == 2, "\(output)")
    #expect(output.contains("6 numbers"))
    #expect(errors.contains("expected :grad f x …") && errors.contains("'x' is not a function"))
  }

  @Test("a hidden module is told of once, and :restore brings it back; so with Lua's own")
  func restore() throws {
    let (output, errors) = try answer("model = 1\nmodel = 2\n:restore model\ntype(model.mlp)\nstring = 5\ncube = 1\n:restore\n:restore\n:restore nothing\n")
    #expect(errors.split(separator: "\n").filter { $0.contains("'model' now hides") }.count == 1)
    #expect(errors.contains(":restore model brings it back"))
    #expect(output == "restored model\nfunction\nrestored cube, string\nnothing is hidden")
    #expect(errors.contains("'nothing' is no global of the library"))
    #expect(try answer("model = model.mlp{inputs = 3}\nmodel.mlp{}\n").errors.contains("flux.model.mlp still works, :restore model brings it back."))
  }

  @Test("after an error, :locals shows the variables where it was raised, and of the callers; through coroutines too")
  func locals() throws {
    let source = """
      function inner(a) local b = {a, 'x'} error('no') end
      function outer() local c = 7 local r = inner(c) return r end
      outer()
      :locals
      :locals 2
      _locals.c
      coroutine.wrap(function() local deep = 5 error('co') end)()
      :locals
      :locals 9
      """
    let (output, errors) = try answer(":locals\n" + source)
    #expect(output.contains("no error yet"))
    #expect(output.contains("inner") && output.contains("a  7") && output.contains("b  {7, \"x\"}"), "\(output)")
    #expect(output.contains("c  7") && output.contains("\n7\n") && output.contains("deep  5"))
    #expect(errors.contains("frame '9'; expected a number from 1"))
  }

  @Test(":load runs a file, :reload runs it again with what it requires, as they are now")
  func load() throws {
    let folder = try ScriptFolder(["a.lua": "print('a', require('part'))", "part.lua": "return 1"])
    let input = """
      package.path = '\(folder.path)/?.lua'
      :load \(folder.path)/a.lua
      local f = io.open('\(folder.path)/part.lua', 'w') f:write('return 2') f:close()
      :load \(folder.path)/a.lua
      :reload
      :load nowhere.lua
      """
    let (output, errors) = try answer(input)
    #expect(output.hasPrefix("a\t1"), "\(output)")
    #expect(output.contains("\na\t2") && output.contains("with part afresh"))
    #expect(errors.contains("cannot open nowhere.lua"))
    #expect(try answer(":reload\n").errors.contains("nothing was loaded"))
  }

  @Test("the start-up file runs before the first input, its errors are told, --no-init leaves it out")
  func initFile() throws {
    let folder = try ScriptFolder(["fluxbridge/init.lua": "answer = 42\nerror 'in init'"])
    let (output, errors) = try answer("answer\n", ["XDG_CONFIG_HOME": folder.path])
    #expect(output == "42" && errors.contains("init.lua:2: in init"))
    #expect(try answer("answer\n", ["XDG_CONFIG_HOME": folder.path], arguments: ["-i", "--no-init"]).output == "nil")
    // A script's results do not depend on it.
    #expect(try ChildProgram(["-e", "print(answer)"], environment: ["XDG_CONFIG_HOME": folder.path]).output == "nil\n")
  }

  @Test(":help lists every command, ? and ?? ask for help, an unknown command offers the nearest, :quit leaves")
  func help() throws {
    let (output, errors) = try answer(":help\n?flux.threads\n??regrid\n?string.rep\n:wo\n:quit\nprint 'still here'\n")
    for command in ConsoleCommand.all { #expect(output.contains(":\(command.name)")) }
    #expect(output.contains("flux.threads(count?: integer)") && output.contains("Cube:regrid") && output.contains("string.rep(s, n"))
    #expect(errors.contains("no command ':wo'; did you mean 'who'?"))
    #expect(!output.contains("still here"))
    #expect(try answer("exit\nprint 'still here'\n").output.isEmpty)
  }

  @Test("-i after a script that failed leaves its variables to :locals")
  func postMortem() throws {
    let folder = try ScriptFolder(["s.lua": "local fine = 5\nerror 'late'"])
    let (output, errors) = try answer(":locals\n", arguments: ["-i", "\(folder.path)/s.lua"])
    #expect(output.contains("fine  5") && errors.contains("s.lua:2: late"))
  }

  @Test("words of :grad stay together inside brackets, quotes and functions")
  func words() {
    #expect(Console.words("f x, y") == ["f", "x", "y"])
    #expect(Console.words("function(a) if a then b() end return a end tensor{1, 2}[1] 'a b'")
      == ["function(a) if a then b() end return a end", "tensor{1, 2}[1]", "'a b'"])
  }
}
