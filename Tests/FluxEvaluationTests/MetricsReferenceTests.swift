import FluxCore
import FluxData
import FluxDocument
import FluxEvaluation
import FluxObservations
import Foundation
import Testing

/// What SciPy and NumPy say of the same numbers: `Tests/ReferenceData/metrics.py`.
@Suite("Metrics beside SciPy and NumPy")
struct MetricsReferenceTests {
  /// Relative, or absolute below 1: sums of a few hundred doubles in another order.
  private static let tolerance = 1e-9

  private struct Reference: Decodable {
    /// A number, null for NaN, "inf" or "-inf".
    struct Number: Decodable {
      let value: Double?
      init(from decoder: any Decoder) throws {
        let one = try decoder.singleValueContainer()
        if one.decodeNil() { value = nil } else if let word = try? one.decode(String.self) { value = word == "inf" ? .infinity : -.infinity } else { value = try one.decode(Double.self) }
      }
    }
    struct Pair: Decodable {
      let name: String
      let modelled, observed: [Number]
      let pearson, rmse, bias, r2, nnse: Number
    }
    struct Annual: Decodable {
      let annual: [Number]
      let iav: Number
    }
    struct Regional: Decodable {
      let years, draws, seed: Int
      let modelled, observed: [[Double?]]
      let rows: [String: [String: [Double]]]
    }
    struct Towers: Decodable {
      let site: [Int]
      let draws, seed: Int
      let modelled, observed: [Double?]
      let rmse, r: [Double]
    }
    let pairs: [Pair], annual: [Annual], regional: Regional, towers: Towers
  }

