import FluxCore
import TestSupport
import Testing

@testable import FluxData

@Suite("A regional series")
struct SeriesTests {
  /// Two members, two regions, 2004 and 2005 monthly; value = 1 for member A, month number for member B, times 10 for region 2.
  let ensemble: Series
  init() throws {
    var values: [Double] = []
    for member in 0..<2 {
      for region in 0..<2 {
        for index in 0..<24 { values.append((member == 0 ? 1 : Double(index % 12 + 1)) * (region == 0 ? 1 : 10)) }
      }
    }
    ensemble = try Series(
      name: "nee", unit: Unit("PgC month-1"), time: .monthly(years: 2004...2005), regions: ["BRA", "EU"], regionArea: [8, 5],
      members: ["A", "B"], values: values)
  }

  @Test("the range is maximum minus minimum over the members present, missing when fewer than two")
  func range() throws {
    var values = ensemble.values
    values[3] = .nan  // member A, BRA, April 2004
    let holed = ensemble.with(values: values)
    #expect(holed.range.shape == [2, 24])
    #expect(holed.range[0, time: 0] == 0 && holed.range[0, time: 11] == 11 && holed.range[1, time: 11] == 110)
    #expect(holed.range[0, time: 3].isNaN && holed.range[1, time: 3] == 30)
    #expect(holed.memberMean()[0, time: 3] == 4)
    #expect(try holed.member("B").range.values.allSatisfy(\.isNaN))
    #expect((ensemble.memberStandardDeviation()[0, time: 2] - 2 / 2.0.squareRoot()).magnitude < 1e-12)
  }

  @Test("monthly totals are summed to years, rates are averaged by days")
  func annual() throws {
    let sums = try ensemble.annual()
    #expect(sums.unit.description == "PgC yr-1" && sums.time.count == 2)
    #expect(sums[1, 0, time: 0] == 78 && sums[0, 1, time: 1] == 120)
    let rate = try ensemble.converted(to: Unit("PgC yr-1"))
    #expect((rate[0, 0, time: 1] - 366.0 / 29).magnitude < 1e-12)  // February 2004
    #expect((rate[0, 0, time: 13] - 365.0 / 28).magnitude < 1e-12)
    let again = try rate.annual()
    #expect(again.unit.description == "PgC yr-1")
    #expect(zip(again.values, sums.values).allSatisfy { ($0 - $1).magnitude < 1e-9 })
    #expect(try rate.converted(to: Unit("PgC month-1")).values.elementsEqual(ensemble.values) { ($0 - $1).magnitude < 1e-12 })
  }

  @Test("a year that the record holds only in part is left out and noted; a season of every year is summed")
  func partial() throws {
    let cut = try Series(
      name: "x", unit: Unit("PgC month-1"), time: TimeAxis.monthly(years: 2004...2005).selecting(0..<18), regions: ["BRA"],
      values: [Double](repeating: 1, count: 18))
    let annual = try cut.annual()
    #expect(annual.time.years == [2004] && annual.values == [12])
    #expect(annual.notes.joined().contains("left out 2005"))
    let summer = try ensemble.selecting(months: [6, 7, 8]).annual()
    #expect(summer.time.years == [2004, 2005] && summer[1, 0, time: 1] == 21)
    #expect(try ensemble.selecting(months: [2]).annual()[1, 1, time: 0] == 20)
  }

  @Test("the mean seasonal cycle has twelve months, and anomalies are what it leaves")
  func cycle() throws {
    let yearly: [Double] = [-1, 0, 4]
    var values: [Double] = (0..<36).map { index in Double(index % 12) + yearly[index / 12] }
    values[5] = .nan
    let series = try Series(
      name: "x", unit: Unit("PgC month-1"), time: .monthly(years: 2001...2003), regions: ["BRA"], values: values)
    let cycle = try series.meanSeasonalCycle()
    #expect(cycle.time.count == 12 && cycle[0, time: 0] == 1 && cycle[0, time: 11] == 12 && cycle[0, time: 5] == 7)
    let anomaly = try series.anomaly()
    #expect(anomaly[0, time: 0] == -2 && anomaly[0, time: 35] == 3 && anomaly[0, time: 5].isNaN)
    expectRefusal("a series of years; expected values of a month or less") { try series.annual().meanSeasonalCycle() }
  }

  @Test("daily values of 29 February share the slot of the 28th")
  func leapDay() throws {
    let time = TimeAxis.daily(years: 2003...2004)
    let values = time.dates.map { $0.month == 2 && $0.day >= 28 ? ($0.year == 2004 ? 3.0 : 0) : 0 }
    let series = try Series(name: "x", unit: Unit("gC m-2 d-1"), time: time, regions: ["BRA"], values: values)
    let cycle = try series.meanSeasonalCycle()
    #expect(cycle.time.count == 365 && cycle[0, time: 58] == 2 && cycle.values.reduce(0, +) == 2)
    let monthly = try series.monthly()
    #expect(monthly.time.count == 24 && (monthly[0, time: 13] - 6.0 / 29).magnitude < 1e-12)
    #expect(monthly.unit.description == "gC m-2 d-1")
  }

