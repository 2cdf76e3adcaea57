import FluxCore
import Foundation
import TestSupport
import Testing

@testable import FluxData

@Suite("Operations on cubes")
struct CubeOperationTests {
  /// The cube of Tests/ReferenceData/cube_statistics.py.
  static func referenceCube(unit: String = "K") throws -> Cube {
    let grid = try Grid.regular(step: 30), time = TimeAxis.daily(years: 2003...2004)
    var values: [Float] = []
    for t in 0..<time.count {
      for i in 0..<grid.rows {
        for j in 0..<grid.columns {
          let number = (7919 * t + 104_729 * i + 1_299_709 * j) % 1009
          values.append((t + 3 * i + 5 * j) % 11 == 0 ? .nan : Float(number) / 8 - 50)
        }
      }
    }
    return try Cube(name: "v", values: values, grid: grid, time: time, unit: unit)
  }

  static func tiny(_ values: [Float], unit: String = "", time: TimeAxis? = nil, name: String = "v") throws -> Cube {
    try Cube(name: name, values: values, grid: Grid(latitudes: [-45, 45], longitudes: [-90, 90]), time: time, unit: unit)
  }

  @Test("the sign of a flux is judged by all of the northern summer, in eight years of 8-day slots too")
  func sign() throws {
    let time = TimeAxis.eightDaily(years: 2001...2008)
    // Uptake from May to mid August alone.
    let values = time.dates.flatMap { date -> [Float] in
      let uptake = (5...7).contains(date.month) || date.month == 8 && date.day < 12
      return [0, 0, uptake ? -3 : 1, uptake ? -3 : 1]
    }
    let nee = try Self.tiny(values, unit: "gC m-2 d-1", time: time)
    #expect(try nee.doctor().contains("negative in northern summer"))
    #expect(try Self.tiny(values.map { -$0 }, unit: "gC m-2 d-1", time: time).doctor().contains("positive in northern summer"))
  }

  @Test("statistics, months, years, cycles, blocks and trends equal xarray's and numpy's")
  func reference() throws {
    let cube = try Self.referenceCube()
    let results: [String: () throws -> Cube] = [
      "mean time": { try cube.reduced(.mean, over: ["time"]) }, "sum time": { try cube.reduced(.sum, over: ["time"]) },
      "std time": { try cube.reduced(.std, over: ["time"]) }, "min time": { try cube.reduced(.min, over: ["time"]) },
      "max time": { try cube.reduced(.max, over: ["time"]) }, "median time": { try cube.reduced(.median, over: ["time"]) },
      "mean lat": { try cube.reduced(.mean, over: ["lat"]) }, "mean lon": { try cube.reduced(.mean, over: ["lon"]) },
      "mean lat lon": { try cube.reduced(.mean, over: ["lat", "lon"]) }, "std lat lon": { try cube.reduced(.std, over: ["lat", "lon"]) },
      "median lat lon": { try cube.reduced(.median, over: ["lat", "lon"]) }, "mean time lat lon": { try cube.reduced(.mean) },
      "median time lat lon": { try cube.reduced(.median) },
      "plain mean lat lon": { try cube.reduced(.mean, over: ["lat", "lon"], weighted: false) }, "monthly mean": { try cube.monthly() },
      "annual mean": { try cube.annual() }, "annual plain sum": { try cube.annual(.sum) },
      "month cycle": { try cube.meanSeasonalCycle(by: .month) }, "month anomaly": { try cube.anomaly(by: .month) },
      "coarsened": { try cube.coarsened(by: 2) }, "detrended": { try cube.detrended() },
    ]
    let rows = try TestFiles.rows("cube_statistics.csv")
    #expect(rows.count == results.count)
    for row in rows {
      let make = try #require(results[row[0]], "\(row)")
      let values = try make().values()
      #expect(values.count == Int(row[1]), "\(row)")
      var valid = 0, sum = 0.0, indexed = 0.0, size = 0.0
      for (i, value) in values.enumerated() where !value.isNaN {
        valid += 1
        sum += Double(value)
        indexed += Double(value) * Double(i + 1)
        size += Double(value.magnitude)
      }
      #expect(valid == Int(row[2]), "\(row)")
      // Results are float32: half a unit in the last place of each, on 7 digits.
      #expect((sum - Double(row[3])!).magnitude < 1e-6 * size, "\(row): \(sum)")
      #expect((indexed - Double(row[4])!).magnitude < 1e-6 * size * Double(values.count), "\(row): \(indexed)")
    }
  }

