import FluxCore
import FluxData
import FluxEvaluation

extension Figure {
  /// The normalised Nash–Sutcliffe efficiency of months in every region, ordered by the last run (Fig. 4).
  ///
  /// - Parameters:
  ///   - runs: name and series of months; ensembles by their mean.
  ///   - reference: what they are judged by, such as the mean of the inversions; months that both have are compared.
  public static func efficiency(_ runs: [(name: String, series: Series)], reference: Series, at place: String) throws -> Figure {
    try RunStyle.check(runs.map(\.name), areBars: true, at: place)
    let observed = reference.memberMean()
    let places = runs[0].series.regions.filter(observed.regions.contains) + ["globe"]
    guard places.count > 1 else { throw FluxError("no region of the runs is in the reference", at: place, expected: "common regions: \(observed.regions.joined(separator: ", "))") }
    let there = Dictionary(observed.time.dates.enumerated().map { ($1.year * 12 + $1.month, $0) }, uniquingKeysWith: { a, _ in a })
    let scores = try runs.map { run -> [Double] in
      let modelled = try run.series.memberMean().only(places.dropLast().map { $0 }), target = try observed.only(modelled.regions)
      let pairs = modelled.time.dates.enumerated().compactMap { i, date in there[date.year * 12 + date.month].map { (i, $0) } }
      guard !pairs.isEmpty else { throw FluxError("run '\(run.name)' and the reference have no month in common", at: place, expected: "overlapping months") }
      return try places.map { code in
        let a = try modelled.inRegion(code, at: place).values, b = try target.inRegion(code, at: place).values
        return Metrics.nnse(pairs.map { a[$0.0] }, pairs.map { b[$0.1] })
      }
    }
    let last = scores[scores.count - 1]
    let order = places.indices.sorted { (last[$0].isNaN ? -1 : last[$0]) > (last[$1].isNaN ? -1 : last[$1]) }
    var figure = Figure.bars(labels: order.map { places[$0] }, runs: runs.indices.map { run in (runs[run].name, order.map { scores[run][$0] }) }, label: "nNSE of monthly NEE")
    figure.width = FigureLayout.wholePage
    if case .plot(var plot) = figure.rows[0][0]?.content {
      plot.aspect = 0.36
      plot.y.range = 0...1
      plot.marks.append(.horizontal(0.5, Stroke(.grey, width: 0.6, dashed: true)))
      figure.rows[0][0]?.content = .plot(plot)
    }
    return figure
  }
}
