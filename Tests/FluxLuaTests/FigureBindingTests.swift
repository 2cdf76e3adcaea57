import LuaRuntime
import TestSupport
import Testing

@testable import FluxLua

/// What a script is told before anything is drawn.
@Suite("Figures in Lua")
struct FigureBindingTests {
  let lua = FluxLibrary.session()

  func message(_ code: String) -> String { refusal { try lua.run(code) } }

  @Test("a figure of nothing but missing values is refused where it is made", arguments: [
    ("figure.lines { runs = { a = tensor { 0 / 0, 0 / 0 } } }", "figure.lines: none of 2 values is a finite number; expected at least one"),
    ("figure.heatmap(tensor { { 0 / 0, 1 / 0 } })", "figure.heatmap: none of 2 values is a finite number"),
    ("tensor { 0 / 0, 0 / 0 }:plot()", "Tensor:plot: none of 2 values is a finite number"),
    ("figure.scatter { x = tensor { 1, 0 / 0 }, y = tensor { 0 / 0, 1 } }", "figure.scatter: of 2 pairs none has two finite numbers"),
    ("figure.points { lat = tensor { 1 }, lon = tensor { 1 }, values = tensor { 0 / 0 } }", "figure.points: none of 1 values is a finite number"),
    ("figure.bars { runs = { a = tensor { 0 / 0 } } }", "figure.bars: none of 1 values is a finite number"),
  ])
  func blank(_ code: String, _ words: String) { #expect(message("return " + code).contains(words)) }

  @Test("what cannot be drawn is told by what came", arguments: [
    ("figure.points { lat = tensor.zeros({0}), lon = tensor.zeros({0}), values = tensor.zeros({0}) }", "figure.points: there is no place to draw; expected at least one."),
    ("figure.points { lat = tensor { 1 }, lon = tensor { 1000 }, values = tensor { 1 } }", "-180 to 360.\n  A place that should not be drawn has NaN as its value."),
    ("figure.heatmap(tensor.zeros({ 0, 3 }))", "figure.heatmap: a tensor of shape [0, 3] holds no value; expected at least one."),
    ("figure.heatmap(tensor { 1, 2 })", "figure.heatmap: a tensor of shape [2], of rank 1; expected rank 2, [row, column]."),
    ("tensor(3):plot()", "Tensor:plot: a tensor of shape [], of rank 0; expected rank 1, a curve, or rank 2, [row, column]."),
    ("tensor.zeros({ 0 }):plot()", "Tensor:plot: there is no value to draw; expected at least one."),
    ("figure.bars { runs = { a = tensor { 1, 2 } }, errors = { a = tensor { 1, -0.5 } } }", "figure.bars: errors of run 'a': [2] is -0.5; expected 0 or more"),
    ("figure.scatter { x = tensor { 1, 2 }, y = tensor { 1, 2 }, range = { 50, 100 } }", "figure.scatter: none of 2 points lies within the axes, 50.0 to 100.0; expected at least one."),
    ("tensor { 1, 2 }:plot():save(\"bad/y\\0.png\")", "Figure:save: the file 'bad/y\\0.png' has a zero byte in its name; expected a name without."),
  ])
  func told(_ code: String, _ words: String) { #expect(message("return " + code).contains(words), "\(message("return " + code))") }

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
