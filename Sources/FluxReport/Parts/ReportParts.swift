import FluxCore
import FluxData
import FluxEvaluation
import FluxTraining

/// The sections of a run's report, each in a file of its own, and what they share.
struct ReportParts {
  let report: RunReport
  let runs: [RunTotals]
  let place = "Result:report"

  /// Whether the paper prints numbers of these runs.
  var isPaired: Bool { !runs.isEmpty && runs.allSatisfy { PublishedResults.runs.contains($0.name) } }

  /// The true totals, on the regions of the runs.
  func trueSeries() throws -> Series? {
    guard let truth = report.truth, let regions = report.regions ?? report.sampledMask else { return nil }
    var series = try truth.nee.integral(regions)
    series.name = "the hidden truth"
    return series
  }

  /// Series by name: the runs, then what they are compared with.
  func allSeries() throws -> [(name: String, series: Series)] {
    var all = runs.map { (name: $0.name, series: $0.series) }
    if let target = report.target { all.append((name: "inversions", series: target)) }
    if let truth = try trueSeries() { all.append((name: "truth", series: truth)) }
    return all
  }

  /// Weights on a schedule change too, but are not learned.
  var weightVerdict: WeightVerdict {
    let weighting = (try? report.result.settings())?.first { $0.name == "weighting" }?.value
    return weighting?.hasPrefix("scheduled") == true ? .none : report.result.weightVerdict
  }
}
