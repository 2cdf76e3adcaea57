@testable import FluxObservations
import FluxCore
import Testing

@testable import FluxData

@Suite("The inversion ensemble")
struct InversionEnsembleTests {
  /// A 10° grid, region A the cells of row 9 (0–10° N) and columns 0…8, region B columns 18…26, one of them shared.
  let regions: RegionSet
  let grid: Grid
  init() throws {
    grid = try Grid.regular(step: 10)
    let row = 9 * 36
    regions = try RegionSet(
      codes: ["A", "B"], names: ["a", "b"], grid: grid,
      fractions: [(0..<9).map { (row + $0, 0.5) } + [(row + 20, 0.1)], (18..<27).map { (row + $0, $0 == 20 ? 0.3 : 1) }])
  }

  /// A field that has one value everywhere (per area), by year-month.
  func field(
    _ name: String, unit: String, time: TimeAxis?, on grid: Grid? = nil, _ value: @escaping @Sendable (CalendarDate?, Int) -> Float
  ) throws -> FluxField {
    let grid = grid ?? self.grid
    return FluxField(name: name, grid: grid, time: time, unit: try Unit(unit)) { range in
      range.flatMap { step in (0..<grid.cellCount).map { value(time?.dates[step], $0) } }
    }
  }

  /// A value per area that makes `total` PgC yr⁻¹ over the globe when it is the same everywhere.
  func density(_ total: Double) -> Float { Float(total / (4 * Double.pi * Grid.earthRadius * Grid.earthRadius)) }

  @Test("land −3, fire +2, lateral −0.65 make −4.35")
  func signs() throws {
    let time = TimeAxis.monthly(years: 2003...2004)
    let land = density(-3), fire = density(2), lateral = density(-0.65)
    let ensemble = try InversionEnsemble(fields: [field("X", unit: "PgC m-2 yr-1", time: time) { _, _ in land }])
      .subtracting(field("fires", unit: "PgC m-2 yr-1", time: time) { _, _ in fire })
      .subtracting(field("lateral", unit: "PgC m-2 yr-1", time: nil) { _, _ in lateral })
    let parts = try ensemble.regionalParts(regions)
    let annual = try parts.global.annual()
    #expect((annual[0, 0, time: 0] + 4.35).magnitude < 1e-6 && (annual[0, 0, time: 1] + 4.35).magnitude < 1e-6)
    #expect(parts.regions.notes.contains { $0.hasPrefix("took off fires: 2.000 PgC yr-1") })
    #expect(parts.regions.notes.contains { $0.hasPrefix("took off lateral: -0.650 PgC yr-1") })
  }

  @Test("a rate per year becomes a total by days of the month over days of the year")
  func days() throws {
    let land = density(-3.66)
    let ensemble = try InversionEnsemble(
      fields: [field("X", unit: "PgC m-2 yr-1", time: .monthly(years: 2004...2005)) { _, _ in land }])
    let global = try ensemble.regionalParts(regions).global
    #expect((global[0, time: 1] + 3.66 * 29 / 366).magnitude < 1e-6)
    #expect((global[0, time: 13] + 3.66 * 28 / 365).magnitude < 1e-6)
    #expect(global.unit.description == "PgC month-1")
  }

  @Test("regions, land elsewhere and the remainder add up to the global land flux")
  func closure() throws {
    var stream = RandomStream(seed: 3)
    let noise = (0..<grid.cellCount).map { _ in Float(stream.normal() * 1e-14) }
    let ensemble = try InversionEnsemble(
      fields: [field("X", unit: "PgC m-2 yr-1", time: .monthly(years: 2004...2004)) { _, cell in noise[cell] }])
    for set in [regions, try regions.only(["B"])] {
      let parts = try ensemble.regionalParts(set)
      for month in 0..<12 {
        let sum = parts.regions.total()[0, time: month] + parts.elsewhere[0, time: month] + parts.remainder[0, time: month]
        #expect((sum - parts.global[0, time: month]).magnitude < 1e-12)
      }
    }
    let all = try ensemble.regional(regions), one = try ensemble.regional(regions.only(["B"]))
    #expect(all.row(region: 1).elementsEqual(one.row(region: 0)))  // a neighbour left out does not lose its coast
  }

