import FluxCore
import FluxData
import FluxEvaluation
import TestSupport
import Testing

/// The last digits of double precision.
private let tolerance = 1e-12

@Suite("Metrics")
struct MetricsTests {
  // numpy: np.corrcoef, and the formulas of SCIENCE §10 written out with np.mean and np.std.
  private let a = [1.0, 2, 4, 7, 11], b = [1.5, 1, 5, 6, 12]

  @Test("correlation, RMSE, bias and R² agree with NumPy")
  func numpy() {
    #expect(abs(Metrics.pearson(a, b) - 0.9743672892463349) < tolerance)
    #expect(abs(Metrics.rmse(a, b) - 0.9219544457292888) < tolerance)
    #expect(abs(Metrics.bias(a, b) + 0.1) < tolerance)
    #expect(abs(Metrics.r2(a, b) - 0.9456521739130435) < tolerance)
    #expect(abs(Metrics.nnse(a, b) - 0.9484536082474226) < tolerance)
  }

  @Test("pairs with a missing value are left out; constant and single values have no correlation")
  func corners() {
    #expect(Metrics.rmse([1, .nan, 3], [2, 5, 3]) == 0.5.squareRoot())
    #expect(Metrics.pearson([1, 1, 1], [1, 2, 3]).isNaN)
    #expect(Metrics.pearson([1], [2]).isNaN)
    #expect(Metrics.rmse([], []).isNaN)
  }

  @Test("interannual variability is the spread about a line, and n/a below ten years")
  func iav() {
    let line = (0..<12).map { 3 + 0.5 * Double($0) }
    #expect(abs(Metrics.iav(line)) < 1e-12)
    // ± 1 about the line: the residual of an alternating series of 12, computed with np.polyfit.
    let zigzag = line.enumerated().map { $1 + ($0 % 2 == 0 ? 1.0 : -1) }
    #expect(abs(Metrics.iav(zigzag) - 1.0334519273796456) < 1e-10)
    #expect(Metrics.iav(Array(line.prefix(9))).isNaN)
  }
}

@Suite("Regional metrics")
struct RegionalMetricsTests {
  @Test("two regions by hand: months, years, the globe")
  func byHand() throws {
    let time = TimeAxis.monthly(years: 2001...2002), unit = try Unit("PgC month-1")
    let reference = try Series(name: "nee", unit: unit, time: time, regions: ["A", "B"], values: [Double](repeating: 0, count: 48))
    let run = try Series(name: "nee", unit: unit, time: time, regions: ["A", "B"],
      values: [Double](repeating: 1, count: 24) + [Double](repeating: -0.5, count: 12) + [Double](repeating: 0.5, count: 12))
    let m = try RegionalMetrics(run: "x", run, reference: reference)
    #expect(m.rows.map(\.region) == ["A", "B", "globe"])
    #expect(m.rows[0][.monthlyRMSE] == 1 && m.rows[0][.annualRMSE] == 12 && m.rows[0].monthlyRMSEDemeaned == 0)
    #expect(m.rows[1][.monthlyRMSE] == 0.5 && m.rows[1][.annualRMSE] == 6 && m.rows[1].mean == 0)
    #expect(m.globe.mean == 12 && m.regionalAnnualRMSE == 9)
    #expect(abs(m.globe[.monthlyRMSE] - 1.25.squareRoot()) < tolerance)
  }

  @Test("a region that the reference lacks is named")
  func missingRegion() throws {
    let time = TimeAxis.monthly(years: 2001...2001), unit = try Unit("PgC month-1")
    let a = try Series(name: "nee", unit: unit, time: time, regions: ["BRA"], values: [Double](repeating: 0, count: 12))
    let b = try Series(name: "nee", unit: unit, time: time, regions: ["BRB"], values: [Double](repeating: 0, count: 12))
    expectRefusal("no region 'BRA'; did you mean 'BRB'?") { try RegionalMetrics(run: "x", a, reference: b) }
  }
}

@Suite("Pixel metrics and the fitted offset")
struct PixelMetricsTests {
  private let grid = try! Grid.regular(step: 45)
  private func cube(_ values: (Int) -> Float) throws -> Cube {
    try Cube(name: "nee", values: (0..<(12 * grid.cellCount)).map(values), grid: grid, time: .monthly(years: 2001...2001), unit: "gC m-2 d-1")
  }

  @Test("an offset that the target asks for is recovered to the last digit, and the map error with it")
  func offset() throws {
    let regions = try RegionSet(codes: ["A"], names: ["A"], grid: grid, fractions: [(0..<grid.cellCount).map { (cell: $0, fraction: Float(0.5)) }])
    let run = try cube { _ in 1 }
    let days = [31.0, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], unit = try Unit("PgC month-1"), time = TimeAxis.monthly(years: 2001...2001)
    let totals = try Series(name: "nee", unit: unit, time: time, regions: ["A"], values: days.map { $0 * regions.area[0] * 1e-15 })
    let target = try Series(name: "nee", unit: unit, time: time, regions: ["A"], values: days.map { $0 * regions.area[0] * 3e-15 })
    let corrected = try FittedOffset.apply(run, totals: totals, target: target, regions: regions)
    #expect(try corrected.values().allSatisfy { abs($0 - 3) < 1e-5 })
    let before = try PixelMetrics(run, reference: cube { _ in 3 }, regions: regions)
    #expect(abs(before.globe.rmse - 2) < 1e-6 && abs(before.tropics.bias + 2) < 1e-6)
    #expect(try PixelMetrics(corrected, reference: cube { _ in 3 }, regions: regions).globe.rmse < 1e-5)
  }
}