  @Test("a statistic drops its axes and counts what it skipped")
  func axes() throws {
    let cube = try Self.referenceCube()
    let mean = try cube.reduced(.mean, over: ["lat", "lon"])
    #expect(mean.dimensions == ["time"] && mean.shape == [731])
    #expect(mean.missingCount == (try cube.values()).count(where: \.isNaN))
    #expect(try cube.reduced(.mean).dimensions.isEmpty)
    #expect(try cube.reduced(.max).value() == 76)
    expectRefusal("expected one of time, lat, lon") { try cube.reduced(.mean, over: ["latitude"]) }
    let empty = try Self.tiny([.nan, .nan, .nan, .nan])
    for statistic in Statistic.allCases { #expect(try empty.reduced(statistic).value().isNaN) }
  }

  @Test("a monthly sum of a daily rate is the month's total, and missing days do not shrink it")
  func totals() throws {
    let time = TimeAxis.daily(years: 2004...2004)
    var values = [Float](repeating: 2, count: time.count * 4)
    for day in 3..<20 { values[day * 4] = .nan }
    let cube = try Self.tiny(values, unit: "gC m-2 d-1", time: time)
    let months = try cube.monthly(.sum)
    #expect(months.unit?.description == "gC m-2 month-1")
    #expect(try months.values().prefix(8) == [62, 62, 62, 62, 58, 58, 58, 58])
    #expect(months.time?.step == .month && months.time?.count == 12)
    #expect(try cube.annual(.sum).values() == [732, 732, 732, 732])
    // Per second: the same year, 366 × 86 400 s.
    let perSecond = try Self.tiny(values, unit: "kg m-2 s-1", time: time).annual(.sum)
    #expect(try (perSecond.values()[1] / Float(2 * 366 * 86_400) - 1).magnitude < 1e-6)
    // Eight-daily composites: the last of the year stands for five or six days.
    let composites = TimeAxis.eightDaily(years: 2003...2004)
    let eight = try Self.tiny([Float](repeating: 1, count: composites.count * 4), unit: "gC m-2 d-1", time: composites)
    #expect(try eight.annual(.sum).values() == [365, 365, 365, 365, 366, 366, 366, 366])
    // A quantity without a rate is summed as it is.
    #expect(try Self.tiny(values, unit: "mm", time: time).annual(.sum).values()[1] == 732)
  }

  @Test("a rate per year becomes a monthly total by the days of month and year")
  func calendarUnits() throws {
    let time = TimeAxis.monthly(years: 2004...2005)
    let cube = try Self.tiny([Float](repeating: 366, count: 24 * 4), unit: "PgC yr-1", time: time)
    let months = try cube.converted(to: "PgC month-1").values()
    #expect(months[0] == 31 && months[4] == 29)
    #expect((months[13 * 4] - 366 * 28 / 365).magnitude < 1e-5)
    let back = try cube.converted(to: "PgC month-1").converted(to: "PgC yr-1").values()
    #expect(back.allSatisfy { ($0 - 366).magnitude < 1e-3 })
    expectRefusal("'PgC yr-1' to 'PgC month-1' depends on how long the month or year is, and 'v' has no time axis") {
      try Self.tiny([1, 1, 1, 1], unit: "PgC yr-1").converted(to: "PgC month-1")
    }
  }

  @Test("units: temperature with its offset, CO2 by the file's name, refusal otherwise")
  func units() throws {
    #expect(try Self.tiny([0, 10, -40, .nan], unit: "degC").converted(to: "K").values().prefix(3) == [273.15, 283.15, 233.15])
    let grid = try Grid(latitudes: [-45, 45], longitudes: [-90, 90])
    let fires = try Cube(
      name: "co2fire", values: [1, 1, 1, 1], grid: grid, unit: "kg m-2 s-1",
      attributes: ["standard_name": "surface_upward_mass_flux_of_carbon_dioxide_due_to_emission_from_fires"])
    #expect(fires.substance == .carbonDioxide)
    #expect((try fires.converted(to: "gC m-2 d-1").values()[0] / (86.4e6 * 12.011 / 44.0095) - 1).magnitude < 1e-6)
    let bare = try Cube(name: "fire", values: [1, 1, 1, 1], grid: grid, unit: "kg m-2 s-1")
    expectRefusal("'kg m-2 s-1' cannot be converted to 'gC m-2 d-1'", "write 'kgC' or 'kg CO2' instead of 'kg'") {
      try bare.converted(to: "gC m-2 d-1")
    }
    #expect(try bare.converted(to: "gC m-2 d-1", of: .carbon).values()[0] == 86.4e6)
    expectRefusal("the unit '(weird' of 'v' cannot be read") {
      try Self.tiny([1, 1, 1, 1], unit: "(weird").converted(to: "K")
    }
    expectRefusal("'v' has no unit") { try Self.tiny([1, 1, 1, 1]).converted(to: "K") }
  }

  @Test("arithmetic is lazy, keeps missing values, converts units and broadcasts maps")
  func arithmetic() throws {
    let time = TimeAxis.daily(from: CalendarDate(year: 2001, month: 1, day: 1), through: CalendarDate(year: 2001, month: 1, day: 2))
    let a = try Self.tiny([1, 2, 3, .nan, 5, 6, 7, 8], unit: "gC m-2 d-1", time: time)
    let b = try Self.tiny([1, 1, 1, 1], unit: "kgC m-2 d-1")
    func same(_ x: [Float], _ y: [Float]) -> Bool { x.count == y.count && zip(x, y).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN } }
    #expect(same(try a.combined(.subtract, with: b).values(), [-999, -998, -997, .nan, -995, -994, -993, -992]))
    #expect(same(try b.combined(.add, with: a).values(), [1.001, 1.002, 1.003, .nan, 1.005, 1.006, 1.007, 1.008]))
    #expect(try b.combined(.add, with: a).shape == [2, 2, 2])
    #expect(same(try a.combined(.multiply, with: 2).values(), [2, 4, 6, .nan, 10, 12, 14, 16]))
    #expect(same(try a.combined(.divide, with: 840, isReversed: true).values(), [840, 420, 280, .nan, 168, 140, 120, 105]))
    let area = try Self.tiny([2, 2, 2, 2], unit: "m2", name: "area")
    let total = try a.combined(.multiply, with: area)
    #expect(total.unit?.description == "gC d-1" && total.name == "v_times_area")
    let kelvin = try Self.tiny([1, 1, 1, 1], unit: "K")
    expectRefusal("cannot be converted") { try a.combined(.add, with: kelvin) }
    let other = try Cube(name: "w", values: [1, 2], grid: Grid(latitudes: [0], longitudes: [-90, 90]))
    expectRefusal("'v' has the grid 2 × 2, 'w' 1 × 2; expected cubes on one grid") { try a.combined(.add, with: other) }
    let later = try Self.tiny([1, 2, 3, 4], time: .daily(from: CalendarDate(year: 2002, month: 1, day: 1), through: CalendarDate(year: 2002, month: 1, day: 1)))
    expectRefusal(
      "'v' runs over 2001-01-01 … 2001-01-02", "over 2002-01-01 … 2002-01-01", "expected cubes on one time axis"
    ) {
      try a.combined(.add, with: later)
    }
  }

