import FluxCore
import FluxData
import FluxOperators
import FluxTensor

/// Regional totals of inversions: year by year, rows in the order of a bridge's regions.
public final class RegionalMonths: SeriesObserved {
  /// The totals as they were given, PgC month⁻¹.
  public let series: Series
  /// In the order of the rows.
  public let regions: [String]
  private let rows: [Int]
  private var years: [Int: (observed: Tensor, range: Tensor)] = [:]
  private let gate = Gate()

  /// - Parameters:
  ///   - series: monthly totals, PgC month⁻¹. Shape `[member, region, month]` or `[region, month]`.
  ///   - regions: which, and in which order.
  /// - Throws: ``FluxError`` for a region that the series does not have, or a series that is not monthly.
  public init(_ series: Series, regions: [String], at place: String) throws {
    guard series.time.step == .month else {
      throw FluxError("the target has a step of \(series.time.step)", at: place, expected: "months", remedy: "Aggregate it first, for example e:regional(regions).")
    }
    rows = try regions.map { code in
      guard let row = series.regions.firstIndex(of: code) else {
        throw FluxError("the target has no region '\(code)'\(NearestName.hint(code, among: series.regions))", at: place,
          expected: "all regions of the bridge: \(regions.joined(separator: ", "))", remedy: "Narrow the bridge to the target's regions with b:only{…}.")
      }
      return row
    }
    self.series = series
    self.regions = regions
  }

  public var axes: [OperatorAxis] { [OperatorAxis("region", regions), OperatorAxis("month")] }
  public var unit: String { "PgC month-1" }

  /// The years with twelve months and at least one value: a year without is no use for training.
  /// - Throws: ``FluxError`` when memory is short.
  public func windows() throws -> [Window] {
    try wholeYears.map { .year($0) }.filter { try values($0).doubles().contains { !$0.isNaN } }
  }

  /// The years with twelve months.
  var wholeYears: [Int] {
    series.time.years.filter { year in series.time.dates.filter { $0.year == year }.count == 12 }
  }

  /// A, NaN where missing. Shape `[member, region, month]`.
  /// - Throws: ``FluxError`` when the year has no month.
  public func values(_ window: Window) throws -> Tensor { try gate.pass { try ofYear(window.number).observed } }

  /// max − min over the members present, NaN where fewer than two. Shape `[region, month]`.
  /// - Throws: ``FluxError`` when the year has no month.
  public func spread(_ window: Window) throws -> Tensor? { try range(window) }

  /// As ``spread(_:)``, which inversions always have.
  func range(_ window: Window) throws -> Tensor { try gate.pass { try ofYear(window.number).range } }

  private func ofYear(_ year: Int) throws -> (observed: Tensor, range: Tensor) {
    if let made = years[year] { return made }
    let times = series.time.dates.indices.filter { series.time.dates[$0].year == year }
    guard !times.isEmpty else {
      throw FluxError("the target has no month of \(year)", at: "objective.regional", expected: "a year that it covers",
        remedy: "Choose years within \(wholeYears.first ?? 0) to \(wholeYears.last ?? 0).")
    }
    func values(_ s: Series) throws -> Tensor {
      var flat: [Double] = []
      for m in 0..<s.memberCount { for r in rows { for t in times { flat.append(s[m, r, time: t]) } } }
      return try Tensor(flat, shape: [s.memberCount, rows.count, times.count], names: ["member", "region", "month"])
    }
    let made = (try values(series), try values(series.range).squeezed(0))
    years[year] = made
    return made
  }
}
