import FluxCore
import Testing
@testable import LuaRuntime

@Suite("A Swift type in Lua")
struct LuaTypeTests {
  let lua = counterSession()

  @Test("properties, methods, operators, indexing and calls work as declared")
  func members() throws {
    #expect(try answer(lua, "local c = counter(3) return c.count, c:add(2).count, #c, c(1), c[2], c[{2, 3}]") == "3 5 5 6 10 30")
    #expect(try answer(lua, "local c = counter(3) return c + 1, 1 + c, c + c, -c, c < c + 1, c == c, c == counter(3)")
      == "Counter(4) Counter(4) Counter(6) Counter(-3) true true false")
    #expect(try answer(lua, "local c = counter(3) c[2] = 5 c.label = 'x' local l = c.label c.label = nil return c.count, l, c.label") == "10 x nil")
    #expect(try answer(lua, "return counter(4):both()") == "4 two")
    #expect(try answer(lua, "return counter(2):add(3, 'double').count") == "8")
    #expect(try answer(lua, "return counter(2):scaled{factor = 2, offset = 1}, counter(2):scaled()") == "5.0 2.0")
    #expect(try answer(lua, "local s = 0 counter(3):each(function(i) s = s + i end) return s") == "6")
  }

  @Test("modules convert lists, maps and mixed options")
  func modules() throws {
    #expect(try answer(lua, "return counter.total{1, 2.5}, #counter.named{b = 1, a = 2}, counter.limit") == "3.5 2 100")
    #expect(try answer(lua, "return counter.open{'a.nc', years = {2001, 2002}}") == "a.nc [2001, 2002]")
  }

  @Test("wrong arguments are told with function, position, name and both types", arguments: [
    ("counter(3):add('x')", "Counter:add: argument 1 ('n') is a string; expected an integer."),
    ("counter(3):add()", "Counter:add: argument 1 ('n') is missing; expected an integer."),
    ("counter(3):add(2.5)", "Counter:add: argument 1 ('n') is 2.5; expected an integer."),
    ("counter(3):add(1, 'duoble')", "argument 2 ('step') is 'duoble'; expected one of 'single', 'double'.\n  Did you mean 'double'?"),
    ("counter(3).add(1)", "Counter:add: called on a number; expected a Counter.\n  Write object:add(…), with a colon."),
    ("counter(3):each(5)", "Counter:each: argument 1 ('f') is a number; expected a function."),
    ("counter(3):scaled{fcator = 2}", "Counter:scaled: unknown option 'fcator'; did you mean 'factor'?\n  Valid: factor, offset."),
    ("counter(3):scaled{factor = 'a'}", "Counter:scaled: option 'factor' is a string; expected a number."),
    ("counter(3):scaled{3}", "the table of options has an item [1] without a name"),
    ("counter.open{'a', yaers = {}}", "unknown option 'yaers'; did you mean 'years'?"),
    ("counter.open{'a'}", "counter.open: option 'years' is missing; expected a list, each item integer."),
    ("counter.total{1, 'b'}", "counter.total: argument 1 ('values') is a list whose item 2 is a string; expected a list, each item number."),
    ("counter.named{a = 'x'}", "a table whose 'a' is a string"),
    ("local x = counter(3).cuont", "Counter has no member 'cuont'; did you mean 'count'?"),
    ("local x = counter(3)[true]", "Counter[…]: argument 1 ('i') is a boolean"),
    ("counter(3).count = 4", "Counter.count: 'count' cannot be assigned.\n  Assignable: label."),
    ("counter(3).labl = 4", "Counter has no member 'labl'; did you mean 'label'?"),
    ("local x = counter(3) + {}", "Counter +: argument 2 ('operand') is a table; expected an integer."),
    ("cuonter(3)", "attempt to call a nil value (global 'cuonter'); did you mean 'counter'?"),
    ("counter.totl{1}", "attempt to call a nil value (field 'totl'); did you mean 'total'?"),
  ])
  func messages(_ source: String, _ expected: String) {
    let text = message(lua, source)
    #expect(text.contains(expected), "\(text)")
  }

  @Test("an error of Swift's tells the line of the script")
  func place() {
    #expect(message(lua, "\n\ncounter(3):add('x')").hasSuffix("\n  at script.lua:3"))
  }

  @Test("a list with holes claims no memory for what is not there")
  func holes() throws {
    let text = message(lua, "local t = {} for i = 0, 62 do t[1 << i] = 1 end error(counter.total(t))")
    #expect(!text.contains("memory"))
    #expect(message(lua, "counter.total{1, 2, nil, 4}").contains("a list whose item 3 is nil; expected a list, each item number"))
  }

  @Test("a freed object is refused, and freeing twice is harmless")
  func freed() throws {
    #expect(message(lua, "local c = counter(1) c:free() return c:add(1)").contains("a Counter that has been freed"))
    #expect(try answer(lua, "local c = counter(1) c:free() return tostring(c)") == "Counter (freed)")
    #expect(try answer(lua, "local k do local c <close> = counter(1) k = c end return tostring(k)") == "Counter (freed)")
    #expect(try answer(lua, "local c = counter(1) c:free() c:free() return 1") == "1")
  }

  @Test("scripts cannot reach the metatable")
  func protected() throws {
    #expect(try answer(lua, "return getmetatable(counter(1)), pcall(setmetatable, counter(1), {})").hasPrefix("Counter false"))
  }
}
