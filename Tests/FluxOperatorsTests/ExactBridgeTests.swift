import FluxCore
import FluxData
import FluxDrivers
import FluxModels
import FluxTensor
import Glibc
import TestSupport
import Testing

@testable import FluxOperators

/// Two regions of forty cells, whose climate changes from pixel to pixel and through the year.
private struct ClimateWorld {
  let grid: Grid, regions: RegionSet, drivers: DriverStore
  let cells = Array(60..<140)

  init() throws {
    let cells = cells
    grid = try Grid.regular(step: 15)
    regions = try RegionSet(codes: ["A", "B"], names: ["A", "B"], grid: grid, fractions: [
      cells[..<40].map { (cell: $0, fraction: Float(0.3) + Float($0 % 3) * 0.2) }, cells[40...].map { (cell: $0, fraction: Float(1)) },
    ])
    let days = TimeAxis.daily(years: 2003...2004)
    var random = RandomStream(seed: 4, purpose: "climate world")
    let heights: [Double] = cells.map { _ in random.normal() }, swings: [Double] = cells.map { _ in random.uniform() }
    let phases: [Double] = cells.map { _ in random.normal() }
    func row(_ day: Int, _ value: (_ season: Double, _ pixel: Int) -> Double) -> [Float] {
      let season = 2 * Double.pi * Double(day) / 365
      return cells.indices.map { Float(value(season, $0)) }
    }
    let height = heights.map { Float($0) }
    let warmth: [Float] = (0..<days.count).flatMap { row($0) { season, p in heights[p] + swings[p] * sin(season + 0.3 * phases[p]) } }
    let light: [Float] = (0..<365).flatMap { row($0) { season, p in swings[p] * cos(season + phases[p]) } }
    drivers = try DriverStore(definitions: [
      DriverDefinition("height", .constant, "height", unit: "1"), DriverDefinition("light", .seasonal, "light", unit: "1"),
      DriverDefinition("warmth", .daily, "warmth", unit: "1"),
    ], grid: grid, pixels: cells, time: days, values: [height, light, warmth])
  }

  func network(_ seed: UInt64) throws -> MultilayerPerceptron { try MultilayerPerceptron(inputs: drivers.names, hidden: [16, 16], seed: seed) }

  /// A sparse bridge on the flux of one network.
  func sparse(probes: Int) throws -> RegionalBridge {
    var builder = RegionalBridgeBuilder()
    builder.probes = probes
    return try builder.build(reference: ForwardRun.cube([network(100)], drivers, step: .eightDays), regions: regions, drivers: drivers)
  }

  /// Root mean square of bridge − exact over regions, months and networks that neither has seen, relative to the totals' own.
  func gap(_ bridge: RegionalBridge, networks: Range<UInt64>) throws -> Double {
    let exact = try ExactBridge(regions: regions, drivers: drivers)
    var squares = 0.0, all = 0.0
    for seed in networks {
      let model = try network(seed)
      for (a, b) in zip(try bridge.predict(model, year: 2004).doubles(), try exact.predict(model, year: 2004).doubles()) {
        squares += (a - b) * (a - b)
        all += b * b
      }
    }
    return (squares / all).squareRoot()
  }
}

@Suite("The exact bridge")
struct ExactBridgeTests {
  @Test("a constant flux c gives c × area × days, in February of 2003 and of the leap year 2004")
  func constant() throws {
    let world = try ClimateWorld(), bridge = try ExactBridge(regions: world.regions, drivers: world.drivers)
    let model = try MultilayerPerceptron(inputs: world.drivers.names, hidden: [], seed: 1)
    try model.setWeights([0, 0, 0, 2])
    for (year, days) in [(2003, 28.0), (2004, 29.0)] {
      let totals = try bridge.predict(model, year: year).doubles()
      for (r, area) in world.regions.area.enumerated() { #expect(abs(totals[r * 12 + 1] / (2 * area * days * 1e-15) - 1) < 1e-6) }
    }
    #expect(zip(bridge.areas, world.regions.area).allSatisfy { abs($0 / $1 - 1) < 1e-6 })
  }

  @Test("it is the integral of the map that the model draws")
  func integral() throws {
    let world = try ClimateWorld(), model = try world.network(3)
    let bridge = try ExactBridge(regions: world.regions, drivers: world.drivers)
    let map = try ForwardRun.cube([model], world.drivers, years: [2004]).integral(world.regions).values
    let totals = try bridge.predict(model, year: 2004).doubles()
    let scale = map.map(\.magnitude).max()!
    for (a, b) in zip(totals, map) { #expect(abs(a - b) < 1e-5 * scale) }
    #expect(try bridge.selecting(["B"]).predict(model, year: 2004).doubles() == Array(totals[12...]))
  }

  @Test("regions on another grid, and regions that it does not have, are refused")
  func refused() throws {
    let world = try ClimateWorld()
    expectRefusal("the regions lie on 2592 cells, the drivers on 288; expected one grid") {
      try ExactBridge(regions: RegionSet.reccap2(on: Grid.regular(step: 5)), drivers: world.drivers)
    }
    expectRefusal("no region 'C'; did you mean 'A'?; expected one of A, B") {
      try ExactBridge(regions: world.regions, drivers: world.drivers).selecting(["C"])
    }
  }

  @Test("probe networks bring a sparse bridge at least three times nearer to the integral of networks that it has not seen")
  func probes() throws {
    let world = try ClimateWorld()
    let without = try world.gap(world.sparse(probes: 0), networks: 200..<210)
    let with = try world.gap(world.sparse(probes: 24), networks: 200..<210)
    #expect(3 * with < without, "\(with) against \(without)")
    for model in try world.sparse(probes: 24).models { #expect(abs(model.quality.gain - 1) < 1e-9) }
  }
}
