import FluxCore
import FluxData
import FluxDrivers
import FluxModel
import FluxTensor
import Glibc
import Testing

@testable import FluxBridge

/// Two regions of twenty cells, whose reference flux mixes three seasonal patterns.
private struct ReferenceWorld {
  let grid: Grid, regions: RegionSet, drivers: DriverStore, time = TimeAxis.eightDaily(years: 2001...2004)
  let field: [Float]

  init() throws {
    grid = try Grid.regular(step: 15)
    var random = RandomStream(seed: 2, purpose: "reference world")
    let cells = Array(60..<100)
    regions = try RegionSet(codes: ["A", "B"], names: ["A", "B"], grid: grid, fractions: [
      cells[..<20].map { (cell: $0, fraction: Float(0.3) + Float($0 % 3) * 0.2) }, cells[20...].map { (cell: $0, fraction: Float(1)) },
    ])
    let days = TimeAxis.daily(years: 2001...2004)
    drivers = try DriverStore(definitions: [DriverDefinition("a", .constant, "a", unit: "1")], grid: grid, pixels: cells, time: days,
      values: [[Float](repeating: 0, count: cells.count)])
    var field = [Float](repeating: .nan, count: time.count * grid.cellCount)
    for cell in cells {
      let mix = (0..<3).map { _ in random.uniform() }
      for t in 0..<time.count {
        let season = Double(t % 46) / 46 * 2 * .pi
        let value = -1 + mix[0] * cos(season) + mix[1] * cos(season + 1) + mix[2] * cos(2 * season) + 0.05 * random.normal()
        field[t * grid.cellCount + cell] = Float(value)
      }
    }
    self.field = field
  }

  func bridge(_ refit: Refit, r2: Double) throws -> RegionalBridge {
    var builder = RegionalBridgeBuilder()
    builder.refit = refit
    builder.r2 = r2
    return try builder.build(reference: field, time: time, grid: grid, regions: regions, drivers: drivers)
  }
}

@Suite("The sparse regional bridge")
struct RegionalBridgeTests {
  @Test("a constant flux c keeps its integral, c × area × days, through the conserving refit")
  func conserves() throws {
    let world = try ReferenceWorld(), bridge = try world.bridge(.conserving, r2: 0.99)
    let model = try MultilayerPerceptron(inputs: ["a"], hidden: [], seed: 1)
    try model.setWeights([0, 2])  // f ≡ 2 gC m⁻² d⁻¹
    let totals = try bridge.predict(model, year: 2004).doubles()
    for (r, area) in world.regions.area.enumerated() {
      #expect(abs(totals[r * 12 + 1] / (2 * area * 29e-15) - 1) < 1e-6)  // February of a leap year
    }
    for m in bridge.models { #expect(abs(m.quality.gain - 1) < 1e-9 && m.intercept == 0 && m.quality.r2 > 0.99) }
  }

  @Test("the paper's bridge keeps the Lasso's weights and intercept, and reports its gain")
  func paper() throws {
    let bridge = try ReferenceWorld().bridge(.none, r2: 0.95)
    for m in bridge.models {
      #expect(m.quality.r2 >= 0.95 && m.quality.gap <= 1e-8 && m.intercept != 0)
      #expect(m.pixels.count < 20 && m.pixels.count == m.theta.count)
    }
    #expect(bridge.report.description.contains("gain"))
  }

  @Test("two builds with one seed are equal, and the bridge of some regions keeps their models")
  func repeatable() throws {
    let world = try ReferenceWorld(), a = try world.bridge(.conserving, r2: 0.98), b = try world.bridge(.conserving, r2: 0.98)
    #expect(a.models.map(\.theta) == b.models.map(\.theta))
    #expect(try a.only(["B"]).models[0].theta == a.models[1].theta)
    let error = #expect(throws: FluxError.self) { try a.only(["C"]) }
    #expect(error?.description.contains("one of A, B") == true)
  }

  @Test("a year that the drivers lack, and a model of other inputs, are refused with what there is")
  func refused() throws {
    let bridge = try ReferenceWorld().bridge(.conserving, r2: 0.98)
    let model = try MultilayerPerceptron(inputs: ["a"], hidden: [4], seed: 1)
    #expect(throws: FluxError.self) { try bridge.predict(model, year: 1999) }
    #expect(throws: FluxError.self) { try bridge.predict(MultilayerPerceptron(inputs: ["b"], hidden: [], seed: 1), year: 2002) }
  }
}
