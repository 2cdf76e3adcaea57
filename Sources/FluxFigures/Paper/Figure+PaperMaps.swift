import FluxCore
import FluxData
import FluxEvaluation
import Glibc

extension Figure {
  /// Mean (top) and standard deviation over the years (below) of each run's annual NEE (Fig. 5).
  ///
  /// - Parameter runs: name and flux cube, per day or per year.
  public static func annualMaps(_ runs: [(name: String, cube: Cube)], at place: String) throws -> Figure {
    let years = try runs.map { try $0.cube.time?.step == .year ? $0.cube : $0.cube.annual(.sum) }
    let means = try years.map { try mapValues($0, at: place) }
    let spreads = try years.map { $0.timeCount > 1 ? try $0.reduced(.std, over: ["time"]).read(time: 0..<1) : [Float](repeating: .nan, count: $0.grid.cellCount) }
    let unit = GMTText.unit(years[0].unit?.description ?? years[0].unitText)
    return Figure([
      maps(means, years.map(\.grid), runs.map { "\(RunStyle.title($0.name)): mean" }, "annual NEE (\(unit))"),
      maps(spreads, years.map(\.grid), runs.map { "\(RunStyle.title($0.name)): standard deviation" }, "standard deviation of annual NEE (\(unit))"),
    ])
  }

  /// Mean maps of months: a row a month, a column a run, and the difference of the first two in a column more (Fig. 6).
  ///
  /// - Parameter months: 1 to 12.
  public static func monthlyMaps(_ runs: [(name: String, cube: Cube)], months: [Int], at place: String) throws -> Figure {
    let cycles = try runs.map { try ($0.cube.time?.step == .day ? $0.cube.monthly() : $0.cube).meanSeasonalCycle(by: .month) }
    if runs.count > 1, !cycles[0].grid.matches(cycles[1].grid) { throw FluxError("the first two runs lie on different grids", at: place, expected: "one grid") }
    let values = try cycles.map { cycle in try months.map { try cycle.read(time: ($0 - 1)..<$0) } }
    let scale = ColourScale(of: values.flatMap { $0.flatMap { $0 } }, label: cycles[0].axisLabel)
    let differences = runs.count > 1 ? months.indices.map { m in zip(values[0][m], values[1][m]).map { $0 - $1 } } : []
    let other = ColourScale(of: differences.flatMap { $0 }, label: "difference of \(cycles[0].axisLabel)")
    let names = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
    return Figure(months.indices.map { m in
      func panel(_ title: String, _ grid: Grid, _ values: [Float], _ scale: ColourScale) -> Panel {
        Panel(title, .map(MapPanel(grid: grid, values: values, colours: scale)))
      }
      let month = names[months[m] - 1]
      return runs.indices.map { r in panel("\(RunStyle.title(runs[r].name)), \(month)", cycles[r].grid, values[r][m], scale) }
        + (differences.isEmpty ? [] : [panel("\(RunStyle.title(runs[0].name)) − \(RunStyle.title(runs[1].name)), \(month)", cycles[0].grid, differences[m], other)])
    })
  }

  /// Pearson's R of each pixel's months with the reference, by run, and the difference of the first two runs (Fig. 7).
  public static func correlationMaps(_ runs: [(name: String, cube: Cube)], reference: Cube, at place: String) throws -> Figure {
    func monthly(_ cube: Cube) throws -> Cube { cube.time?.step == .day ? try cube.monthly() : cube }
    let target = try monthly(reference)
    let correlations = try runs.map { try PixelCorrelation.map(monthly($0.cube), reference: target, at: place) }
    func scale(_ limit: Double, _ label: String) -> ColourScale { ColourScale(palette: "vik", lower: -limit, upper: limit, label: label) }
    var panels = runs.indices.map { i in
      Panel(RunStyle.title(runs[i].name), .map(MapPanel(grid: target.grid, values: correlations[i], colours: scale(1, "R with \(target.name == "nee" ? "the reference" : target.longName)"))))
    }
    if runs.count > 1 {
      let difference = zip(correlations[0], correlations[1]).map { $0 - $1 }
      panels.append(Panel("\(RunStyle.title(runs[0].name)) − \(RunStyle.title(runs[1].name))", .map(MapPanel(grid: target.grid, values: difference, colours: ColourScale(of: difference + [-0.01, 0.01], label: "difference of R", palette: "vik")))))
    }
    return arranged(panels)
  }

  /// How often each pixel was chosen for a region's total, on a logarithmic scale (Fig. B2).
  ///
  /// - Parameter frequency: share of the draws, 0 to 1; pixels that were never chosen stay empty.
  public static func selection(_ frequency: Cube, at place: String) throws -> Figure {
    let values = try mapValues(frequency, at: place).map { $0 > 0 ? Float(log10(Double($0))) : .nan }
    var scale = ColourScale(of: values, label: "share of draws in which a pixel was chosen, log₁₀", palette: "lapaz")
    scale.isReversed = true
    // Whole powers of ten: what was chosen least is then not as pale as the land around it.
    let least = values.filter(\.isFinite).min().map(Double.init) ?? -1
    (scale.lower, scale.upper) = (min(-1, (least - 1e-9).rounded(.down)), 0)
    return Figure([[Panel("", .map(MapPanel(grid: frequency.grid, values: values, colours: scale)))]], width: FigureLayout.wholePage)
  }

  private static func maps(_ values: [[Float]], _ grids: [Grid], _ titles: [String], _ label: String) -> [Panel] {
    let scale = ColourScale(of: values.flatMap { $0 }, label: label)
    return values.indices.map { Panel(titles[$0], .map(MapPanel(grid: grids[$0], values: values[$0], colours: scale))) }
  }
}