  @Test("members are adjusted one by one by a cube without members")
  func members() throws {
    let grid = try Grid(latitudes: [-45, 45], longitudes: [-90, 90])
    let time = TimeAxis.annual(years: 2001...2002)
    let ensemble = try Cube(
      name: "land", values: (0..<16).map(Float.init), grid: grid, time: time, leading: .init(name: "member", labels: ["CAMS", "CTE"]))
    let fires = try Cube(name: "fires", values: (0..<8).map(Float.init), grid: grid, time: time)
    let adjusted = try ensemble.combined(.subtract, with: fires)
    #expect(adjusted.dimensions == ["member", "time", "lat", "lon"])
    #expect(try adjusted.values() == [0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8, 8, 8, 8, 8])
    #expect(try adjusted.reduced(.mean, over: ["member"]).values() == [4, 4, 4, 4, 4, 4, 4, 4])
    #expect(try ensemble.member("CTE").read(time: 0..<1) == [8, 9, 10, 11])
    expectRefusal("no member 'CTF'; did you mean 'CTE'?; expected one of CAMS, CTE") { try ensemble.member("CTF") }
  }

  @Test("a selection is a view: dates, months, latitudes, longitudes either way around")
  func selection() throws {
    let cube = try Self.referenceCube()
    var july = CubeSelection()
    july.months = [7]
    july.latitudes = (45, 15)
    july.longitudes = (150, -150)
    let part = try cube.selecting(july)
    #expect(part.shape == [62, 2, 2])
    #expect(part.grid.longitudes == [-165, 165])
    let whole = try cube.values(), some = try part.values()
    let day = try #require(cube.time?.index(of: CalendarDate(year: 2004, month: 7, day: 1)))
    #expect(some[31 * 4 + 1] == whole[(day * 6 + 3) * 12 + 11] || some[31 * 4 + 1].isNaN)
    #expect(some[31 * 4 + 2] == whole[(day * 6 + 4) * 12] || some[31 * 4 + 2].isNaN)

    func columns(_ a: Double, _ b: Double) throws -> [Double] {
      var s = CubeSelection()
      s.longitudes = (a, b)
      return try cube.selecting(s).grid.longitudes
    }
    #expect(try columns(-20, 20) == [-15, 15])
    #expect(try columns(20, -20) == [-15, 15])
    #expect(try columns(160, 200) == [-165, 165])
    #expect(try columns(0, 360).count == 12)
    expectRefusal("no cell centre between longitudes 1.0 and 2.0; expected a part of -165.0 … 165.0") {
      try columns(1, 2)
    }

    var dates = CubeSelection()
    dates.dates = (CalendarDate(year: 2003, month: 12, day: 31), CalendarDate(year: 2003, month: 12, day: 30))
    #expect(try cube.selecting(dates).timeCount == 2)
    dates.dates = (CalendarDate(year: 1999, month: 12, day: 31), CalendarDate(year: 1999, month: 12, day: 30))
    expectRefusal("2003-01-01 … 2004-12-31") { try cube.selecting(dates) }
  }

