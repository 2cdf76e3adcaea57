import LuaRuntime
import Testing

@testable import FluxLua

/// What a script is told before anything is drawn.
@Suite("Figures in Lua")
struct FigureBindingTests {
  let lua = FluxLibrary.session()

  func message(_ code: String) -> String { #expect(throws: LuaError.self) { try lua.run(code) }?.description ?? "" }

  @Test("a figure of nothing but missing values is refused where it is made", arguments: [
    ("figure.lines { runs = { a = tensor { 0 / 0, 0 / 0 } } }", "figure.lines: none of 2 values is a finite number; expected at least one"),
    ("figure.heatmap(tensor { { 0 / 0, 1 / 0 } })", "figure.heatmap: none of 2 values is a finite number"),
    ("tensor { 0 / 0, 0 / 0 }:plot()", "Tensor:plot: none of 2 values is a finite number"),
    ("figure.scatter { x = tensor { 1, 0 / 0 }, y = tensor { 0 / 0, 1 } }", "figure.scatter: of 2 pairs none has two finite numbers"),
    ("figure.points { lat = tensor { 1 }, lon = tensor { 1 }, values = tensor { 0 / 0 } }", "figure.points: none of 1 values is a finite number"),
    ("figure.bars { runs = { a = tensor { 0 / 0 } } }", "figure.bars: none of 1 values is a finite number"),
  ])
  func blank(_ code: String, _ words: String) { #expect(message("return " + code).contains(words)) }

  @Test("bars of unequal number and places off the Earth are named")
  func uneven() {
    #expect(message("return figure.bars { runs = { a = tensor { 1, 2 }, b = tensor { 1 } } }")
      .contains("figure.bars: run 'a' has 2 values, run 'b' 1; expected as many of each run"))
    #expect(message("return figure.points { lat = tensor { 51, 91 }, lon = tensor { 13, 5 }, values = tensor { 1, 2 } }")
      .contains("figure.points: lat[2] is 91.0; expected degrees north, -90 to 90"))
  }

  @Test("a place without a value leaves the others to be drawn")
  func partly() throws {
    #expect(try lua.run("return tostring((figure.bars { runs = { a = tensor { 1, 0 / 0 } } }).panels)").first?.string == "1")
    #expect(try lua.run("return tostring((figure.points { lat = tensor { 51, 999 }, lon = tensor { 13, 5 }, values = tensor { 1, 0 / 0 } }).panels)").first?.string == "1")
  }
}
