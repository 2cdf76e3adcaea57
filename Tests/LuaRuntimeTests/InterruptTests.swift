import FluxCore
import Testing
@testable import LuaRuntime

// A Ctrl-C from outside is tested in FluxConsoleTests, on the program as a child
// process; here the script presses it itself, at a known place.
@Suite("Interrupts", .serialized)
struct InterruptTests {
  let lua = counterSession()

  init() {
    lua.install(LuaModule("press", "Ctrl-C", [
      .call("()", "presses it") { call in
        call.session.interrupt()
        return 0
      }
    ]))
  }

  @Test("no pcall, coroutine or error handler swallows it", arguments: [
    "press() while true do end",
    "press()",
    "while true do pcall(press) end",
    "while true do pcall(function() press() while true do end end) end",
    "local f = coroutine.wrap(function() press() while true do end end) f()",
    "while true do local f = coroutine.wrap(function() press() end) pcall(f) end",
    "while true do coroutine.resume(coroutine.create(function() press() while true do end end)) end",
    "pcall(function() coroutine.wrap(function() pcall(function() press() while true do end end) while true do end end)() end) while true do end",
    "while true do xpcall(function() press() while true do end end, function() while true do end end) end",
    "while true do xpcall(error, function() press() while true do end end) end",
    "local co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() press() while true do end end}) coroutine.yield() end) coroutine.resume(co) while true do coroutine.close(co) end",
    "while true do pcall(table.sort, {3, 2, 1}, function() press() while true do end end) end",
    "while true do pcall(counter(2).each, counter(2), function() press() while true do end end) end",
    "while true do pcall(counter(2).stop, counter(2)) end",
    "press() while true do pcall(counter(1).wait, counter(1)) end",
    "local co co = coroutine.wrap(function() while true do press() coroutine.yield() end end) while true do pcall(co) end",
  ])
  func notSwallowed(_ source: String) throws {
    #expect(throws: Interrupted.self) { try lua.run(source) }
    #expect(!lua.isInterruptPending)
    #expect(try answer(lua, "local n = 0 for i = 1, 10 do n = n + i end return n") == "55")
  }

  @Test("a coroutine that was interrupted is dead, another runs on")
  func afterwards() throws {
    try lua.run("other = coroutine.wrap(function() for i = 1, 9 do coroutine.yield(i) end end) other()")
    #expect(throws: Interrupted.self) { try lua.run("press() while true do other() end") }
    #expect(try answer(lua, "return pcall(other)").hasPrefix("true") || answer(lua, "return pcall(other)").hasPrefix("false"))
    #expect(try answer(lua, "local f = coroutine.wrap(function() return 3 end) return f()") == "3")
  }

  @Test("a binding that answers the interrupt lets the script run on, and it is remembered")
  func answered() throws {
    #expect(try answer(lua, "counter(1):carry_on() local n = 0 for i = 1, 10 do n = n + 1 end return n") == "10")
    #expect(lua.wasInterrupted)
  }
}
