import FluxLua
import Foundation
import Testing

/// The console at a pseudo-terminal that can move its cursor.
@Suite("The console at a terminal", .serialized)
struct TerminalTests {
  private static let function = (["function cycle(n)", "  local sum = 0"] + (1...27).map { "  sum = sum + \($0) * n" } + ["\treturn sum", "end"])
    .joined(separator: "\n")

  private func terminal(_ environment: [String: String] = [:]) throws -> Terminal {
    let terminal = try Terminal(arguments: [], kind: "xterm", environment: ["NO_COLOR": "1"].merging(environment) { $1 })
    try terminal.wait(for: "1> ")
    return terminal
  }

  @Test("a pasted function of thirty lines is one input, whatever its tabs and line ends")
  func paste() throws {
    let terminal = try terminal()
    defer { terminal.close() }
    terminal.type("\u{1B}[200~" + Self.function.replacingOccurrences(of: "\n", with: "\r") + "\r\u{1B}[201~")
    terminal.type("\r")
    try terminal.wait(for: "2> ")
    terminal.type("cycle(2)\r")
    try terminal.wait(for: "756")
    try terminal.wait(for: "3> ")  // typed before, Ctrl-D would reach a terminal that is not listening yet
    terminal.type("\u{4}")
    #expect(try terminal.waitForEnd() == 0)
  }

  @Test("without bracketed paste too, and a pasted line that is not whole goes on")
  func plainPaste() throws {
    let terminal = try terminal()
    defer { terminal.close() }
    terminal.type(Self.function.replacingOccurrences(of: "\t", with: "  ").replacingOccurrences(of: "\n", with: "\r") + "\r")
    try terminal.wait(for: "2> ")
    terminal.type("cycle(2)\r")
    try terminal.wait(for: "756")
  }

  @Test("inputs of an earlier session come back whole: by Up, by their beginning, by Ctrl-R")
  func history() throws {
    let folder = try ScriptFolder(["a": ""])
    let environment = ["FLUXBRIDGE_HISTORY": "\(folder.path)/history"]
    do {
      let terminal = try terminal(environment)
      defer { terminal.close() }
      terminal.type("do print('block'..1)\rend\r")
      try terminal.wait(for: "block1")
      try terminal.wait(for: "2> ")
      terminal.type("print('second'..2)\r")
      try terminal.wait(for: "second2")
      try terminal.wait(for: "3> ")
      terminal.type("\u{4}")
      #expect(try terminal.waitForEnd() == 0)
    }
    let terminal = try terminal(environment)
    defer { terminal.close() }
    terminal.type("\u{1B}[A\r")
    try terminal.wait(for: "second2")
    try terminal.wait(for: "2> ")
    terminal.type("do\u{1B}[A\r")
    try terminal.wait(for: "block1")
    try terminal.wait(for: "3> ")
    terminal.type("\u{12}second\r")
    try terminal.wait(for: "second2")
  }

  @Test("Ctrl-C stops a loop in a coroutine under pcall; objects stay usable, half a line is dropped")
  func interrupt() throws {
    let terminal = try terminal()
    defer { terminal.close() }
    terminal.type("t = tensor.ones{3}\r")
    try terminal.wait(for: "2> ")
    terminal.type("loop = coroutine.wrap(function() print('lo'..'op') while true do pcall(function() for i = 1, 1e12 do end end) end end)\r")
    try terminal.wait(for: "3> ")
    terminal.type("loop()\r")
    try terminal.wait(for: "loop\r\n")
    terminal.interrupt()
    try terminal.wait(for: "interrupted at input 2:1")
    try terminal.wait(for: "4> ")
    terminal.type("for i = 1, 2 do\rhalf")
    try terminal.wait(for: "half")
    terminal.interrupt()
    try terminal.wait(for: "^C")
    try terminal.wait(for: "4> ")
    terminal.type("t:sum():item()\r")
    try terminal.wait(for: "3")
  }

  @Test("Tab completes names, options and codes; a second name needs no typing")
  func tab() throws {
    let terminal = try terminal()
    defer { terminal.close() }
    terminal.type("flux.vers\t\r")
    try terminal.wait(for: FluxVersion.text)
    try terminal.wait(for: "2> ")
    terminal.type("tensor.zeros({2}, {dt\t\"fl\t}).dty\t\r")
    try terminal.wait(for: "float32")
    try terminal.wait(for: "float32")
    try terminal.wait(for: "3> ")
    terminal.type("#regions.reccap2():only{\"SE\t, \"US\t}\r")
    try terminal.wait(for: "\r2\r\n")
  }

  @Test("a narrower window wraps the line that is being typed, and what follows is right")
  func resize() throws {
    let terminal = try terminal()
    defer { terminal.close() }
    terminal.type("'a line of more than thirty columns, ")
    try terminal.wait(for: "columns, ")
    terminal.resize(columns: 30)
    terminal.type("after'..1\r")
    try terminal.wait(for: "a line of more than thirty columns, after1")
    try terminal.wait(for: "2> ")
  }

  @Test("colour comes at a terminal alone, and not under NO_COLOR or on a dumb one")
  func colour() throws {
    let coloured = try Terminal(arguments: [], kind: "xterm", environment: ["NO_COLOR": ""])
    defer { coloured.close() }
    try coloured.wait(for: "\u{1B}[1;32m1> ")
    coloured.type("error 'no'\r")
    try coloured.wait(for: "\u{1B}[31m")
    for (kind, none) in [("dumb", ""), ("xterm", "1")] {
      let plain = try Terminal(arguments: [], kind: kind, environment: ["NO_COLOR": none])
      defer { plain.close() }
      plain.type("error 'no'\n")
      let seen = try plain.wait(for: "input 1:1: no")
      #expect(!seen.contains("\u{1B}[1;32m") && !seen.contains("\u{1B}[31m"))
    }
    #expect(try !ChildProgram(["-e", "error 'x'"]).errors.contains("\u{1B}"))
  }
}
