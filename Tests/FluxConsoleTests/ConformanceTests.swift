import Foundation
import Testing

/// Lua stays Lua: one file of its behaviour, run by this program and by `lua5.4`.
@Suite("Lua 5.4")
struct ConformanceTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let lua = "/usr/bin/lua5.4"

  @Test("a file of 200 checks prints the same under fluxbridge and under lua5.4", .enabled(if: access(lua, X_OK) == 0, "needs lua5.4"))
  func conformance() throws {
    let file = Self.root.appendingPathComponent("Tests/Lua/conformance.lua").path
    let ours = try ChildProgram([file])
    let reference = try ChildProgram([file], program: Self.lua)
    #expect(ours.status == 0 && reference.status == 0, "\(ours.errors) \(reference.errors)")
    let lines = reference.output.split(separator: "\n")
    #expect(lines.count > 200)
    for (own, other) in zip(ours.output.split(separator: "\n"), lines) { #expect(own == other) }
    #expect(ours.output == reference.output)
  }

  @Test("warnings are off, on and joined as under lua5.4", .enabled(if: access(lua, X_OK) == 0, "needs lua5.4"))
  func warnings() throws {
    let code = """
      warn("unheard") warn("@on") warn("a", "b") warn("@no order") setmetatable({}, { __gc = function() error("late", 0) end }) collectgarbage()
      warn("@off") warn("c")
      """
    let ours = try ChildProgram(["-e", code]), reference = try ChildProgram(["-e", code], program: Self.lua)
    #expect(ours.errors == reference.errors && reference.errors.hasPrefix("Lua warning: ab\n"), "\(ours.errors) \(reference.errors)")
    #expect(ours.status == 0)
  }

  @Test("a script that outgrows the memory is told so and ends with 1; pcall catches it, and the session goes on", arguments: [
    "local t = {} for i = 1, math.huge do t[i] = {i} end",
    "local s = 'x' while true do s = s .. s end",
    "local t = {} while true do t[#t + 1] = ('x'):rep(1e7) .. #t end",
    "string.rep('x', 1e14)",
  ])
  func memory(_ source: String) throws {
    // An address space of a gigabyte stands for the machine's memory.
    let folder = try ScriptFolder(["s.lua": source, "p.lua": "print(pcall(load [[\(source)]])) print(#('y'):rep(1e6))"])
    let child = try ChildProgram(["-c", "ulimit -v 1000000; exec \"$0\" \"$1\"", ChildProgram.path, "\(folder.path)/s.lua"], program: "/bin/sh")
    #expect(child.status == 1, "\(child.errors)")
    #expect(child.errors.contains("not enough memory") || child.errors.contains("resulting string too large"), "\(child.errors)")
    let caught = try ChildProgram(["-c", "ulimit -v 1000000; exec \"$0\" \"$1\"", ChildProgram.path, "\(folder.path)/p.lua"], program: "/bin/sh")
    #expect(caught.status == 0 && caught.output.hasPrefix("false\t") && caught.output.hasSuffix("1000000\n"), "\(caught.output) \(caught.errors)")
  }

  @Test("--strict makes the read of an unset global an error with the nearest name; writing and checking by rawget go on")
  func strict() throws {
    let child = try ChildProgram(["--strict", "-e", "seen = 1 print(seen, rawget(_G, 'nothing')) local ok, message = pcall(function() return sen end) print(message)"])
    #expect(child.output.hasPrefix("1\tnil\n"))
    #expect(child.output.contains("global 'sen' is not set; did you mean 'seen'?"), "\(child.output)")
  }
}
