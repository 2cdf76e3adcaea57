import FluxCore
import FluxData
import FluxDocument
import FluxEvaluation
import FluxFigures
import FluxTraining

extension ReportParts {
  /// What was trained, and the globe in one table.
  func summary() throws -> [ReportPage.Block] {
    let result = report.result
    var lines = [
      """
      \(result.members.count) of \(result.expected) members were trained; \
      \(result.members.count == result.expected ? "the run is complete" : "the run was stopped early").
      """
    ]
    if let words = weightVerdict.words { lines.append(words) }
    if let samples = report.samples { lines.append("\(samples.sites.count) towers, \(samples.count) site-days.") }
    lines.append("Fluxes are positive to the atmosphere; a sink is negative.")
    var table = Table(
      title: "Global NEE over the drivers' years, PgC yr-1", columns: ["", "years", "mean", "± over members", "IAV"],
      notes: ["IAV: standard deviation of linearly detrended annual totals, n/a below 10 years"])
    for (name, series) in try allSeries() {
      let globe = try AnnualTotals(series.total())
      table.rows.append([
        .text(RunStyle.title(name)), .text(globe.period), .number(globe.mean, digits: 2),
        .number(globe.spread, digits: 2), .number(globe.variability, digits: 2),
      ])
    }
    if isPaired {
      for run in runs {
        if let printed = PublishedResults.globalNEE[run.name] {
          table.rows.append([
            .text("\(RunStyle.title(run.name)), paper"), .text("2001–2017"), .number(printed, digits: 2), .empty,
            .empty,
          ])
        }
      }
    }
    return [.paragraph(lines.joined(separator: " "))]
      + (table.rows.isEmpty
        ? [.paragraph("Without drivers there are no totals: give them, drivers = d.")] : [.table(table)])
  }
}
