import FluxCore

extension Figure {
  /// Which plants grow at a bridge's contributing pixels (bars), and at all pixels (outlines), as shares (Fig. B3).
  ///
  /// - Parameters:
  ///   - types: names of the plant functional types.
  ///   - contributing, all: 0 to 1. Shape `[type]`.
  public static func plantTypes(_ types: [String], contributing: [Double], all: [Double]) -> Figure {
    let x = types.indices.map(Double.init)
    return Figure(Panel("", .plot(PlotPanel(x: Axis("", ticks: .words(types)), y: Axis("share of pixels (%)", holdsZero: true), marks: [
      .bars(x: x, heights: contributing.map { $0 * 100 }, width: 0.7, colour: .line(0), name: "contributing pixels"),
      .bars(x: x, heights: all.map { $0 * 100 }, width: 0.82, colour: .black, name: "all pixels", outlined: true),
      .horizontal(0, Stroke(.black, width: 0.5)),
    ]))))
  }

  /// The same region by region: wide columns of the contributing pixels, narrow ones of all pixels beside them (Fig. B4).
  ///
  /// - Parameters:
  ///   - regions: codes.
  ///   - contributing, all: 0 to 1, NaN for a region without any. Shape `[region][type]`.
  public static func plantTypes(_ types: [String], regions: [String], contributing: [[Double]], all: [[Double]]) -> Figure {
    // Columns are stacked by drawing the tallest sum first; types that occur nowhere have no colour and no place in the legend.
    let present = types.indices.filter { type in contributing.contains { $0[type] > 0 } || all.contains { $0[type] > 0 } }
    func sums(_ shares: [[Double]], upTo last: Int) -> [Double] {
      shares.map { region in 100 * present[0...last].reduce(0) { $0 + region[$1] } }
    }
    var marks: [Mark] = []
    for i in present.indices.reversed() {
      let colour = Colour.type(i)
      marks.append(.bars(x: regions.indices.map { Double($0) - 0.16 }, heights: sums(contributing, upTo: i), width: 0.48, colour: colour, name: types[present[i]]))
      marks.append(.bars(x: regions.indices.map { Double($0) + 0.25 }, heights: sums(all, upTo: i), width: 0.2, colour: colour))
    }
    let plot = PlotPanel(x: Axis("", ticks: .words(regions)), y: Axis("share of pixels (%)", range: 0...100), marks: marks, aspect: 0.36)
    return Figure([[Panel("wide: contributing pixels, narrow: all pixels of the region", .plot(plot))]], width: FigureLayout.wholePage)
  }
}
