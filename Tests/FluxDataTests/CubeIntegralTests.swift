import FluxCore
import Glibc
import TestSupport
import Testing

@testable import FluxData

@Suite("The integral of a cube over regions")
struct CubeIntegralTests {
  let regions: RegionSet
  init() throws { regions = try RegionSet.reccap2(on: .regular(step: 2)) }

  func constant(_ value: Float, unit: String, time: TimeAxis, holes: Set<Int> = []) throws -> Cube {
    let grid = regions.grid
    let map = (0..<grid.cellCount).map { holes.contains($0) ? Float.nan : value }
    return try Cube(name: "nee", values: (0..<time.count).flatMap { _ in map }, grid: grid, time: time, unit: unit)
  }

  @Test("the integral of a constant field is the land area to 1e-6", arguments: [2.0, 5.0])
  func landArea(step: Double) throws {
    let regions = try RegionSet.reccap2(on: .regular(step: step)), grid = regions.grid
    // R² Δλ (sin φ₂ − sin φ₁) × land fraction, summed here and not by the grid.
    let land = regions.landFraction(), radian = Double.pi / 180
    var area = 0.0
    for (cell, fraction) in land.enumerated() {
      let south = (-90 + step * Double(grid.row(ofCell: cell))) * radian
      area += Double(fraction) * 6_371_007 * 6_371_007 * step * radian * (sin(south + step * radian) - sin(south))
    }
    #expect(abs(area / 1.3e14 - 1) < 0.1)
    let one = try Cube(
      name: "one", values: [Float](repeating: 1, count: 2 * grid.cellCount), grid: grid, time: .daily(years: 2004...2004).selecting(0..<2), unit: "gC m-2 d-1")
    let series = try one.integral(regions)
    let total = (0..<18).reduce(0.0) { $0 + series[$1, time: 1] } / 1e-15
    #expect(abs(total / area - 1) < 1e-6 && abs(regions.totalArea / area - 1) < 1e-6)
  }

  @Test("a constant flux of 1 gC m⁻² d⁻¹ gives area × days of the month, February 2004 and 2005")
  func months() throws {
    let series = try constant(1, unit: "gC m-2 d-1", time: .monthly(years: 2004...2005)).integral(regions)
    #expect(series.unit.description == "PgC month-1" && series.shape == [18, 24] && series.regions == regions.codes)
    for region in 0..<18 {
      #expect((series[region, time: 1] / (regions.area[region] * 29e-15) - 1).magnitude < 1e-12)
      #expect((series[region, time: 13] / (regions.area[region] * 28e-15) - 1).magnitude < 1e-12)
    }
    #expect(series.notes.isEmpty)
    let annual = try series.annual()
    #expect((annual[4, time: 0] / (regions.area[4] * 366e-15) - 1).magnitude < 1e-12)
  }

  @Test("the default is a total per time step, a rate where one is asked for")
  func steps() throws {
    let perDay = regions.area[0] * 1e-15
    func first(_ series: Series) -> Double { series[0, time: 0] / perDay }
    let daily = try constant(1, unit: "gC m-2 d-1", time: .daily(years: 2004...2004)).integral(regions)
    #expect(daily.unit.description == "PgC d-1" && (first(daily) - 1).magnitude < 1e-12)
    #expect((first(try daily.annual()) - 366).magnitude < 1e-9)
    let composites = try constant(1, unit: "gC m-2 d-1", time: .eightDaily(years: 2004...2004)).integral(regions)
    #expect(composites.unit.description == "PgC" && (first(composites) - 8).magnitude < 1e-12)
    #expect((composites[0, time: 45] / perDay - 6).magnitude < 1e-12)
    #expect((first(try composites.annual()) - 366).magnitude < 1e-9)
    let annual = try constant(1, unit: "gC m-2 d-1", time: .annual(years: 2004...2005)).integral(regions)
    #expect(annual.unit.description == "PgC yr-1" && (first(annual) - 366).magnitude < 1e-9)
    let rate = try constant(1, unit: "gC m-2 d-1", time: .monthly(years: 2005...2005)).integral(regions, unit: Unit("PgC yr-1"))
    #expect((first(rate) - 365).magnitude < 1e-9)
    let moles = try constant(0.96362, unit: "µmol m-2 s-1", time: .monthly(years: 2005...2005))
      .named("nee").integral(regions, unit: Unit("µmol s-1"))
    #expect(moles.unit.description == "umol s-1" || moles.unit.description == "µmol s-1")
  }

  @Test("members become a dimension of the series")
  func members() throws {
    let grid = regions.grid
    let values = (0..<2).flatMap { member in [Float](repeating: Float(member + 1), count: grid.cellCount) }
    let cube = try Cube(
      name: "nee", values: values, grid: grid, time: TimeAxis.annual(years: 2001...2001), unit: "gC m-2 d-1",
      leading: Cube.LeadingDimension(name: "member", labels: ["a", "b"]))
    let series = try cube.integral(regions.only(["EU"]))
    #expect(series.members == ["a", "b"] && series.shape == [2, 1, 1] && series[1, 0, time: 0] == 2 * series[0, 0, time: 0])
  }

  @Test("missing cells are left out and counted; a region without any is missing")
  func missing() throws {
    let europe = try regions.entries(of: "EU").cells
    let one = Set(try regions.entries(of: "BRA").cells.prefix(1))
    let series = try constant(1, unit: "gC m-2 d-1", time: .annual(years: 2001...2001), holes: one.union(europe)).integral(regions)
    #expect(series[6, time: 0].isNaN && series[4, time: 0] < regions.area[4] * 365e-15)
    #expect(series.notes.count == 1 && series.notes[0].hasPrefix("nee: "))
  }

  @Test("a region set on another grid is brought over by area")
  func otherGrid() throws {
    let series = try constant(1, unit: "gC m-2 d-1", time: .annual(years: 2001...2001)).integral(RegionSet.reccap2())
    let exact = try RegionSet.reccap2().area.map { $0 * 365e-15 }
    for region in 0..<18 { #expect((series[region, time: 0] / exact[region] - 1).magnitude < 1e-6) }
  }

  @Test("what is no flux per area is refused, and so is a unit of another kind")
  func refusals() throws {
    let time = TimeAxis.annual(years: 2001...2001)
    expectRefusal("'nee' is in 'degC'; expected a flux or amount per area") {
      try constant(1, unit: "degC", time: time).integral(regions)
    }
    expectRefusal("'nee' has no unit; expected a flux or amount per area") {
      try constant(1, unit: "", time: time).integral(regions)
    }
    expectRefusal("'gC d-1' cannot be converted to 'K'") {
      try constant(1, unit: "gC m-2 d-1", time: time).integral(regions, unit: Unit("K"))
    }
    let map = try Cube(name: "nee", values: [Float](repeating: 1, count: regions.grid.cellCount), grid: regions.grid, unit: "gC m-2 d-1")
    expectRefusal("'nee' has no time; expected a cube in time") { try map.integral(regions) }
  }
}
