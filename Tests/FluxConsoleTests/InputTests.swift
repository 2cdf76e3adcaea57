import FluxLua
import LuaRuntime
import TestSupport
import Testing
@testable import FluxConsole

@Suite("Inputs")
struct InputTests {
  let lua = LuaSession()

  @Test("a colon begins a command, a question mark asks for help, everything else is Lua", arguments: [
    ("  ", InputText.nothing), (":time f(x)", .command(name: "time", argument: "f(x)")), (": who ", .command(name: "who", argument: "")),
    ("?tensor.zeros", .help("tensor.zeros")), ("tensor.zeros?", .help("tensor.zeros")), ("?", .help("")), ("??mean cycle", .search("mean cycle")),
    ("x = 1", .lua("x = 1")), ("= 1", .lua("return 1")), ("::top:: x()", .lua("::top:: x()")), ("'a?'", .lua("'a?'")),
    ("3> x = 1\n>> y = 2", .lua("x = 1\ny = 2")),
  ])
  func kinds(_ text: String, _ expected: InputText) { #expect(InputText(text) == expected) }

  @Test("only an input that ends too early goes on", arguments: [
    ("for i = 1, 2 do", true), ("f(", true), ("x =", true), ("4 +", true), ("(4 +", true), ("[[a", true), ("--[[ a", true),
    ("function f()\n  return 1", true), ("x = = 2", false), ("x = 'a", false), ("end", false), ("1", false), ("f()", false), ("x y", false),
  ])
  func goingOn(_ text: String, _ expected: Bool) { #expect(InputChunk.isIncomplete(text, in: lua) == expected) }

  @Test("the message is about the form that the text has", arguments: [
    ("x = = 2", "unexpected symbol near '='"), ("1 + * 2", "unexpected symbol near '*'"), ("for", "<name> expected"),
  ])
  func messages(_ text: String, _ expected: String) {
    expectRefusal(expected) { try InputChunk(text, name: "input 1", in: lua) }
  }

  @Test("blocks are indented by two, their ends stand under their beginnings", arguments: [
    ("for i = 1, 2 do", 0, 2), ("if x then\n  y()\n  else", 0, 2), ("f{\n  a = 1,\n  }", 0, 0), ("function f()\n  if x then\n    end", 2, 2),
    ("x = 'do'", 0, 0), ("-- do {", 0, 0), ("local f = function(a,", 0, 4),
  ])
  func indentation(_ text: String, _ current: Int, _ next: Int) {
    let found = InputIndentation.of(text)
    #expect(found.current == current && found.next == next, "\(found)")
  }

  @Test("an input of several lines is one line of the history file, and comes back as it was", arguments: ["a", "a\nb", "\\n\n\\", "x = 'ü'"])
  func history(_ text: String) {
    let line = HistoryFile.encoded(text)
    #expect(!line.contains("\n") && HistoryFile.decoded(line) == text)
  }

  @Test("the history keeps order, leaves repetitions out, and is nobody else's to read")
  func historyFile() throws {
    let folder = try ScriptFolder(["a": ""])
    let path = "\(folder.path)/deep/er/history"
    let first = HistoryFile(path: path)
    #expect(first.read().isEmpty)
    for input in ["x = 1", "x", "x", "f(\n1)"] { first.append(input) }
    #expect(HistoryFile(path: path).read() == ["x = 1", "x", "f(\n1)"])
    let mode = try ChildProgram(["-e", "local p = io.popen('stat -c %a \(path)') print(p:read())"])
    #expect(mode.output == "600\n")
  }
}
