import FluxCore
import FluxData
import FluxObservations
import TestSupport
import Testing

/// Inversions that come summed along latitude.
@Suite("Zonal fluxes")
struct ZonalFluxesTests {
  /// Rows of 30°, 0.01 PgC yr⁻¹ per degree everywhere but where told.
  func cube(months: [CalendarDate], unit: String = "Pg C yr$^{-1}$ degree$^{-1}$", change: [Int: Float] = [:]) throws -> Cube {
    let grid = try Grid(latitudes: [-75, -45, -15, 15, 45, 75], longitudes: [0])
    var values = [Float](repeating: 0.01, count: months.count * 6)
    for (place, value) in change { values[place] = value }
    return try Cube(name: "SFCO2_LND", values: values, grid: grid, time: TimeAxis(calendar: .prolepticGregorian, dates: months), unit: unit)
  }

  static func month(_ year: Int, _ month: Int) -> CalendarDate { CalendarDate(year: year, month: month, day: 15) }

  @Test("rows are cut by degrees, and months have the calendar's own days")
  func byHand() throws {
    let months = [Self.month(2003, 1), Self.month(2003, 2), Self.month(2004, 2)]
    let series = try ZonalFluxes.bands([("A", cube(months: months))], edges: [90, -90, -20, 40])
    #expect(series.regions == ["90S-20S", "20S-40N", "40N-90N"])
    #expect(series.unit == (try Unit("PgC month-1")) && series.time.count == 14)
    let years: [Double] = [31.0 / 365, 28.0 / 365, 29.0 / 366]
    let expected: [[Double]] = [0.7, 0.6, 0.5].map { (rate: Double) -> [Double] in years.map { $0 * rate } }
    for band in 0..<3 {
      for (k, t) in [0, 1, 13].enumerated() {
        let error: Double = abs(series[band, time: t] - expected[band][k])
        #expect(error < 1e-8, "band \(band), month \(t)")
      }
      #expect(series[band, time: 5].isNaN)
    }
    #expect(series.notes == ["A: no data in 11 of 14 months"])
  }

  @Test("members of other months stand side by side; a row without value is sea, a month without any is missing")
  func members() throws {
    let gap: [Int: Float] = Dictionary(uniqueKeysWithValues: (6..<12).map { ($0, Float.nan) })
    let early = try cube(months: [Self.month(2001, 1), Self.month(2001, 2)], change: gap)
    let late = try cube(months: [Self.month(2001, 2), Self.month(2001, 3)], change: [0: .nan, 6: -0.02])
    let series = try ZonalFluxes.bands([("A", early), ("B", late)], edges: [-90, 0])
    #expect(series.members == ["A", "B"] && series.shape == [2, 1, 3])
    let january: Double = abs(series[0, 0, time: 0] - 0.9 * 31.0 / 365), february: Double = abs(series[1, 0, time: 1] - 0.6 * 28.0 / 365)
    #expect(january < 1e-8 && series[0, 0, time: 1].isNaN && series[0, 0, time: 2].isNaN)
    #expect(series[1, 0, time: 0].isNaN && february < 1e-8)
    #expect(series[1, 0, time: 2].magnitude < 1e-9)
  }

  @Test("maps, fluxes per area, days and bands without width are refused by name")
  func refusals() throws {
    let months = [Self.month(2001, 1), Self.month(2001, 2)]
    func message(_ cube: Cube, _ edges: [Double] = [-90, 90]) -> String {
      do { _ = try ZonalFluxes.bands([("A", cube)], edges: edges) } catch { return "\(error)" }
      return ""
    }
    let grid = try Grid.regular(step: 30)
    let map = try Cube(name: "nee", values: [Float](repeating: 0, count: grid.cellCount * 2), grid: grid,
      time: TimeAxis(calendar: .standard, dates: months), unit: "gC m-2 d-1")
    #expect(message(map).contains("A: 'nee' has the dimensions time, lat, lon"))
    #expect(message(try cube(months: months, unit: "gC m-2 d-1")).contains("degree-1"))
    #expect(message(try cube(months: [CalendarDate(year: 2001, month: 1, day: 1), CalendarDate(year: 2001, month: 1, day: 2)])).contains("lie in one month"))
    #expect(message(try cube(months: months), [0, 0]).contains("at least two different latitudes"))
  }

  @Test("real inversions sum to a land sink of one to four PgC a year", .enabled(if: TestFiles.shared != nil, "no real files beside the package"))
  func real() throws {
    let folder = try #require(TestFiles.shared) + "/inversions/zonal_monthly"
    let cubes = try ["CAMSv20r1", "CT2019B", "CTE2020", "s99oc_v2020", "MIROC"].map { name in
      (name: name, cube: try Cube.open("\(folder)/\(name).fluxes_za_ts_monthly.nc", variable: ZonalFluxes.variable))
    }
    let annual = try ZonalFluxes.bands(cubes, edges: [-90, 90]).selecting(years: 2010...2014).annual()
    let years = annual.time.count
    for (member, name) in cubes.map(\.name).enumerated() {
      let value = annual.values[(member * years)..<((member + 1) * years)].reduce(0, +) / Double(years)
      #expect(value > -4 && value < -1, "\(name): \(value)")
    }
  }
}
