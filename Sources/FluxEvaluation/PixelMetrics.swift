import FluxCore
import FluxData

/// How well a map of mean NEE is recovered, pixel by pixel, weighted by land area.
///
/// The figure is of the mean over all common months: it asks where the sink is, and
/// does not reward a good seasonal cycle. The same over single months is beside it.
public struct PixelMetrics: Sendable {
  /// The latitudes between which a pixel is tropical.
  public static let tropics = 23.5

  /// - Units: gC m⁻² d⁻¹.
  public struct Scores: Sendable {
    public let rmse, monthlyRMSE, bias: Double
    /// The run's total, PgC yr⁻¹.
    public let total: Double
  }
  public let globe, tropics, extratropics: Scores
  /// The share of the globe's total error (run minus reference, as a flux) that lies in the tropics.
  public let tropicalShare: Double

  /// - Parameters:
  ///   - run: monthly NEE, gC m⁻² d⁻¹. Shape `[month, lat, lon]`.
  ///   - reference: the same on the same grid; months that both have are compared, missing pixels are left out.
  /// - Throws: ``FluxError`` when the grids differ or no month is common.
  public init(_ run: Cube, reference: Cube, regions: RegionSet) throws {
    let place = "metrics.pixels"
    guard run.grid.matches(reference.grid), run.grid.matches(regions.grid) else {
      throw FluxError("run, reference and regions lie on grids of \(run.grid.cellCount), \(reference.grid.cellCount) and \(regions.grid.cellCount) cells",
        at: place, expected: "one grid", remedy: "Bring them to one with c:coarsen(n), and take the regions on it.")
    }
    let common = try Self.commonMonths(run, reference, place)
    let cells = run.grid.cellCount, land = regions.landFraction()
    var sumA = [Double](repeating: 0, count: cells), sumB = sumA, squares = sumA, count = sumA
    for (here, there) in common {
      let days = Double(run.time?.daysInMonth(at: here) ?? 1)
      let a = try run.read(time: here..<(here + 1)), b = try reference.read(time: there..<(there + 1))
      for c in 0..<cells where land[c] > 0 && !a[c].isNaN && !b[c].isNaN {
        let x = Double(a[c]), y = Double(b[c])
        sumA[c] += days * x
        sumB[c] += days * y
        squares[c] += days * (x - y) * (x - y)
        count[c] += days
      }
    }
    func scores(_ counts: (Double) -> Bool) -> Scores {
      var weight = 0.0, mean = 0.0, monthly = 0.0, bias = 0.0, total = 0.0
      for c in 0..<cells where count[c] > 0 && counts(run.grid.latitudes[run.grid.row(ofCell: c)].magnitude) {
        let w = run.grid.cellArea(row: run.grid.row(ofCell: c)) * Double(land[c]), d = (sumA[c] - sumB[c]) / count[c]
        weight += w
        mean += w * d * d
        monthly += w * squares[c] / count[c]
        bias += w * d
        total += w * sumA[c] / count[c] * 365.25e-15
      }
      return Scores(rmse: (mean / weight).squareRoot(), monthlyRMSE: (monthly / weight).squareRoot(), bias: bias / weight, total: total)
    }
    globe = scores { _ in true }
    tropics = scores { $0 <= Self.tropics }
    extratropics = scores { $0 > Self.tropics }
    var inside = 0.0, all = 0.0
    for c in 0..<cells where count[c] > 0 {
      let row = run.grid.row(ofCell: c)
      let e = run.grid.cellArea(row: row) * Double(land[c]) * (sumA[c] - sumB[c]) / count[c]
      all += e
      if run.grid.latitudes[row].magnitude <= Self.tropics { inside += e }
    }
    tropicalShare = inside / all
  }

  /// Pairs of time indices of equal year-months.
  static func commonMonths(_ a: Cube, _ b: Cube, _ place: String) throws -> [(Int, Int)] {
    guard let here = a.time, let there = b.time else { throw FluxError("a map without time", at: place, expected: "monthly cubes") }
    let months = Dictionary(there.dates.enumerated().map { ($1.year * 12 + $1.month, $0) }, uniquingKeysWith: { first, _ in first })
    let pairs = here.dates.enumerated().compactMap { t, date in months[date.year * 12 + date.month].map { (t, $0) } }
    guard !pairs.isEmpty else { throw FluxError("run and reference have no month in common", at: place, expected: "overlapping months") }
    return pairs
  }
}
