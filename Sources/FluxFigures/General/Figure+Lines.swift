import FluxCore
import FluxData

extension Figure {
  /// Curves on common axes.
  public static func lines(_ curves: [Curve], title: String = "", x: Axis = Axis(), y: Axis = Axis(), zeroLine: Bool = true) -> Figure {
    var marks = Curve.marks(curves)
    let values = curves.flatMap(\.y).filter(\.isFinite)
    if zeroLine, let low = values.min(), let high = values.max(), low < 0, high > 0 { marks.insert(.horizontal(0, Stroke(.lightGrey, width: 0.6)), at: 0) }
    return Figure(Panel(title, .plot(PlotPanel(x: x, y: y, marks: marks))))
  }

  /// A panel of curves for each region, runs on common axes; in rows of three when there are many.
  ///
  /// - Parameters:
  ///   - runs: name and series; ensembles are drawn as mean ± standard deviation over members.
  ///   - regions: codes, or "globe" for the sum.
  public static func lines(_ runs: [(name: String, series: Series)], regions: [String], label: String?, at place: String) throws -> Figure {
    if let odd = runs.first(where: { $0.series.time.isCycle != runs[0].series.time.isCycle }) {
      throw FluxError("run '\(runs[0].name)' has \(runs[0].series.time.count) dates, run '\(odd.name)' \(odd.series.time.count): one of them is a single year of months", at: place,
        expected: "all single years, or none", remedy: "Draw mean seasonal cycles of all: figure.cycle, or s:msc().")
    }
    try RunStyle.check(runs.map(\.name), at: place)
    let colours = RunStyle.colours(runs.map(\.name))
    let panels = try regions.map { code -> Panel in
      let curves = try runs.indices.map { try Curve(runs[$0].name, runs[$0].series, region: code, colour: colours[$0], at: place) }
      let unit = label ?? GMTText.label(runs[0].series.title, unit: runs[0].series.unit.description)
      var panel = Figure.lines(curves, x: runs[0].series.time.axis, y: Axis(unit)).panels[0]
      if regions.count > 1 || code != "globe" || runs[0].series.regions != ["globe"] { panel.title = code }
      return panel
    }
    return arranged(panels)
  }

  /// Panels in a near-square table.
  static func arranged(_ panels: [Panel]) -> Figure {
    let columns = panels.count <= 3 ? max(1, panels.count) : panels.count == 4 ? 2 : panels.count <= 12 ? 3 : 4
    var figure = Figure(stride(from: 0, to: panels.count, by: columns).map { start in
      (start..<start + columns).map { panels.indices.contains($0) ? panels[$0] : nil }
    })
    figure.isFlow = true
    return figure
  }
}

extension Series {
  /// What its values are, for an axis: fluxes of carbon are NEE unless the name says otherwise.
  var title: String {
    let known = ["nee": "NEE", "gpp": "GPP", "ter": "TER", "series": "", "target": "NEE"]
    return known[name.lowercased()] ?? Quantity.named(name)?.longName ?? "NEE"
  }
}