  @Test("a cell goes whole to its regions by their share, a coastal cell to the nearest, three cells far at most")
  func coast() throws {
    let attribution = LandAttribution(regions)
    let row = 9 * 36
    func owners(_ cell: Int) -> [Double] {
      attribution.lists.map { list in (list.first { $0.cell == cell }?.area ?? 0) / grid.cellArea(row: cell / 36) }
    }
    #expect(owners(row + 4) == [1, 0, 0, 0])  // land fraction ½, the flux is the land's
    #expect(zip(owners(row + 20), [0.25, 0.75, 0, 0]).allSatisfy { ($0 - $1).magnitude < 1e-6 })
    #expect(owners(row + 11) == [1, 0, 0, 0] && owners(row + 12) == [0, 0, 0, 1])
    #expect(owners(row + 35) == [1, 0, 0, 0] && owners(row + 33) == [1, 0, 0, 0])  // across 180°
    #expect(owners(row + 15) == [0, 1, 0, 0])
    #expect(owners(12 * 36 + 22) == [0, 1, 0, 0] && owners(13 * 36 + 22) == [0, 0, 0, 1])
    let total = attribution.lists.joined().reduce(0) { $0 + $1.area }
    #expect((total / (4 * Double.pi * Grid.earthRadius * Grid.earthRadius) - 1).magnitude < 1e-12)
  }

  @Test("months before the fire record get its climatology, with a loud note")
  func climatology() throws {
    let land = density(-3)
    // Fires of n PgC yr⁻¹ in month n, one more in 2004 than in 2003.
    let unit = density(1)
    let ensemble = try InversionEnsemble(
      fields: [field("X", unit: "PgC m-2 yr-1", time: .monthly(years: 2001...2004)) { _, _ in land }])
      .subtracting(field("fires", unit: "PgC m-2 yr-1", time: .monthly(years: 2003...2004)) { date, _ in
        unit * Float(date!.month + date!.year - 2003)
      })
    let series = try ensemble.regionalParts(regions)
    let rate = try series.global.converted(to: Unit("PgC yr-1"))
    #expect((rate[0, time: 24] + 4).magnitude < 1e-5 && (rate[0, time: 36] + 5).magnitude < 1e-5)
    // The climatology is a rate per day: a leap year's day is 365/366 of it.
    #expect((rate[0, time: 0] + 4.5).magnitude < 5e-3 && (rate[0, time: 13] + 5.5).magnitude < 6e-3)
    let loud = try #require(series.regions.notes.first { $0.hasPrefix("NOTE: fires") })
    #expect(loud.contains("2001-01…2002-12") && loud.contains("2003–2004"))
  }

  @Test("fires on a finer grid, daily and in kg CO₂ m⁻² s⁻¹, keep their total")
  func fires() throws {
    let fine = try Grid.regular(step: 2.5)
    let time = TimeAxis.daily(years: 2003...2003)
    let land = density(0)
    var stream = RandomStream(seed: 5)
    let map = (0..<fine.cellCount).map { _ in stream.uniform() < 0.3 ? Float.nan : Float(stream.uniform() * 1e-9) }
    let ensemble = try InversionEnsemble(
      fields: [field("X", unit: "PgC m-2 yr-1", time: .monthly(years: 2003...2003)) { _, _ in land }])
      .subtracting(field("co2fire", unit: "kg CO2 m-2 s-1", time: time, on: fine) { date, cell in map[cell] * Float(date!.day) })
    let july = try ensemble.regionalParts(regions).global[0, time: 6]
    let areas = fine.cellAreas()
    let sum = zip(map, areas).reduce(0) { $0 + ($1.0.isNaN ? 0 : Double($1.0) * $1.1) }
    let expected = -sum * 86_400 * Double((1...31).reduce(0, +)) * 12.011 / 44.0095 * 1e-12
    #expect((july / expected - 1).magnitude < 1e-5)
  }

