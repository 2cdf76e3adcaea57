import Testing

@Suite("Ctrl-C")
struct InterruptionTests {
  @Test("a loop of any kind ends with 130 and says so", arguments: [
    "while true do end",
    "local f = coroutine.wrap(function() while true do end end) f()",
    "while true do pcall(function() while true do end end) end",
    "while true do pcall(error) end",
    "local f = coroutine.wrap(function() while true do pcall(function() while true do end end) end end) while true do pcall(f) end",
    "while true do coroutine.wrap(function() pcall(function() for i = 1, 1e9 do end end) end)() end",
    "while true do xpcall(function() while true do end end, function() while true do end end) end",
    "while true do for line in string.gmatch(('a\\n'):rep(1000), '%a') do end end",
    "local t = {} for i = 1, 1000 do t[i] = i end while true do pcall(table.sort, t, function(a, b) return a > b end) end",
    "while true do pcall(io.read, 'a') end",
  ])
  func loops(_ source: String) throws {
    let child = try ChildProgram(["-e", "print 'ready' io.flush() \(source)"], interruptAfter: "ready")
    #expect(child.status == 130)
    #expect(child.errors.hasPrefix("fluxbridge: interrupted"), "\(child.errors)")
    #expect(child.errors.split(separator: "\n").count == 1)
  }

  @Test("a second press, two seconds unanswered, ends the program with 130")
  func unanswered() throws {
    // A finaliser runs without hooks, so that no first press can reach it.
    let source = "setmetatable({}, {__gc = function() print 'ready' io.flush() while true do end end}) collectgarbage()"
    let child = try ChildProgram(["-e", source], interruptAfter: "ready", presses: 2, pause: 2.2)
    #expect(child.status == 130)
    #expect(child.errors.contains("interrupted twice"))
  }

  @Test("a program that Ctrl-C ended ends the script that ran it; another status does not", arguments: [
    ("kill -INT $$", 130), ("exit 130", 130), ("exit 3", 0), ("kill -TERM $$", 0),
  ])
  func childProgram(_ command: String, _ status: Int) throws {
    let run = try ChildProgram(["-e", "io.write 'before ' os.execute '\(command)' print 'after'"])
    #expect(Int(run.status) == status && run.output == (status == 0 ? "before after\n" : "before "), "\(run.status) \(run.output) \(run.errors)")
  }
}
