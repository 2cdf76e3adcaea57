import FluxCore
import TestSupport
import Testing

@testable import FluxFigures

@Suite("Runs told apart")
struct RunStyleTests {
  private static func keys(_ figure: Figure) -> [LegendKey] { Legend(of: figure.panels[0]).entries.map(\.key) }
  private static func names(_ count: Int) -> [String] { ["ec", "ec_atm"] + (2..<count).map { "run\($0)" } }

  @Test("no two runs of a figure look the same: lines differ by dashes, bars by tints, where colours come again", arguments: [2, 8, 14, 19])
  func different(_ count: Int) throws {
    let names = Self.names(count), colours = RunStyle.colours(names)
    try RunStyle.check(names, areBars: true, at: "test")
    for figure in [
      Figure.lines(names.indices.map { Curve(names[$0], x: [1, 2], y: [1, 2], colour: colours[$0]) }), .bars(labels: ["a"], runs: names.map { ($0, [1]) }),
    ] {
      let keys = Self.keys(figure)
      #expect(keys.count == count)
      for i in keys.indices { #expect(!keys[..<i].contains(keys[i]), "\(names[i])") }
    }
  }

  @Test("the first run of a colour is a plain line, and so is every curve without a name")
  func plain() {
    let curves = Figure.lines([Curve("a", x: [1, 2], y: [1, 2]), Curve("b", x: [1, 2], y: [2, 2])])
    #expect(Self.keys(curves) == [.stroke(Stroke(.black)), .stroke(Stroke(.black, dashed: true))])
    for mark in Figure.lines([Curve("", x: [1, 2], y: [1, 2]), Curve("", x: [1, 2], y: [2, 2])]).panels[0].marks { if case .line(_, _, let style, _) = mark { #expect(style.pattern == .solid) } }
  }

  @Test("more runs than can be told apart are refused")
  func tooMany() throws {
    #expect(throws: Never.self) { try RunStyle.check(Self.names(24), at: "figure.lines") }
    expectRefusal("figure.lines: 40 runs; expected no more than can be told apart") {
      try RunStyle.check(Self.names(40), at: "figure.lines")
    }
    expectRefusal("figure.bars: 24 runs; expected no more than can be told apart") {
      try RunStyle.check(Self.names(24), areBars: true, at: "figure.bars")
    }
  }
}

extension Panel {
  fileprivate var marks: [Mark] { if case .plot(let plot) = content { plot.marks } else { [] } }
}