  @Test("the nearest cell's series, also across the date line; places outside are refused")
  func place() throws {
    let cube = try Self.referenceCube()
    let series = try cube.at(latitude: 50, longitude: 179)
    #expect(series.dimensions == ["time"])
    let whole = try cube.values()
    let expected = (0..<731).map { whole[($0 * 6 + 4) * 12 + 11] }
    #expect(try zip(series.values(), expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    expectRefusal("the place (91.0, 0.0); expected latitude -90…90") { try cube.at(latitude: 91, longitude: 0) }
    var europe = CubeSelection()
    europe.latitudes = (30, 60)
    europe.longitudes = (0, 60)
    expectRefusal("the place (-40.0, 10.0) lies outside the grid") {
      try cube.selecting(europe).at(latitude: -40, longitude: 10)
    }
    expectRefusal("the place (45.0, 150.0) lies outside the grid") {
      try cube.selecting(europe).at(latitude: 45, longitude: 150)
    }
  }

  @Test("anomalies have no seasonal cycle left, and the amplitude is the cycle's range")
  func cycle() throws {
    let cube = try Self.referenceCube()
    let left = try cube.anomaly(by: .day).meanSeasonalCycle(by: .day).values()
    #expect(left.allSatisfy { $0.isNaN || $0.magnitude < 1e-4 })
    let cycle = try cube.meanSeasonalCycle(by: .day)
    #expect(cycle.timeCount == 365 && cycle.time?.step == .day)
    let composites = TimeAxis.eightDaily(years: 2003...2004)
    let values = composites.dates.indices.flatMap { [Float](repeating: Float($0 % 46), count: 4) }
    let eight = try Self.tiny(values, time: composites)
    #expect(try eight.meanSeasonalCycle().timeCount == 46)
    #expect(try eight.amplitude().values() == [45, 45, 45, 45])
    expectRefusal("'v' has no time axis; expected a cube with time") {
      try cube.reduced(.mean, over: ["time"]).meanSeasonalCycle()
    }
  }

