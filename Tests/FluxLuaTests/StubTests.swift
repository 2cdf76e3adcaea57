import LuaRuntime
import Testing
@testable import FluxLua

@Suite("Stubs for an editor")
struct StubTests {
  final class Gauge: LuaExposed {
    static let luaType = LuaType<Gauge>(
      "Gauge", "measures",
      members: [
        .property("level", "number", "mm") { _ in 1.0 },
        .method("read", "(at: integer, {unit: string = \"mm\", filter?: boolean}) -> value: number, string", "reads", example: "gauge(1):read(1)") { _, _ in 1.0 },
        .operator(.add, "(left: Gauge|number, right: Gauge|number) -> Gauge", "sum") { _ in Gauge() },
        .index("(i: integer) -> number", "the i-th") { _, _ in 1.0 },
      ])
  }

  @Test("a type becomes a class with fields, operators and methods in LuaCATS")
  func type() {
    #expect(StubText.type(Gauge.luaType) == """
      ---measures
      ---@class Gauge
      ---@field level number mm
      ---@operator add(Gauge): Gauge
      ---@operator add(number): Gauge
      ---@field [integer] number the i-th
      local Gauge = {}

      ---@class Gauge.read.options
      ---@field unit? string of the values, such as PgC month-1 (default "mm")
      ---@field filter? boolean

      ---reads
      ---```lua
      ---gauge(1):read(1)
      ---```
      ---@param at integer
      ---@param options? Gauge.read.options
      ---@return number value
      ---@return string
      function Gauge:read(at, options) end

      ---gives its memory back at once; the object cannot be used afterwards
      function Gauge:free() end

      """)
  }

  @Test("a module becomes a table of functions")
  func module() {
    let module = LuaModule("gauge", "gauges", [
      .call("(n: integer) -> Gauge", "makes one") { _ in Gauge() },
      .value("limit", "integer", "the most") { _ in 3 },
      .function("open", "(path: string, ...: string)", "opens") { _ in },
    ])
    #expect(StubText.module(module, types: []) == """
      ---@meta
      -- Fluxbridge \(FluxVersion.text), written by `fluxbridge stubs` for an editor; never run.
      -- luacheck: globals gauge
      -- luacheck: no unused args, no self, ignore 241

      ---gauges
      ---@class gaugelib
      ---@field limit integer the most
      ---makes one
      ---@overload fun(n: integer): Gauge
      gauge = {}

      ---opens
      ---@param path string
      ---@param ... string
      function gauge.open(path, ...) end

      """)
  }
}