  private let reference: Reference
  init() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("ReferenceData/metrics.json")
    reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
  }

  private static func numbers(_ values: [Double?]) -> [Double] { values.map { $0 ?? .nan } }

  private static func agree(_ ours: Double, _ theirs: Double?) -> Bool {
    guard let theirs else { return ours.isNaN }
    return ours == theirs || abs(ours - theirs) <= tolerance * max(1, abs(theirs))
  }

  @Test("correlation, RMSE, bias, efficiency: missing data, constant lists, single points, large, tiny and infinite numbers")
  func pairs() {
    #expect(reference.pairs.count == 21)
    for pair in reference.pairs {
      let a = Self.numbers(pair.modelled.map(\.value)), b = Self.numbers(pair.observed.map(\.value)), size = b.filter(\.isFinite).map(abs).max() ?? 1
      #expect(Self.agree(Metrics.pearson(a, b), pair.pearson.value), "\(pair.name)")
      // In units of the values, which are 1e100 or 1e-12 here.
      #expect(Self.agree(Metrics.rmse(a, b) / size, pair.rmse.value.map { $0 / size }), "\(pair.name)")
      #expect(Self.agree(Metrics.bias(a, b) / size, pair.bias.value.map { $0 / size }), "\(pair.name)")
      #expect(Self.agree(Metrics.r2(a, b), pair.r2.value), "\(pair.name): \(Metrics.r2(a, b))")
      #expect(Self.agree(Metrics.nnse(a, b), pair.nnse.value), "\(pair.name)")
    }
  }

  @Test("interannual variability of trends, short, constant and interrupted lists")
  func interannual() {
    for annual in reference.annual { #expect(Self.agree(Metrics.iav(Self.numbers(annual.annual.map(\.value))), annual.iav.value)) }
  }

  @Test("Tables 2 and 3 and their intervals over resampled years, a month missing")
  func regional() throws {
    let given = reference.regional, time = TimeAxis.monthly(years: 2001...(2000 + given.years)), unit = try Unit("PgC month-1")
    func series(_ values: [[Double?]]) throws -> Series { try Series(name: "nee", unit: unit, time: time, regions: ["A", "B"], values: values.flatMap(Self.numbers)) }
    let m = try RegionalMetrics(run: "x", series(given.modelled), reference: series(given.observed), draws: given.draws, seed: UInt64(given.seed))
    for row in m.rows {
      for measure in RegionalMeasure.allCases {
        let theirs = try #require(given.rows[row.region]?[measure.rawValue]), ends = try #require(row.intervals[measure])
        #expect(Self.agree(row[measure], theirs[0]) && Self.agree(ends.lowerBound, theirs[1]) && Self.agree(ends.upperBound, theirs[2]),
          "\(row.region) \(measure.rawValue): \(row[measure]) \(ends), NumPy \(theirs)")
      }
    }
  }

  @Test("RMSE and R at towers and their intervals over resampled sites")
  func towers() throws {
    let given = reference.towers, nee = Self.numbers(given.observed).map(Float.init)
    let day = try #require(DayNumber(year: 2001, month: 1, day: 1))
    let samples = SiteDays(
      sites: (0...(given.site.max() ?? 0)).map { TowerSite(id: "S\($0)", latitude: 0, longitude: 0, igbp: "EBF") }, driverNames: [],
      siteIndex: given.site.map(Int32.init), days: given.site.indices.map { day + $0 }, drivers: [], nee: nee, weight: nee.map { _ in 1 }, dropped: [:])
    let m = SiteMetrics(Self.numbers(given.modelled), samples, rows: Array(nee.indices), draws: given.draws, seed: UInt64(given.seed))
    let rmse = try #require(m.rmseInterval), r = try #require(m.rInterval)
    #expect(Self.agree(m.rmse, given.rmse[0]) && Self.agree(rmse.lowerBound, given.rmse[1]) && Self.agree(rmse.upperBound, given.rmse[2]), "\(m.rmse) \(rmse)")
    #expect(Self.agree(m.r, given.r[0]) && Self.agree(r.lowerBound, given.r[1]) && Self.agree(r.upperBound, given.r[2]), "\(m.r) \(r)")
  }

  @Test("the interval of three years is that of all 27 ways to draw them")
  func exhaustive() {
    let a = (0..<36).map { Double($0 * $0 % 17) }, b = (0..<36).map { Double(($0 * 7 + 3) % 11) }
    func rmse(_ sample: [Int]) -> Double {
      let months = sample.flatMap { 12 * $0..<12 * ($0 + 1) }
      return RegionalMeasure.monthlyRMSE.value(months.map { a[$0] }, months.map { b[$0] })
    }
    let drawn = Set(Bootstrap.samples(of: 3, draws: 2000, seed: 5))
    #expect(drawn.count == 27)
    let all = (0..<27).map { rmse([$0 / 9, $0 / 3 % 3, $0 % 3]) }
    let interval = Bootstrap.interval(Bootstrap.samples(of: 3, draws: 40_000, seed: 5).map(rmse))
    // Each way is as likely as any other: the ends of 40 000 draws are those of the 27, each many times.
    let exact = Bootstrap.interval((0..<40_000).map { all[$0 % 27] })
    #expect(interval == exact)
    #expect(Bootstrap.interval([3]) == nil)
    #expect(Bootstrap.interval([1, .infinity, .infinity]) .map { $0.upperBound == .infinity } == true)
    #expect(Bootstrap.interval([3, .nan, 5]) == 3.05...4.95)
  }

  @Test("a run stands beside the paper's numbers, which are those of its Tables 2 and 3")
  func published() throws {
    #expect(PublishedResults.value(.monthlyRMSE, region: "globe", run: "ec_atm") == 0.176)
    #expect(PublishedResults.value(.monthlyRMSE, region: "globe", run: "ec") == 1.502)
    #expect(PublishedResults.value(.annualRMSE, region: "globe", run: "ec") == 16.8872)
    #expect(PublishedResults.value(.monthlyR, region: "BRA", run: "ec") == -0.028)
    #expect(PublishedResults.value(.cycleRMSE, region: "OCE", run: "fluxcom") == 0.030)
    #expect(PublishedResults.value(.annualR, region: "SEAS", run: "ec_atm") == -0.227)
    #expect(PublishedResults.value(.annualR, region: "ATLANTIS", run: "ec") == nil)
    for region in try RegionSet.reccap2(on: Grid.regular(step: 10)).codes {
      for measure in RegionalMeasure.allCases { #expect(PublishedResults.value(measure, region: region, run: "ec") != nil, "\(region)") }
    }
    let time = TimeAxis.monthly(years: 2001...2002), unit = try Unit("PgC month-1")
    let s = try Series(name: "nee", unit: unit, time: time, regions: ["BRA"], values: (0..<24).map(Double.init))
    let runs = [try RegionalMetrics(run: "ec", s, reference: s)], wide = runs.table2(reference: s, paper: true)
    #expect(wide.columns == ["region"] + (0..<4).flatMap { _ in ["EC", "EC-ATM*", "EC*", "FLUXCOM*"] })
    #expect(wide.groups.map(\.columns).reduce(0, +) == wide.columns.count)
    #expect(wide.title == "Table 2: monthly NEE, PgC month-1, by region, against nee, 2001–2002")
    #expect(wide.rows[1][3] == .number(-0.028, digits: 3))
    #expect(runs.table3(reference: s).columns == ["region", "EC", "EC"])
    let long = runs.table(reference: s, paper: true)
    #expect(long.rows.count == 4 && long.rows[1][1] == .text("ec*"))
  }
}