  @Test("conservative regridding keeps the area integral, nearest keeps classes, bilinear keeps a plane")
  func regridding() throws {
    let fine = try Grid.regular(step: 10), coarse = try Grid.regular(step: 30)
    let values = (0..<fine.cellCount).map { Float(($0 * 7919) % 101) }
    let cube = try Cube(name: "v", values: values, grid: fine)
    let regridded = try cube.regridded(to: coarse)
    func integral(_ values: [Float], _ grid: Grid) -> Double { zip(values, grid.cellAreas()).reduce(0) { $0 + Double($1.0) * $1.1 } }
    #expect((integral(try regridded.values(), coarse) / integral(values, fine) - 1).magnitude < 1e-6)
    #expect(try zip(regridded.values(), cube.coarsened(by: 3).values()).allSatisfy { ($0 - $1).magnitude < 1e-4 })
    #expect(try cube.coarsened(by: 3).grid.matches(coarse))
    #expect(try cube.regridded(to: coarse, .nearest).values()[0] == values[1 * 36 + 1])
    let plane = try Cube(name: "p", values: fine.latitudes.flatMap { latitude in fine.longitudes.map { _ in Float(latitude) } }, grid: fine)
    let bilinear = try plane.regridded(to: coarse, .bilinear).values()
    #expect(zip(bilinear, coarse.latitudes.flatMap { l in coarse.longitudes.map { _ in Float(l) } }).allSatisfy { ($0 - $1).magnitude < 1e-4 })
    expectRefusal("blocks of 7 × 7 cells on a grid of 18 × 36; expected a number that divides both") {
      try cube.coarsened(by: 7)
    }
  }

  @Test("the MSC of a leap year is right: its days keep their places, and 29 February counts with the 28th")
  func leapYears() throws {
    let time = TimeAxis.daily(years: 2003...2005)
    // The value of a day is month × 100 + day; 29 February 2004 says 1000.
    let values = time.dates.flatMap { date in
      [Float](repeating: date.month == 2 && date.day == 29 ? 1000 : Float(date.month * 100 + date.day), count: 4)
    }
    let cycle = try Self.tiny(values, time: time).meanSeasonalCycle(by: .day)
    #expect(cycle.timeCount == 365)
    let found = try cycle.values(), dates = try #require(cycle.time).dates
    for (index, date) in dates.enumerated() {
      // 28 February: 228 three times and 1000 once.
      let wanted: Float = date.month == 2 && date.day == 28 ? (3 * 228 + 1000) / 4 : Float(date.month * 100 + date.day)
      #expect(found[index * 4] == wanted, "\(date)")
    }
    #expect(dates[59] == CalendarDate(year: 2003, month: 3, day: 1))
  }

