import FluxCore
import FluxData

/// Tables 2 and 3 of the paper: runs against a reference, by region and for the globe.
public struct RegionalMetrics: Sendable {
  /// One run against the reference in one region (or the globe).
  public struct Row: Sendable {
    public let region: String
    fileprivate let values: [RegionalMeasure: Double]
    /// 95 % intervals over resampled years, where they were asked for.
    public let intervals: [RegionalMeasure: ClosedRange<Double>]
    /// Of the months after each side's mean over all months is taken away, PgC month⁻¹.
    public let monthlyRMSEDemeaned: Double
    /// Mean of the run over the years, PgC yr⁻¹.
    public let mean: Double

    public subscript(measure: RegionalMeasure) -> Double { values[measure] ?? .nan }
  }

  public let run: String
  /// Regions in order, the globe last.
  public let rows: [Row]
  public var globe: Row { rows[rows.count - 1] }
  /// The mean over the regions of the annual RMSE, PgC yr⁻¹.
  public var regionalAnnualRMSE: Double { Metrics.mean(rows.dropLast().map { $0[.annualRMSE] }) }

  /// How often the years were drawn for the intervals.
  public let draws: Int
  /// The years that were compared.
  public let years: [Int]

  /// - Parameters:
  ///   - series: monthly totals, PgC month⁻¹. Shape `[region, month]`; an ensemble is averaged.
  ///   - reference: the same, for at least the same regions; months that both have are compared, in years that both have whole.
  ///   - draws: how often the years are drawn with replacement for the intervals, the same years for all regions and runs; 0 for none.
  /// - Throws: ``FluxError`` when a region is missing in the reference, or no month is common.
  public init(run: String, _ series: Series, reference: Series, draws: Int = 0, seed: UInt64 = 1) throws {
    let place = "metrics.regional"
    let modelled = series.memberMean(), observed = reference.memberMean()
    let rowsOfReference = try modelled.regions.map { code in
      guard let row = observed.regions.firstIndex(of: code) else {
        throw FluxError("the reference has no region '\(code)'\(NearestName.hint(code, among: observed.regions))", at: place,
          expected: "the regions of the run: \(modelled.regions.joined(separator: ", "))")
      }
      return row
    }
    let common: [(here: Int, there: Int)] = modelled.time.dates.indices.compactMap { t in
      let date = modelled.time.dates[t]
      return observed.time.dates.firstIndex { $0.year == date.year && $0.month == date.month }.map { (here: t, there: $0) }
    }
    let whole = Dictionary(grouping: common) { modelled.time.dates[$0.here].year }.filter { $0.value.count == 12 }.sorted { $0.key < $1.key }
    let years = whole.map(\.value)
    guard !years.isEmpty else {
      throw FluxError("run '\(run)' and the reference have no whole year in common", at: place, expected: "overlapping years of months")
    }
    let times = years.flatMap { $0 }
    let resamples = years.count < 2 ? [] : Bootstrap.samples(of: years.count, draws: draws, seed: seed)
    func row(_ region: String, _ a: [Double], _ b: [Double]) -> Row {
      let shared = RegionalMeasure.shared(a, b)
      let values = Dictionary(uniqueKeysWithValues: RegionalMeasure.allCases.map { ($0, $0.value(shared.a, shared.b)) })
      var drawn: [RegionalMeasure: [Double]] = [:]
      for sample in resamples {
        let months = sample.flatMap { 12 * $0..<12 * ($0 + 1) }, x = months.map { shared.a[$0] }, y = months.map { shared.b[$0] }
        for measure in RegionalMeasure.allCases { drawn[measure, default: []].append(measure.value(x, y)) }
      }
      let pairs = a.indices.filter { !a[$0].isNaN && !b[$0].isNaN }, meanA = Metrics.mean(pairs.map { a[$0] }), meanB = Metrics.mean(pairs.map { b[$0] })
      return Row(region: region, values: values, intervals: drawn.compactMapValues(Bootstrap.interval),
        monthlyRMSEDemeaned: Metrics.rmse(pairs.map { a[$0] - meanA }, pairs.map { b[$0] - meanB }), mean: Metrics.mean(RegionalMeasure.annual(a).filter { !$0.isNaN }))
    }
    var rows: [Row] = [], globeA = [Double](repeating: 0, count: times.count), globeB = globeA
    for (r, code) in modelled.regions.enumerated() {
      let a = times.map { modelled[r, time: $0.here] }, b = times.map { observed[rowsOfReference[r], time: $0.there] }
      rows.append(row(code, a, b))
      for t in times.indices { globeA[t] += a[t]; globeB[t] += b[t] }
    }
    rows.append(row("globe", globeA, globeB))
    self.run = run
    self.draws = draws
    self.years = whole.map(\.key)
    self.rows = rows
  }
}
