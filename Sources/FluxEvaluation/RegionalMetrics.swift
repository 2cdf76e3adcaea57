import FluxCore
import FluxData

/// Tables 2 and 3 of the paper: runs against a reference, by region and for the globe.
public struct RegionalMetrics: Sendable {
  /// One run against the reference in one region (or the globe).
  ///
  /// - Units: RMSE in PgC month⁻¹ for the months and the mean seasonal cycle, PgC yr⁻¹ for years; R 1.
  public struct Row: Sendable {
    public let region: String
    public let monthlyR, monthlyRMSE, cycleR, cycleRMSE, annualR, annualRMSE: Double
    /// Of the months after each side's mean over all months is taken away.
    public let monthlyRMSEDemeaned: Double
    /// Mean of the run over the years, PgC yr⁻¹.
    public let mean: Double
  }

  public let run: String
  /// Regions in order, the globe last.
  public let rows: [Row]
  public var globe: Row { rows[rows.count - 1] }
  /// The mean over the regions of the annual RMSE, PgC yr⁻¹.
  public var regionalAnnualRMSE: Double { Metrics.mean(rows.dropLast().map(\.annualRMSE)) }

  /// - Parameters:
  ///   - series: monthly totals, PgC month⁻¹. Shape `[region, month]`; an ensemble is averaged.
  ///   - reference: the same, for at least the same regions; months that both have are compared.
  /// - Throws: ``FluxError`` when a region is missing in the reference, or no month is common.
  public init(run: String, _ series: Series, reference: Series) throws {
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
    let years = Dictionary(grouping: common) { modelled.time.dates[$0.here].year }.filter { $0.value.count == 12 }.sorted { $0.key < $1.key }.map(\.value)
    guard !years.isEmpty else {
      throw FluxError("run '\(run)' and the reference have no whole year in common", at: place, expected: "overlapping years of months")
    }
    let times = years.flatMap { $0 }
    func row(_ region: String, _ a: [Double], _ b: [Double]) -> Row {
      func cycle(_ v: [Double]) -> [Double] { (0..<12).map { m in Metrics.mean(stride(from: m, to: v.count, by: 12).map { v[$0] }) } }
      func annual(_ v: [Double]) -> [Double] { stride(from: 0, to: v.count, by: 12).map { v[$0..<($0 + 12)].reduce(0, +) } }
      func demeaned(_ v: [Double]) -> [Double] {
        let m = Metrics.mean(v)
        return v.map { $0 - m }
      }
      return Row(region: region, monthlyR: Metrics.pearson(a, b), monthlyRMSE: Metrics.rmse(a, b), cycleR: Metrics.pearson(cycle(a), cycle(b)),
        cycleRMSE: Metrics.rmse(cycle(a), cycle(b)), annualR: Metrics.pearson(annual(a), annual(b)), annualRMSE: Metrics.rmse(annual(a), annual(b)),
        monthlyRMSEDemeaned: Metrics.rmse(demeaned(a), demeaned(b)), mean: Metrics.mean(annual(a)))
    }
    var rows: [Row] = [], globeA = [Double](repeating: 0, count: times.count), globeB = globeA
    for (r, code) in modelled.regions.enumerated() {
      let a = times.map { modelled[r, time: $0.here] }, b = times.map { observed[rowsOfReference[r], time: $0.there] }
      rows.append(row(code, a, b))
      for t in times.indices { globeA[t] += a[t]; globeB[t] += b[t] }
    }
    rows.append(row("globe", globeA, globeB))
    self.run = run
    self.rows = rows
  }
}