  @Test("the seasonal cycle is the same slot by slot and in order of time, missing values and all")
  func slotMeans() throws {
    var stream = RandomStream(seed: 2)
    let time = TimeAxis.daily(years: 2003...2004)
    let cube = try Self.tiny((0..<4 * time.count).map { _ in stream.uniform() < 0.3 ? .nan : Float(stream.normal()) }, time: time)
    let means = SlotMeans(cube: cube, slot: time.dates.map { $0.month - 1 }, slotCount: 13)
    let a = try means.slotBySlot(), b = try means.inOrderOfTime()
    #expect(a.missing == b.missing && a.missing > 0)
    #expect(zip(a.values, b.values).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    #expect(a.values.suffix(4).allSatisfy { $0.isNaN })  // a slot without dates
  }

  @Test("regridding tells what becomes of a flux's total, and keeps it at coasts when asked to")
  func mass() throws {
    let fine = try Grid.regular(step: 10), coarse = try Grid.regular(step: 30)
    // Half of each coarse cell's columns are sea.
    let values = (0..<fine.cellCount).map { $0 % 3 == 0 ? Float.nan : 1 }
    let cube = try Cube(name: "nee", values: values, grid: fine, unit: "gC m-2 d-1")
    let plain = try cube.regridded(to: coarse), kept = try cube.regridded(to: coarse, .conservative, keepsTotals: true)
    #expect(try kept.values().allSatisfy { ($0 - 2 / 3).magnitude < 1e-6 } && plain.values().allSatisfy { $0 == 1 })
    // By hand: 2/3 of the sphere, 365 days.
    let total = 4 * Double.pi * Grid.earthRadius * Grid.earthRadius * 2 / 3 * 365e-15
    #expect(try cube.massCheck(kept) == "nee: \(DecimalText.fixed(total, 4)) → \(DecimalText.fixed(total, 4)) PgC yr-1 (+0.000 %)")
    #expect(try cube.massCheck(plain)?.hasSuffix("(+50.000 %)") == true)
    #expect(try cube.relabelled(unit: "K").massCheck(plain) == nil)
    expectRefusal("bilinear regridding that keeps totals; expected the method \"conservative\"") {
      try cube.regridded(to: coarse, .bilinear, keepsTotals: true)
    }
  }

  @Test("a saved cube tells the program, the seed and its inputs with their hashes, and equal saves are equal files")
  func provenance() throws {
    let folder = TestFolder()
    let cube = try Self.tiny([1, 2, 3, 4], time: .daily(from: CalendarDate(year: 2001, month: 1, day: 1), through: CalendarDate(year: 2001, month: 1, day: 1)))
    for name in ["a.nc", "b.nc"] { try cube.save(folder.file(name)) }
    let a = try Cube.open(folder.file("a.nc")), b = try Cube.open(folder.file("b.nc"))
    #expect(a.inputs == [folder.file("a.nc")])
    let difference = try a.combined(.subtract, with: b).combined(.multiply, with: 2)
    for name in ["c.nc", "d.nc"] { try difference.save(folder.file(name)) }
    let attributes = try NetCDFReader(path: folder.file("c.nc")).attributes
    #expect(attributes.text("source")?.hasPrefix("fluxbridge") == true && attributes.text("seed") != nil)
    let inputs = try #require(attributes.text("inputs")).split(separator: ";").map { $0.split(separator: " ") }
    #expect(inputs.map { String($0[0]) } == ["a.nc", "b.nc"])
    #expect(inputs[0][1] == inputs[1][1] && inputs[0][1].hasPrefix("xxh64:"))
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.file(name))) }
    #expect(try bytes("c.nc") == bytes("d.nc") && bytes("a.nc") == bytes("b.nc"))
  }
}