  @Test("detrending takes a straight line away and keeps the mean, holes or not")
  func detrend() throws {
    var values = (0..<10).map { 5 - 0.25 * Double($0) }
    values[4] = .nan
    let series = try Series(
      name: "x", unit: Unit("PgC yr-1"), time: .annual(years: 2001...2010), regions: ["BRA"], values: values)
    let flat = series.detrended()
    #expect(flat[0, time: 4].isNaN)
    let mean = values.filter { !$0.isNaN }.reduce(0, +) / 9
    #expect(flat.values.allSatisfy { $0.isNaN || ($0 - mean).magnitude < 2e-3 })  // leap years bend the line by a day in four years
  }

  @Test("selections keep names, areas and order, and messages name what there is")
  func selection() throws {
    let part = try ensemble.selecting(years: 2005...2005, months: [7], regions: ["EU"], members: ["B"])
    #expect(part.shape == [1, 1, 1] && part.values == [70] && part.regionArea == [5] && part.members == ["B"])
    #expect(try ensemble.member("B").shape == [2, 24])
    #expect(try ensemble.only(["EU", "BRA"]).regions == ["EU", "BRA"])
    let pair = try ensemble.only(["EU", "BRA"]), swapped = try pair.relabelled(["BRA", "EU"])
    #expect(try swapped.only(["EU"]).values == pair.only(["BRA"]).values && swapped.notes.last?.contains("were EU, BRA") == true)
    expectRefusal("2 codes, 1 different ones; expected 2, each once") { try pair.relabelled(["EU", "EU"]) }
    expectRefusal("1 codes, 1 different ones; expected 2, each once") { try pair.relabelled(["EU"]) }
    #expect(ensemble.total()[1, 0, time: 1] == 22 && ensemble.total().regions == ["globe"])
    expectRefusal("no region 'BRS'; did you mean 'BRA'?; expected one of BRA, EU") { try ensemble.only(["BRS"]) }
    expectRefusal("nothing is left of the time axis; expected a part of 2004-01-01 … 2005-12-01") {
      try ensemble.selecting(years: 1990...1999)
    }
    expectRefusal("month 13; expected months from 1 to 12") { try ensemble.selecting(months: [13]) }
    expectRefusal("a member of a series without members; expected an ensemble") {
      try ensemble.memberMean().selecting(members: ["A"])
    }
  }

  @Test("arithmetic converts units, spreads over members and checks axes")
  func arithmetic() throws {
    let mean = ensemble.memberMean()
    let difference = try ensemble - mean.converted(to: Unit("PgC yr-1"))
    #expect(difference.shape == [2, 2, 24] && difference.unit.description == "PgC month-1")
    #expect((difference[1, 1, time: 11] - 55).magnitude < 1e-9)
    #expect(try (mean / mean).unit.description == "1")
    #expect(try (mean * (mean / mean)).values == mean.values)
    #expect((2 * mean).values[0] == 2 * mean.values[0] && (-mean).values[0] == -mean.values[0])
    expectRefusal("the unit PgC month-1; expected one side without unit") { try mean * mean }
    expectRefusal("region BRA is in one series alone") { try ensemble + mean.only(["EU"]) }
    expectRefusal("one series covers 2004-01-01 … 2005-12-01 in 24 steps, the other 2004-01-01 … 2004-12-01 in 12") {
      try ensemble + mean.selecting(years: 2004...2004)
    }
    expectRefusal("the members are A, B and B, A; expected the same members on both sides") {
      try ensemble + ensemble.selecting(members: ["B", "A"])
    }
  }

  @Test("the wrong number of values is refused with both numbers")
  func counts() throws {
    expectRefusal("1 values; expected 10, 1 regions × 10 times") {
      try Series(name: "x", unit: Unit("PgC yr-1"), time: .annual(years: 2001...2010), regions: ["BRA"], values: [1])
    }
  }

  @Test("a saved series reads back the same, as netCDF")
  func roundTrip() throws {
    let folder = TestFolder()
    var values = ensemble.values
    values[5] = .nan
    var saved = ensemble.with(values: values)
    saved.notes = ["took off fires", "NOTE: loud"]
    try saved.save(folder.file("s.nc"))
    let back = try Series.open(folder.file("s.nc"))
    #expect(back.name == "nee" && back.unit == saved.unit && back.time == saved.time && back.regions == saved.regions)
    #expect(back.members == saved.members && back.regionArea == saved.regionArea && back.notes == saved.notes)
    #expect(zip(back.values, saved.values).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    let mean = try saved.memberMean().annual()
    try mean.save(folder.file("m.nc"))
    #expect(try Series.open(folder.file("m.nc")).time.step == .year)
    expectRefusal("no/folder.nc: the folder '\(folder.file("no"))' does not exist") {
      try saved.save(folder.file("no/folder.nc"))
    }
  }

  @Test("a table has a column for each region and leaves missing values empty")
  func table() throws {
    let small = try Series(
      name: "nee", unit: Unit("PgC yr-1"), time: .annual(years: 2001...2002), regions: ["BRA", "a,b"], members: ["CTE"],
      values: [1.5, .nan, 0.1, -2])
    #expect(small.csvText() == """
      member,time,unit,BRA,"a,b"
      CTE,2001-01-01,PgC yr-1,1.5,0.1
      CTE,2002-01-01,PgC yr-1,,-2.0

      """)
  }

  @Test("a series prints as a short tree")
  func printing() {
    #expect(ensemble.description == "Series nee [member 2, region 2, time 24] PgC month-1")
    #expect(ensemble.tree == """
      Series nee [member 2, region 2, time 24] PgC month-1
      ├── members: A B
      ├── time: 2004-01-01 … 2005-12-01
      └── regions: BRA EU
      """)
  }
}
