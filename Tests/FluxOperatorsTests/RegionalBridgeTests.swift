import FluxCore
import FluxData
import FluxDrivers
import FluxModels
import FluxTensor
import Glibc
import TestSupport
import Testing

@testable import FluxOperators

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
    #expect(try a.selecting(["B"]).models[0].theta == a.models[1].theta)
    expectRefusal("one of A, B") { try a.selecting(["C"]) }
  }

  @Test("a year that the drivers lack, and a model of other inputs, are refused with what there is")
  func refused() throws {
    let bridge = try ReferenceWorld().bridge(.conserving, r2: 0.98)
    let model = try MultilayerPerceptron(inputs: ["a"], hidden: [4], seed: 1)
    expectRefusal("the drivers have no day of 1999", "Choose years within 2001 to 2004") {
      try bridge.predict(model, year: 1999)
    }
    expectRefusal("the model takes b; expected the drivers' own: a") {
      try bridge.predict(MultilayerPerceptron(inputs: ["b"], hidden: [], seed: 1), year: 2002)
    }
  }

  @Test("a saved bridge is the same file for one thread and for two, and comes back as it was")
  func saved() throws {
    let world = try ReferenceWorld(), paths = ["a", "b"].map { "/tmp/fluxbridge-bridge-\($0)-\(getpid()).nc" }
    defer { for path in paths { unlink(path) } }
    var bridges: [RegionalBridge] = []
    for (threads, path) in zip([1, 2], paths) {
      let bridge = try ThreadPool.withThreadCount(threads) { try world.bridge(.conserving, r2: 0.98) }
      try BridgeFile.save(bridge, to: path)
      bridges.append(bridge)
    }
    func bytes(_ path: String) -> [UInt8] {
      let file = open(path, O_RDONLY)
      defer { close(file) }
      var result = [UInt8](repeating: 0, count: 1 << 20)
      return Array(result[..<max(0, read(file, &result, result.count))])
    }
    #expect(bytes(paths[0]).count > 1000 && bytes(paths[0]) == bytes(paths[1]))
    let back = try BridgeFile.load(paths[0], regions: world.regions, drivers: world.drivers)
    #expect(back.models.map(\.theta) == bridges[0].models.map(\.theta) && back.models.map(\.cells) == bridges[0].models.map(\.cells))
    #expect(back.report.description == bridges[0].report.description)
    let again = "/tmp/fluxbridge-bridge-c-\(getpid()).nc"
    defer { unlink(again) }
    try BridgeFile.save(back, to: again)
    #expect(bytes(again) == bytes(paths[0]))

    expectRefusal("made for the mask") {
      try BridgeFile.load(paths[0], regions: world.regions.only(["A"]), drivers: world.drivers)
    }
    let other = try Grid.regular(step: 10)
    let elsewhere = try DriverStore(definitions: world.drivers.definitions, grid: other, pixels: [3], time: world.drivers.time, values: [[0]])
    expectRefusal("another grid") { try BridgeFile.load(paths[0], regions: world.regions, drivers: elsewhere) }
    expectRefusal("the bridge was read from a file, without its reference") {
      try BridgeRobustness(back, runs: 2, seed: 1)
    }
  }

  @Test("the gap to the exact integral is none for a constant flux through the conserving bridge")
  func gap() throws {
    let world = try ReferenceWorld(), model = try MultilayerPerceptron(inputs: ["a"], hidden: [], seed: 1)
    try model.setWeights([0, -3])
    let bridge = try world.bridge(.conserving, r2: 0.98), gap = try bridge.gap(model, years: [2003])
    let scale = try bridge.predict(model, year: 2003).doubles().map(abs).max() ?? 0
    #expect(gap.shape == [2, 12] && gap.values.allSatisfy { abs($0) < 1e-6 * scale })
    #expect(try world.bridge(.none, r2: 0.9).gap(model, years: [2003]).values.contains { abs($0) > 1e-3 * scale })
    expectRefusal("the drivers do not cover 1990; expected years within 2001 to 2004") {
      try bridge.gap(model, years: [1990])
    }
  }

  @Test("redraws choose pixels of the regions, the same for one seed, and count them")
  func robustness() throws {
    var builder = RegionalBridgeBuilder()
    (builder.candidates, builder.r2) = (8, 0.95)
    let world = try ReferenceWorld()
    let bridge = try builder.build(reference: world.field, time: world.time, grid: world.grid, regions: world.regions, drivers: world.drivers)
    let a = try BridgeRobustness(bridge, runs: 12, seed: 3), b = try BridgeRobustness(bridge, runs: 12, seed: 3)
    let map = try a.frequency.values()
    #expect(a.table.description == b.table.description)
    #expect(map.filter(\.isFinite).count == 40 && map.filter(\.isFinite).allSatisfy { (0...1).contains($0) })
    #expect(Set(map.filter { $0 > 0 }).count > 2)
  }

  @Test("every day of a month is as likely in a sample as any other, and as heavy as it is rare")
  func days() {
    var sample = PixelSums.DaySample(days: 4, seed: 1), counts = [Int](repeating: 0, count: 31)
    for _ in 0..<31_000 {
      let drawn = sample.draw(10..<41)
      #expect(Set(drawn).count == 4)
      for day in drawn { counts[day - 10] += 1 }
    }
    for count in counts { #expect(abs(count - 4000) < 250) }
    #expect(sample.draw(0..<3) == [0, 1, 2])
  }

  @Test("a sample of the days predicts a constant flux exactly")
  func sampledExact() throws {
    let world = try ReferenceWorld(), model = try MultilayerPerceptron(inputs: ["a"], hidden: [], seed: 1)
    try model.setWeights([0, 2])
    let all = try ExactBridge(regions: world.regions, drivers: world.drivers).predict(model, year: 2004).doubles()
    let some = try ExactBridge(regions: world.regions, drivers: world.drivers, days: 3).predict(model, year: 2004).doubles()
    for (a, b) in zip(all, some) { #expect(abs(b / a - 1) < 1e-6) }
    expectRefusal("0 days; expected 1 or more days of each month") {
      try ExactBridge(regions: world.regions, drivers: world.drivers, days: 0)
    }
  }

  @Test("shares of plant types of the contributing pixels stand beside the region's")
  func plantTypes() throws {
    let world = try ReferenceWorld(), cells = world.grid.cellCount
    let cover = try Cube(name: "pft", values: (0..<(2 * cells)).map { $0 < cells ? 0.25 : 0.75 }, grid: world.grid, unit: "1",
      leading: Cube.LeadingDimension(name: "type", labels: ["tree", "grass"]))
    var builder = RegionalBridgeBuilder()
    builder.cover = try PlantTypeCover(cover, at: "test")
    let bridge = try builder.build(reference: world.field, time: world.time, grid: world.grid, regions: world.regions, drivers: world.drivers)
    #expect(bridge.types == ["tree", "grass"] && bridge.models.allSatisfy { $0.quality.types == [0.25, 0.75] })
    #expect(bridge.report.description.contains("25/25"))
  }

  @Test("a pixel counts once, for its most common plants: contributing and all pixels by region, and together")
  func majorityTypes() throws {
    let world = try ReferenceWorld(), cells = world.grid.cellCount, bridge = try world.bridge(.conserving, r2: 0.99)
    // Cells 60–79 are region A: trees up to 69, grass after; region B is grass, but for cell 99, which has no cover.
    let trees: (Int) -> Float = { $0 == 99 ? .nan : $0 < 70 ? 0.6 : 0.1 }
    let cover = try Cube(name: "pft", values: (0..<cells).map(trees) + (0..<cells).map { 1 - trees($0) }, grid: world.grid, unit: "1",
      leading: Cube.LeadingDimension(name: "type", labels: ["tree", "grass"]))
    let shares = try PlantTypeShares(bridge, cover, at: "test")
    #expect(shares.all == [[10, 10], [0, 19]])
    for (k, model) in bridge.models.enumerated() {
      #expect(shares.contributing[k] == [model.cells.count { $0 < 70 }, model.cells.count { $0 >= 70 && $0 != 99 }])
    }
    #expect(shares.total.all == [10.0 / 39, 29.0 / 39])
    #expect(abs(shares.total.contributing.reduce(0, +) - 1) < 1e-12)
    let other = try Cube(name: "pft", values: [Float](repeating: 1, count: 2 * 72), grid: Grid.regular(step: 30), unit: "1",
      leading: Cube.LeadingDimension(name: "type", labels: ["tree", "grass"]))
    expectRefusal("the plant functional types lie on another grid") { try PlantTypeShares(bridge, other, at: "test") }
  }
}
