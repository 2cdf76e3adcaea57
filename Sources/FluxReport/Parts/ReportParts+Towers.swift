import FluxDocument
import FluxEvaluation
import FluxFigures
import FluxTraining
import FluxObservations

extension ReportParts {
  /// Out of fold and in sample at the towers.
  func towers() throws -> [ReportPage.Block] {
    guard let samples = report.samples else { return [] }
    let names = report.result.variants.map(\.name).filter { !report.result.members(of: $0).isEmpty }
    let own = try names.map {
      (name: $0, values: try OutOfFold.predict(report.result, variant: $0, samples, outOfFold: true))
    }
    let all = try names.map {
      (name: $0, values: try OutOfFold.predict(report.result, variant: $0, samples, outOfFold: false))
    }
    let observed = samples.nee.map(Double.init)
    let hasTruth = report.truth?.towers != nil
    var table = Table(
      title: "All days of all towers, gC m-2 d-1",
      columns: ["run", "RMSE out of fold", "R out of fold", "RMSE in sample"]
        + (hasTruth ? ["RMSE out of fold, true flux"] : []) + (isPaired ? ["RMSE in sample, paper"] : []),
      notes: [
        """
        out of fold: each site by the one member that has not seen it; in sample: by the mean of all, as in the \
        paper's Fig. 8
        """
      ])
    for (o, a) in zip(own, all) {
      let m = SiteMetrics(o.values, samples, rows: Array(observed.indices), draws: report.draws, seed: report.seed)
      var row: [Table.Cell] = [
        .text(RunStyle.title(o.name)),
        .interval(m.rmse, low: m.rmseInterval?.lowerBound ?? .nan, high: m.rmseInterval?.upperBound ?? .nan, digits: 3),
        .interval(m.r, low: m.rInterval?.lowerBound ?? .nan, high: m.rInterval?.upperBound ?? .nan, digits: 3),
        .number(Metrics.rmse(a.values, observed), digits: 3),
      ]
      if let truth = report.truth?.towers { row.append(.number(Metrics.rmse(o.values, truth), digits: 3)) }
      if isPaired { row.append(PublishedResults.towerRMSE[o.name].map { .number($0, digits: 3) } ?? .empty) }
      table.rows.append(row)
    }
    if report.draws > 0 {
      table.notes.append(
        "in brackets: 95 % interval, sites drawn with replacement, \(report.draws) times, seed \(report.seed)")
    }
    var blocks: [ReportPage.Block] = [
      .table(table),
      .figure(
        .towers(own, samples),
        caption: "Modelled, out of fold, against observed NEE of all tower days (paper Fig. 8), as density."),
      .table(SiteMetrics.tableC2(own, samples, draws: report.draws, seed: report.seed))]
    blocks.append(.figure(.towerClasses(own, samples), caption: "The same by land cover class (paper Fig. C2)."))
    let counts = samples.countBySite
    let tropical = samples.sites.indices.filter { abs(samples.sites[$0].latitude) <= 23.5 && counts[$0] > 20 }.sorted {
      (counts[$0], $1) > (counts[$1], $0)
    }.prefix(2)
    if !tropical.isEmpty {
      blocks.append(
        .figure(
          try .sites(own, samples, sites: tropical.map { samples.sites[$0].id }, at: place),
          caption: "The tropical sites with most days (paper Fig. 9)."))
    }
    return blocks
  }
}
