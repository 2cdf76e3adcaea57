import FluxCore
import FluxData
import FluxDrivers
import TestSupport
import Testing

/// Drivers of a mean year, from twelve months.
@Suite("Drivers of a mean year")
struct ClimatologyTests {
  let grid: Grid

  init() throws { grid = try Grid.regular(step: 45) }

  func year(_ name: String, _ unit: String, _ value: (_ month: Int, _ cell: Int) -> Float) throws -> Cube {
    let values = (0..<12).flatMap { month in (0..<32).map { value(month, $0) } }
    return try Cube(name: name, values: values, grid: grid, time: .monthly(years: 1...1), unit: unit)
  }

  func map(_ name: String, _ unit: String = "1", _ value: (Int) -> Float) throws -> Cube {
    try Cube(name: name, values: (0..<32).map(value), grid: grid, unit: unit)
  }

  @Test("twelve months are held within each month of every year, maps are constants, cells without a value are left out")
  func store() throws {
    let store = try DriverStore.climatology([
      year("warm", "degC") { $1 == 5 && $0 == 3 ? .nan : Float(100 * $0 + $1) }, map("deep") { $0 > 7 ? .nan : Float($0) },
    ], years: 2003...2004)
    #expect(store.pixels == [0, 1, 2, 3, 4, 6, 7] && store.kinds == [.seasonal, .constant] && store.dayCount == 731)
    #expect(store.definitions[0].unit == "degC")
    // 31 January, 1 February, 29 February 2004, 1 March 2004, 31 December 2004.
    for (day, month) in [(30, 0), (31, 1), (365 + 59, 1), (365 + 60, 2), (730, 11)] {
      #expect(store.value(driver: 0, pixel: 5, day: day) == Float(100 * month + 6), "day \(day)")
    }
    #expect(store.value(driver: 1, pixel: 6, day: 400) == 7)
    #expect(store.notes == ["'deep' is missing in 24 cells that all before it have"])
  }

  @Test("a year that is none, two grids, two equal names and no common cell are refused")
  func refusals() throws {
    func message(_ cubes: [Cube], years: ClosedRange<Int> = 2001...2001) -> String {
      do { _ = try DriverStore.climatology(cubes, years: years) } catch { return "\(error)" }
      return ""
    }
    let good = try map("a") { Float($0) }
    let months = try Cube(name: "b", values: [Float](repeating: 0, count: 64), grid: grid,
      time: TimeAxis(calendar: .standard, dates: [CalendarDate(year: 1, month: 1, day: 1), CalendarDate(year: 1, month: 2, day: 1)]))
    let other = try Cube(name: "c", values: [Float](repeating: 0, count: 72), grid: Grid.regular(step: 30))
    #expect(message([good, months]).contains("'b' has the axes time, lat, lon, 2 times"))
    #expect(message([good, other]).contains("'c' has 6 × 12 cells"))
    #expect(message([good, good]).contains("two drivers have one name"))
    #expect(message([good, try map("d") { _ in .nan }]).contains("'d' is missing in 32 cells"))
    #expect(message([]).contains("no cube"))
    #expect(message([good], years: 1...5000).contains("at most 1000 years"))
  }

  @Test("potential radiation is the mean over the days of a month, or that of the day")
  func radiation() throws {
    let months = try year("t", "degC") { _, _ in 0 }.potentialRadiation()
    var july = 0.0
    for day in 182...212 { july += PotentialRadiation.dailyMean(latitude: 22.5, dayOfYear: day) / 31 }
    // Rows at -67.5, -22.5, 22.5 and 67.5.
    let found = try Double(months.read(time: 6..<7)[2 * 8])
    #expect(abs(found - july) < 1e-3 && months.unitText == "W m-2")
    let daily = try Cube(name: "d", values: [Float](repeating: 0, count: 64), grid: grid,
      time: .daily(from: CalendarDate(year: 2001, month: 3, day: 1), through: CalendarDate(year: 2001, month: 3, day: 2)), unit: "")
    #expect(try daily.potentialRadiation().read(time: 1..<2)[0] == Float(PotentialRadiation.dailyMean(latitude: -67.5, dayOfYear: 61)))
    expectRefusal("'m' has the time step 'none'; expected days or months") {
      try map("m") { _ in 0 }.potentialRadiation()
    }
  }

  @Test("the water index is that of the same year looped in the daily balance, and missing where the soil holds none")
  func water() throws {
    // Dry at cell 0, wet at cell 1, rock at cell 2; the rain of cell 3 falls in summer.
    let rain = try year("p", "mm month-1") { month, cell in
      let summer: Float = month > 4 && month < 9 ? 150 : 5
      return [0, 600, 100, summer][min(3, cell)]
    }
    let warm = try year("t", "degC") { _, _ in 15 }, light = try year("g", "W m-2") { _, _ in 180 }
    let index = try ClimatologicalWater().index(precipitation: rain, temperature: warm, shortwave: light, fapar: nil,
      capacity: map("w", "mm") { $0 == 2 ? 0 : 120 })
    let values = try index.read(time: 0..<12)
    func month(_ m: Int, _ cell: Int) -> Float { values[m * 32 + cell] }
    #expect((0..<12).allSatisfy { month($0, 0) < 0.01 && month($0, 1) > 0.9 && month($0, 2).isNaN })
    #expect(month(7, 3) > month(3, 3) + 0.2)

    // The same year, day by day, through the daily balance.
    var balance = WaterBalance(layers: .one)
    balance.lowerCapacity = 120
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var drops: [Float] = []
    for (m, n) in lengths.enumerated() {
      let total: Double = m > 4 && m < 9 ? 150 : 5
      drops += [Float](repeating: Float(total / Double(n)), count: n)
    }
    let net: [Double] = (1...365).map { day in
      let top = PotentialRadiation.dailyMean(latitude: -67.5, dayOfYear: day)
      return EvaporativeDemand.netRadiation(shortwave: 180, potential: top, temperature: 15)
    }
    let demand: [Float] = net.map { Float(EvaporativeDemand.potential(netRadiation: $0, temperature: 15)) }
    var daily = [Float](repeating: 0, count: 365)
    let report = balance.run(
      WaterBalance.Forcing(
        precipitation: drops, temperature: [Float](repeating: 15, count: 365), potentialEvaporation: demand, netRadiation: net.map(Float.init),
        fapar: [Float](repeating: 1, count: 365), seasonIndex: Array(0..<365), pixelCount: 1), into: &daily)
    #expect(report.unsettledPixels == 0)
    var first = 0
    for (m, n) in lengths.enumerated() {
      let mean = daily[first..<first + n].reduce(0, +) / Float(n)
      // Both loop until a year moves the water by less than 0.1 of 120 mm.
      #expect(abs(month(m, 3) - mean) < 2e-3, "month \(m + 1)")
      first += n
    }
  }

  @Test("daily cubes, other grids and other units are refused with the option's name")
  func waterRefusals() throws {
    let good = try year("t", "degC") { _, _ in 15 }, rain = try year("p", "mm month-1") { _, _ in 50 }
    func message(_ rain: Cube, _ light: Cube) -> String {
      do { _ = try ClimatologicalWater().index(precipitation: rain, temperature: good, shortwave: light, fapar: nil, capacity: nil) } catch { return "\(error)" }
      return ""
    }
    #expect(message(try map("p", "mm d-1") { _ in 1 }, good).contains("'precip' has the axes lat, lon, 1 times"))
    #expect(message(rain, good).contains("W m-2"))
    #expect(message(try year("p", "mm") { _, _ in 1 }, try year("g", "W m-2") { _, _ in 1 }).contains("mm"))
  }
}
