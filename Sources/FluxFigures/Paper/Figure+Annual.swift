import FluxCore
import FluxData
import FluxEvaluation

extension Figure {
  /// Annual totals, their departures from a straight line, and their interannual variability (Fig. 2).
  ///
  /// The variability is no number below ten years; where no run has it, its panel is left out.
  ///
  /// - Parameters:
  ///   - runs: name and series of months or years, with whole years; ensembles as mean ± standard deviation.
  ///   - region: a code, or "globe" for the sum of all.
  public static func annual(_ runs: [(name: String, series: Series)], region: String, at place: String) throws -> Figure {
    try RunStyle.check(runs.map(\.name), at: place)
    let colours = RunStyle.colours(runs.map(\.name))
    var totals: [Curve] = [], anomalies: [Curve] = [], variability: [(name: String, heights: [Double])] = []
    var unit = ""
    for (i, run) in runs.enumerated() {
      let one = try run.series.inRegion(region, at: place), years = one.time.step == .year ? one : try one.annual()
      unit = GMTText.unit(years.unit.description)
      let curve = try Curve(run.name, years, region: years.regions[0], colour: colours[i], at: place)
      totals.append(curve)
      let detrended = years.memberMean().detrended().values, mean = detrended.filter(\.isFinite).reduce(0, +) / Double(max(1, detrended.filter(\.isFinite).count))
      anomalies.append(Curve(run.name, x: curve.x, y: detrended.map { $0 - mean }, colour: colours[i]))
      variability.append((RunStyle.title(run.name), [Metrics.iav(curve.y)]))
    }
    var bars: [Mark] = variability.enumerated().map { i, run in .bars(x: [Double(i)], heights: run.heights, width: 0.7, colour: colours[i]) }
    let height = Axis("IAV (\(unit))", holdsZero: true)
    if variability.contains(where: { $0.heights[0].isNaN }) { bars.append(.note(["none below 10 years"])) }
    func plot(_ title: String, _ label: String, _ curves: [Curve]) -> Panel {
      var panel = Figure.lines(curves, title: title, x: Axis("", ticks: .integers), y: Axis("\(label) (\(unit))")).panels[0]
      if case .plot(var content) = panel.content {
        content.aspect = 0.75
        panel.content = .plot(content)
      }
      return panel
    }
    let last = PlotPanel(x: Axis("", ticks: .words(variability.map(\.name))), y: height, marks: bars, aspect: 0.75)
    let series = [plot("(a) annual NEE", "NEE", totals), plot("(b) detrended anomalies", "anomaly of NEE", anomalies)]
    var figure = Figure([variability.allSatisfy { $0.heights[0].isNaN } ? series : series + [Panel("(c) interannual variability", .plot(last))]])
    figure.isFlow = true
    return figure
  }
}