  @Test("a member's missing months stay missing, and missing cells are no land")
  func missing() throws {
    let land = density(-3)
    let time = TimeAxis.monthly(years: 2003...2004)
    let ensemble = try InversionEnsemble(fields: [
      field("X", unit: "PgC m-2 yr-1", time: time) { _, cell in cell < 18 * 36 / 2 ? .nan : land },
      field("Y", unit: "PgC m-2 yr-1", time: .monthly(years: 2004...2004)) { date, _ in date!.month == 12 ? .nan : land },
    ])
    let parts = try ensemble.regionalParts(regions)
    #expect(parts.regions.shape == [2, 2, 24])
    #expect((parts.global[0, 0, time: 0] + 1.5 * 31 / 365).magnitude < 1e-6)
    #expect(parts.regions.row(member: 1, region: 0).map(\.isNaN) == (0..<24).map { $0 < 12 || $0 == 23 })
    #expect(parts.regions.notes.contains("Y: no data in 13 of 24 months"))
    #expect(parts.regions.range[0, time: 0].isNaN && !parts.regions.range[0, time: 12].isNaN)
  }

  @Test("the remainder is told per member, loudly above 2 %")
  func remainder() throws {
    let land = density(-3)
    let ensemble = try InversionEnsemble(
      fields: [field("X", unit: "PgC m-2 yr-1", time: .monthly(years: 2003...2003)) { _, _ in land }])
    let notes = try ensemble.regional(regions).notes
    #expect(notes.contains { $0.hasPrefix("NOTE: X: remainder -") && $0.contains("more than 2 %") })
  }

  @Test("spans of months are written short")
  func spans() {
    let months = YearMonth.all(from: YearMonth(year: 2001, month: 11), through: YearMonth(year: 2002, month: 2))
    #expect(InversionAdjustment.spans(months + [YearMonth(year: 2004, month: 1)]) == "2001-11…2002-02, 2004-01")
    #expect(DecimalText.thousandths(-0.6504) == "-0.650" && DecimalText.thousandths(12.0006) == "12.001")
  }

  @Test("the report tells year by year what was taken off, and its columns add up")
  func report() throws {
    let time = TimeAxis.monthly(years: 2003...2004)
    let land = density(-3), fire = density(2), lateral = density(-0.65)
    let table = try InversionEnsemble(fields: [
      field("X", unit: "PgC m-2 yr-1", time: time) { _, _ in land },
      field("Y", unit: "PgC m-2 yr-1", time: time) { date, _ in date!.year == 2003 ? .nan : land },
    ])
    .subtracting(field("fires", unit: "PgC m-2 yr-1", time: time) { date, _ in date!.year == 2003 ? fire : 2 * fire })
    .subtracting(field("lateral", unit: "PgC m-2 yr-1", time: nil) { _, _ in lateral })
    .report(regions)
    #expect(table.columns == ["member", "year", "land", "fires", "lateral", "adjusted", "regions", "elsewhere", "remainder"])
    #expect(table.rows.map { $0[1] } == [.text("2003"), .text("2004"), .text("mean"), .text("2004"), .text("mean")])
    for (year, fires) in [("2003", 2.0), ("2004", 4), ("mean", 3)] {
      let x = try #require(table.scores["X"]?[year])
      let wanted = ["land": -3, "fires": fires, "lateral": -0.65, "adjusted": -3 - fires + 0.65]
      for (name, value) in wanted { #expect((x[name]! - value).magnitude < 1e-5, "\(name) \(year)") }
      #expect((x["regions"]! + x["elsewhere"]! + x["remainder"]! - x["adjusted"]!).magnitude < 1e-9)
    }
  }
}
