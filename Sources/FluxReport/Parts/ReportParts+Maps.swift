import FluxData
import FluxEvaluation
import FluxFigures

extension ReportParts {
  /// Maps of two runs, and of the truth where it is known.
  func maps() throws -> [ReportPage.Block] {
    guard !runs.isEmpty else { return [] }
    var cubes = runs.map { (name: $0.name, cube: $0.nee) }
    // Differences are of the first two: EC-ATM minus EC.
    if let both = cubes.firstIndex(where: { $0.name == "ec_atm" }), both > 0 { cubes.swapAt(0, both) }
    let pair = Array(cubes.prefix(2))
    let truth = report.truth.map { (name: "truth", cube: $0.nee) }
    var blocks: [ReportPage.Block] = [
      .figure(
        try .annualMaps(pair + (truth.map { [$0] } ?? []), at: place),
        caption: "Mean annual NEE and its standard deviation over the years (paper Fig. 5)."),
      .figure(
        try .monthlyMaps(pair, months: [1, 4, 7, 10], at: place),
        caption: "Mean NEE of four months and the difference (paper Fig. 6)."),
    ]
    if let truth {
      blocks.append(
        .figure(
          try .correlationMaps(pair, reference: truth.cube, at: place), caption:
            "Correlation of each pixel's months with the hidden truth (paper Fig. 7, which compares with the inversions)."
        ))
      if let regions = report.regions ?? report.sampledMask {
        blocks.append(
          .table(
            PixelMetrics.table(
              try pair.map { ($0.name, try PixelMetrics($0.cube, reference: truth.cube, regions: regions)) },
              reference: "the hidden truth")))
      }
    }
    return blocks
  }
}
