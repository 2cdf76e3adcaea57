import FluxData
import FluxEvaluation

/// What the years of one region come to, over the members of a series.
struct AnnualTotals {
  let years: [Int]
  /// Over the years, then over the members; NaN left out.
  let mean: Double
  /// Standard deviation over the members (n − 1); NaN for fewer than two.
  let spread: Double
  /// Standard deviation of the linearly detrended years of the members' mean; NaN below ten years.
  let variability: Double

  /// - Parameter series: of one region, with whole years.
  /// - Throws: ``FluxError`` when years are not whole.
  init(_ series: Series) throws {
    let annual = try series.annual()
    years = annual.time.years
    let byMember = (0..<annual.memberCount).map { member in
      Self.mean((0..<annual.time.count).map { annual[member, 0, time: $0] })
    }.filter { !$0.isNaN }
    let centre = Self.mean(byMember)
    mean = centre
    let squares = byMember.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    spread = byMember.count > 1 ? (squares / Double(byMember.count - 1)).squareRoot() : .nan
    variability = Metrics.iav(annual.memberMean().values.map { $0 })
  }

  /// First and last year.
  var period: String { years.isEmpty ? "" : "\(years[0])–\(years[years.count - 1])" }

  private static func mean(_ values: [Double]) -> Double {
    let kept = values.filter { !$0.isNaN }
    return kept.isEmpty ? .nan : kept.reduce(0, +) / Double(kept.count)
  }
}
