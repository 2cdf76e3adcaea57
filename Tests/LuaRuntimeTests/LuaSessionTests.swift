import FluxCore
import TestSupport
import Testing
@testable import LuaRuntime

@Suite("A Lua session")
struct LuaSessionTests {
  let lua = counterSession()

  @Test("every kind of call leaves the stack as it was", arguments: [
    "return 1, 2, 3",
    "return counter(3):add(2), counter(1):both()",
    "error('x')",
    "error{}",
    "counter(3):add('x')",
    "counter(3):scaled{fcator = 1}",
    "counter.open{'a', years = {1, 'x'}}",
    "counter.named{a = 1, b = 'x'}",
    "counter(2):each(function() error('inner') end)",
    "counter(2):each(function() counter(1).cuont() end)",
    "coroutine.wrap(function() counter(2):each(function() error('x') end) end)()",
    "this is not Lua",
    "cuonter()",
  ])
  func balance(_ source: String) {
    for _ in 0..<3 {
      let before = lua.stack.top
      _ = try? lua.run(source)
      #expect(lua.stack.top == before)
    }
  }

  @Test("each binding leaves exactly its results on the stack")
  func results() throws {
    #expect(try answer(lua, "return select('#', counter(1):reset()), select('#', counter(1):both()), select('#', counter(1).count)") == "0 2 1")
  }

  @Test("every kind of error value gives a clear message", arguments: [
    ("error{}", "the error value is a table: {}"),
    ("error{code = 2, file = 'a.nc'}", "{code = 2, file = \"a.nc\"}"),
    ("error()", "error() was called without a message (the error value is nil)"),
    ("error(nil)", "the error value is nil"),
    ("error(setmetatable({}, {__tostring = function() return 'my own text' end}))", "my own text"),
    ("error(setmetatable({}, {__tostring = function() error('no') end}))", "the error value's __tostring failed: "),
    ("error(true)", "the error value is a boolean: true"),
    ("error(counter(3))", "the error value is a Counter: Counter(3)"),
    ("error('plain', 0)", "plain"),
    ("local x = nil + 1", "script.lua:1: attempt to perform arithmetic on a nil value"),
    ("string.rep()", "bad argument #1 to 'rep'"),
    ("local function f() return f() + 1 end f()", "stack overflow"),
    ("local t = setmetatable({}, {}) getmetatable(t).__index = t return t.x", "loop"),
  ])
  func errorValues(_ source: String, _ expected: String) {
    let text = message(lua, source)
    #expect(text.contains(expected), "\(text)")
  }

  @Test("an error value passes through Swift unchanged")
  func errorIdentity() throws {
    #expect(try answer(lua, """
      local e = {code = 7}
      local ok, got = pcall(function() counter(1):each(function() error(e) end) end)
      return ok, got == e, got.code
      """) == "false true 7")
  }

  @Test("the traceback starts where the error was raised, also through Swift, without our frames")
  func traceback() throws {
    let error = try #require(throws: LuaError.self) {
      try lua.run("local function deep()\n  error('x')\nend\ncounter(1):each(function()\n  deep()\nend)", name: "@script.lua")
    }
    let lines = try #require(error.traceback).split(separator: "\n")
    #expect(lines[1].contains("script.lua:2: in upvalue 'deep'"))
    #expect(lines.last?.contains("script.lua:4: in main chunk") == true)
    #expect(!lines.contains { $0.contains("[C]: in ?") })
  }

  @Test("an error that a script caught lends its traceback to no other")
  func staleTraceback() throws {
    let error = try #require(throws: LuaError.self) {
      try lua.run("pcall(counter(1).each, counter(1), function() error('x', 0) end)\ncounter(1)\nlocal function late() error('x', 0) end\nlate()", name: "@script.lua")
    }
    #expect(error.traceback?.contains("in local 'late'") == true)
  }

  @Test("Lua and Swift calling each other without end is an error, not a crash")
  func recursion() throws {
    let text = message(lua, "local function f() counter(1):each(f) end f()")
    #expect(text.contains("stack overflow"), "\(text)")
    #expect(try answer(lua, "return counter(3).count") == "3")
  }

  @Test("only an input that ends too early is incomplete", arguments: [
    ("for i = 1, 2 do", true), ("x = {", true), ("f(", true), ("x = 'abc", false), ("x = [[", true),
    ("x = = 2", false), ("end", false), ("if then", false),
  ])
  func incomplete(_ source: String, _ expected: Bool) throws {
    let error = try #require(throws: LuaError.self) { try lua.load(source) }
    guard case .syntax(let isIncomplete) = error.kind else { Issue.record("\(error.kind)"); return }
    #expect(isIncomplete == expected)
  }

  @Test("assigning a module's name warns once, and nil brings it back")
  func hiddenModule() throws {
    var warnings: [String] = []
    lua.warn = { warnings.append($0) }
    #expect(try answer(lua, "counter = 3 counter = 4 local c = counter counter = nil return c, counter(5).count") == "4 5")
    try lua.run("counter = 1 mine = 2")
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("'counter' now hides the library's counter") == true)
  }

  @Test("a global that is not set reads as nil, and under strict is an error")
  func strict() throws {
    #expect(try answer(lua, "return nothing") == "nil")
    lua.beStrict()
    #expect(message(lua, "return cuonter").contains("global 'cuonter' is not set; did you mean 'counter'?"))
    #expect(try answer(lua, "mine = 3 return mine, counter(2).count") == "3 2")
  }

  @Test("a reference may be dropped on any thread, and outlive its session")
  func references() async throws {
    var session: LuaSession? = counterSession()
    let function = try #require(try session?.run("return function(x) return x + 1 end").first?.reference?.read(as: LuaFunction.self))
    #expect(try function.call(2, returning: Int.self) == 3)
    session = nil
    expectRefusal("callback: its interpreter was closed") { try function.call(2) }
    var value = try lua.run("return {}").first?.reference
    let dropping = Task.detached { [moved = value] in _ = moved }
    value = nil
    await dropping.value
    lua.releaseDropped()
  }

  @Test("a callback without a result says so")
  func callbackResult() throws {
    let function = try #require(try lua.run("return function() end").first?.reference?.read(as: LuaFunction.self))
    expectRefusal("the value of term 'huber' is nothing (is a 'return' missing?); expected a number") {
      try function.call(returning: Double.self, "the value of term 'huber'")
    }
  }

  @Test("too many results are an error, not a crash")
  func manyResults() throws {
    let function = try #require(try lua.run("return function(...) return select('#', ...) end").first?.reference?.read(as: LuaFunction.self))
    expectRefusal("2000000 arguments at once; expected fewer") {
      try function.call(list: Array(repeating: 1, count: 2_000_000))
    }
    #expect(try function.call(list: Array(repeating: 1, count: 1000)).first?.integer == 1000)
  }
}
