import FluxCore
import TestSupport
import Testing
@testable import LuaRuntime

@Suite("Memory")
struct MemoryTests {
  @Test("objects with much native memory do not pile up")
  func pressure() throws {
    let lua = counterSession()
    try lua.run("for i = 1, 20000 do counter.heavy(8000000) end")
    #expect(lua.nativeBytesAlive < 100_000_000, "160 GB were claimed in all")
  }

  @Test("small objects in millions stay bounded too")
  func smallObjects() throws {
    let lua = counterSession()
    try lua.run("for i = 1, 300000 do counter(i) end")
    #expect(lua.nativeBytesAlive < 20_000_000)
  }

  @Test("what is really alive is kept, beyond the soft limit too")
  func alive() throws {
    let lua = counterSession()
    try lua.run("kept = {} for i = 1, 100 do kept[i] = counter.heavy(20000000) end")
    #expect(lua.nativeBytesAlive >= 2_000_000_000)
    #expect(try answer(lua, "local n = 0 for i = 1, 100 do n = n + kept[i].count end return n") == "0")
    try lua.run("kept = nil collectgarbage()")
    #expect(lua.nativeBytesAlive < 1_000_000)
  }

  @Test("free and <close> give native memory back at once")
  func free() throws {
    let lua = counterSession()
    try lua.run("collectgarbage('stop') for i = 1, 100 do counter.heavy(1000000):free() end")
    #expect(lua.nativeBytesAlive < 1_000_000)
    try lua.run("for i = 1, 100 do local c <close> = counter.heavy(1000000) end")
    #expect(lua.nativeBytesAlive < 1_000_000)
  }

  @Test("a script that outgrows Lua's memory gets a message, and the session lives on")
  func limit() throws {
    let lua = counterSession(memoryLimit: 32 << 20)
    for source in ["local t = {} for i = 1, 1e9 do t[i] = i end", "return ('x'):rep(1e9)", "local s = 'x' while true do s = s .. s end"] {
      expectRefusal("more than the 32 MiB that they may take") { try lua.run(source) }
    }
    #expect(try answer(lua, "local ok, e = pcall(string.rep, 'x', 1e9) return ok, e") == "false not enough memory")
    #expect(try answer(lua, "return counter(3).count") == "3")
  }

  @Test("what Swift makes beyond the limit is an error once Swift has returned")
  func limitInSwift() throws {
    let lua = LuaSession(memoryLimit: 8 << 20)
    lua.install(LuaModule("big", "makes much", [
      .function("list", "() -> number[]", "a million numbers") { _ in [Double](repeating: 1, count: 1_000_000) }
    ]))
    expectRefusal("not enough memory: Lua's own values held", "more than the 8 MiB that they may take") {
      try lua.run("local a = big.list() local b = {} for i = 1, 1e5 do b[i] = {} end")
    }
    #expect(try answer(lua, "collectgarbage() return 1") == "1")
  }

  @Test("a closed session ends its objects")
  func closing() throws {
    weak var alive: Counter?
    do {
      let lua = counterSession()
      let counter = Counter(3)
      alive = counter
      lua.set("c", counter)
      #expect(try answer(lua, "return c.count") == "3")
    }
    #expect(alive == nil)
  }
}
