import FluxLua
import Foundation
import Testing
@testable import FluxConsole

@Suite("The console")
struct ConsoleTests {
  /// Runs the console on plain lines.
  func answer(_ input: String) throws -> (output: [String], errors: String) {
    let child = try ChildProgram(["-i"], input: input)
    #expect(child.status == 0)
    let lines = child.output.split(separator: "\n").map(String.init)
    #expect(lines.first?.contains("Fluxbridge") == true)
    return (Array(lines.dropFirst()), child.errors)
  }

  @Test("an expression is printed, a statement is run, several values stand in one line")
  func values() throws {
    #expect(try answer("1 + 1\nx = 5\nx, 'a'\n= x\nnil\nlocal y = 1\nprint 'p'\n").output == ["2", "5\ta", "5", "nil", "p"])
  }

  @Test("an input goes on only when it ends too early")
  func continuation() throws {
    let (output, errors) = try answer("for i = 1, 2 do\nprint(i)\nend\nx = = 2\n3\n(4 +\n5)\ny = 'abc\n6\n")
    #expect(output == ["1", "2", "3", "9", "6"])
    #expect(errors.contains("input 2:1: unexpected symbol near '='"))
    #expect(errors.contains("input 5:1: unfinished string"))
  }

  @Test("an error is told and the session goes on")
  func errors() throws {
    let (output, errors) = try answer("x = 1\nerror 'no'\nerror{}\nflx.y()\nx\n")
    #expect(output == ["1"])
    #expect(errors.contains("input 2:1: no\n"))
    #expect(errors.contains("did you mean 'flux'?"))
  }

  @Test("a semicolon silences, _ and _n hold results, and the last line of several may be an expression")
  func results() throws {
    #expect(try answer("40 + 2;\n_ + 1\n_1\nx = 7;\nx -- not; silent;\n").output == ["43", "42", "7"])
    #expect(try answer("do\nx = 6 end\nx * 7\n_ // 2").output == ["42", "21"])
    let many = (1...25).map { "\($0)" }.joined(separator: ";\n")
    #expect(try answer(many + ";\n_1\n_25\n").output == ["nil", "25"])
  }

  @Test("tables are shown by what they hold, cycles and long ones cut short")
  func tables() throws {
    let (output, _) = try answer("{1, 2, {x = 'a'}, n = 3}\nt = {} t.t = t\nt\nlocal l = {} for i = 1, 99 do l[i] = i end return l\n{}\n")
    #expect(output[0] == "{1, 2, {x = \"a\"}, n = 3}")
    #expect(output[1] == "{t = {itself}}")
    #expect(output[2].hasSuffix("20, … 99 in all}") || output[2] == "table, 99 entries")
    #expect(output.last == "{}")
  }

  @Test("at a terminal, Ctrl-C drops the line and stops a loop, Ctrl-D ends")
  func terminal() throws {
    let terminal = try Terminal(arguments: [])
    defer { terminal.close() }
    try terminal.wait(for: "> ")
    terminal.type("x = 41\n")
    try terminal.wait(for: "> ")
    terminal.type("half a li")
    try terminal.wait(for: "half a li")
    terminal.interrupt()
    try terminal.wait(for: "^C")
    try terminal.wait(for: "> ")
    terminal.type("x + 1\n")
    try terminal.wait(for: "42")
    try terminal.wait(for: "> ")
    terminal.type("print('lo'..'op') while true do pcall(error) end\n")
    try terminal.wait(for: "loop")
    terminal.interrupt()
    try terminal.wait(for: "interrupted")
    try terminal.wait(for: "> ")
    terminal.type("flux.vers\t\n")
    try terminal.wait(for: FluxVersion.text)
    try terminal.wait(for: "> ")
    terminal.type("\u{4}")
    #expect(try terminal.waitForEnd() == 0)
  }
}
