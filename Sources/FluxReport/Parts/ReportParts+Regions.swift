import FluxCore
import FluxData
import FluxDocument
import FluxEvaluation
import FluxFigures

extension ReportParts {
  /// The years of the globe.
  func globe() throws -> [ReportPage.Block] {
    guard !runs.isEmpty else { return [] }
    let all = try allSeries()
    return [
      .figure(
        try .annual(all, region: "globe", at: place), caption:
          """
          Annual global NEE and its departures from a straight line (paper Fig. 2); shaded: ± one standard deviation \
          over members.
          """
      )
    ]
  }

  /// Seasonal cycles and measures by region, against what there is to compare with.
  func regional() throws -> [ReportPage.Block] {
    guard !runs.isEmpty else { return [] }
    var blocks: [ReportPage.Block] = []
    let all = try allSeries(), codes = runs[0].series.regions
    let shown = ["BRA", "EU"].filter(codes.contains) + ["globe"]
    blocks.append(
      .figure(
        try .cycles(all, regions: shown, label: nil, at: place),
        caption: "Mean seasonal cycles (paper Fig. 3); shaded: ± one standard deviation over members."))
    if let target = report.target {
      let metrics = try runs.map { try RegionalMetrics(run: $0.name, $0.series, reference: target, draws: 0) }
      blocks.append(
        .figure(
          try .efficiency(runs.map { (name: $0.name, series: $0.series) }, reference: target, at: place),
          caption: "Normalised Nash–Sutcliffe efficiency of monthly NEE against the inversions' mean (paper Fig. 4)."))
      blocks += [
        .table(metrics.table2(reference: target, paper: isPaired)),
        .table(metrics.table3(reference: target, paper: isPaired)),
      ]
      if report.draws > 0, let globe = try intervals(target) { blocks.append(.table(globe)) }
    }
    if let truth = try trueSeries() {
      var judged = try runs.map { try RegionalMetrics(run: $0.name, $0.series, reference: truth) }
      if let target = report.target { judged.append(try RegionalMetrics(run: "inversions", target, reference: truth)) }
      blocks += [.table(judged.table2(reference: truth)), .table(judged.table3(reference: truth))]
    }
    if let regions = report.regions ?? report.sampledMask {
      blocks.append(.figure(.regions(regions), caption: "The regions (paper Fig. A1)."))
    }
    if codes.count > shown.count {
      blocks.append(
        .figure(
          try .cycles(all, regions: nil, label: nil, at: place),
          caption: "Mean seasonal cycles of all regions (paper Fig. C1)."))
    }
    return blocks
  }

  /// The globe's measures with their intervals.
  private func intervals(_ target: Series) throws -> Table? {
    let metrics = try runs.map { run in
      let m = try RegionalMetrics(
        run: run.name, run.series.total(), reference: target.total(), draws: report.draws, seed: report.seed)
      return (run.name, m.globe, m.years.count)
    }
    var table = Table(
      title: "The globe against the mean of the inversions, with 95 % intervals",
      columns: ["run"] + RegionalMeasure.allCases.map(\.title),
      notes: ["in brackets: whole years drawn with replacement, \(report.draws) times, seed \(report.seed)"])
    if let fewest = metrics.map(\.2).min(), let warning = Bootstrap.warning(fewest, "years") {
      table.notes.append(warning)
    }
    for (name, row, _) in metrics {
      table.rows.append([.text(RunStyle.title(name))] + RegionalMeasure.allCases.map { measure in
            .interval(
              row[measure], low: row.intervals[measure]?.lowerBound ?? .nan,
              high: row.intervals[measure]?.upperBound ?? .nan, digits: 3)
      })
    }
    return table.rows.isEmpty ? nil : table
  }
}
