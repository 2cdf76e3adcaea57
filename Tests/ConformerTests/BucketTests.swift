import FluxCore
import FluxData
import FluxDrivers
import FluxLua
import FluxModels
import FluxObjective
import FluxOperators
import FluxTensor
import FluxTraining
import LuaRuntime
import TestSupport
import Testing

/// A bucket with memory: water w ← w + rain − (e light + q) w, NEE = r w / capacity − ε light w / capacity, day after day.
final class Bucket: SurfaceModel, LuaExposed {
  static let kind = "bucket"
  static let soilWater = Quantity("soil_water", "water in the soil", "mm")
  let inputs: [String]
  let outputs: [Quantity] = [.nee, Bucket.soilWater]
  let memory = ModelMemory.record(spinUp: Bucket.spinUp)
  let parameters: ParameterVector
  private static let spinUp = 40

  init(inputs: [String] = ToyWorld.names, seed: UInt64 = 0) throws {
    self.inputs = inputs
    var random = RandomStream(seed: seed, purpose: "bucket")
    func parameter(_ name: String, _ unit: String, _ bounds: ClosedRange<Double>) throws -> Parameter {
      let share = seed == 0 ? 0.5 : random.uniform(0.3, 0.7)
      let value = bounds.lowerBound + share * (bounds.upperBound - bounds.lowerBound)
      return try Parameter(name, unit: unit, value: value, in: bounds)
    }
    parameters = try ParameterVector([
      parameter("capacity", "mm", 30...150), parameter("evaporation", "d-1", 0.001...0.01),
      parameter("drainage", "d-1", 0.001...0.05), parameter("respiration", "gC m-2 d-1", 0.2...4),
      parameter("efficiency", "gC m-2 d-1", 0.05...1),
    ])
  }

  /// One day of all places at once, on the tape: water after it, and NEE. Shape `[place]` each.
  private static func day(_ water: Tensor, _ light: Tensor, _ rain: Tensor, _ p: [Tensor]) throws -> (water: Tensor, nee: Tensor) {
    let loss = try light.multiplied(by: p[1]).adding(p[2]).multiplied(by: water)
    let next = try water.adding(rain).subtracting(loss)
    let flux = try p[3].subtracting(light.multiplied(by: p[4])).multiplied(by: next).divided(by: p[0])
    return (next, flux)
  }

  func evaluate(_ output: Quantity, _ samples: Samples) throws -> Tensor {
    let courses = try samples.courses(at: "Bucket"), p = try parameters.entries.map { try $0.value() }
    var parts: [Tensor] = [], order = [Double](repeating: 0, count: samples.count), filled = 0
    for course in courses {
      let x = try course.drivers.converted(to: .float64), places = x.shape[2]
      var water = try p[0].multiplied(by: p[0].number(0.5)).adding(Tensor.zeros([places], .float64))
      for day in 0..<min(Self.spinUp, course.days.count) {
        water = try Self.day(water, x.selected(0, day).selected(0, 0), x.selected(0, day).selected(0, 2), p).water
      }
      var days: [Tensor] = []
      for day in 0..<course.days.count {
        let (next, nee) = try Self.day(water, x.selected(0, day).selected(0, 0), x.selected(0, day).selected(0, 2), p)
        days.append(output == .nee ? nee : next)
        water = next
      }
      let flat = try Tensor.stacked(days, 0).reshaped([course.days.count * places])
      let index = try Tensor(zip(course.day, course.place).map { Double($0 * places + $1 + 1) }, dtype: .int64)
      parts.append(try flat.gathered(0, index))
      for (k, sample) in course.samples.enumerated() { order[sample] = Double(filled + k + 1) }
      filled += course.samples.count
    }
    return try Tensor.concatenated(parts, 0).gathered(0, Tensor(order, dtype: .int64))
  }

  func run(_ output: Quantity, over drivers: DriverStore) throws -> any ModelRun {
    let p = try parameters.entries.map { try $0.value().item() }, isFlux = output == .nee
    return RecordRun<[Double]>(drivers, spinUp: Self.spinUp) { count in
      [Double](repeating: 0.5 * p[0], count: count)
    } advance: { water, columns, count, out in
      for i in 0..<count {
        let light = Double(columns[0][i]), rain = Double(columns[2][i])
        water[i] += rain - (light * p[1] + p[2]) * water[i]
        out[i] = Float(isFlux ? (p[3] - light * p[4]) * water[i] / p[0] : water[i])
      }
    }
  }

  func fresh(seed: UInt64, fittedTo samples: Samples) throws -> Bucket { try Bucket(inputs: inputs, seed: seed) }

  func clone() throws -> Bucket {
    let copy = try Bucket(inputs: inputs)
    try copy.parameters.set(weights)
    return copy
  }

  var archive: ModelArchive { ModelArchive(kind: Self.kind, inputs: inputs) }
  convenience init(_ archive: ModelArchive) throws { try self.init(inputs: archive.inputs) }

  static let luaType = LuaType<Bucket>("Bucket", "a model with memory", members: surfaceModelMembers(Bucket.self))
  static let module = LuaModule("bucket", "a bucket of soil water", types: [luaType], [
    .function("new", "() -> Bucket", "its parameters in the middle of their bounds") { _ in
      ModelKinds.add(Bucket.self)
      return try Bucket()
    }
  ])
}

@Suite("A bucket model with memory and two outputs")
struct BucketTests {
  private func world() throws -> ToyWorld {
    ModelKinds.add(Bucket.self)
    return try ToyWorld { x in 1 - 0.1 * Double(x[0]) + 0.02 * Double(x[2]) }
  }

  @Test("its gradient agrees with central differences to 1e-6, at towers and through a year of a bridge; the pullback is the adjoint")
  func gradient() throws {
    let world = try world(), model = try Bucket(), days = TowerDays(world.towers)
    let rows = [3, 59, 60, 200, 359], batch = try days.samples(rows), observed = try Tensor(rows.map { world.towers.nee[$0] })
    for output in model.outputs {
      #expect(try Proof.gradientError(model) { try model.meanSquaredError(of: output, batch, observed, weight: nil) } < 1e-6)
    }
    #expect(try Proof.dotProductError(model) { try world.bridge.predict(model, year: 2001) } < 1e-6)
  }

  @Test("a map, however it is cut into blocks, and a bridge's year see the same water; the second year remembers the first")
  func memory() throws {
    let world = try world(), model = try Bucket(seed: 3)
    let whole = try ForwardRun.cube([model], world.store, output: Bucket.soilWater, step: .day).values()
    let cells = world.store.grid.cellCount, pixel = 5
    let history = Samples.History(record: world.store, places: [pixel, pixel], days: [10, 700])
    let rows = try world.store.drivers(places: [pixel], days: 0..<1).reshaped([1, 3])
    let two = Samples(rows: try Tensor.concatenated([rows, rows], 0)) { history }
    let water = try model.evaluate(Bucket.soilWater, two).doubles()
    for (k, day) in [10, 700].enumerated() { #expect(abs(Double(whole[day * cells + pixel]) - water[k]) < 1e-3) }
    let second = try ForwardRun.cube([model], world.store, output: Bucket.soilWater, years: [2002], step: .day).values()
    #expect(second[(700 - 365) * cells + pixel] == whole[700 * cells + pixel])
    let run = try model.run(.nee, over: world.store)
    func sums(_ blocks: [Range<Int>]) -> [Double] {
      var sums = [Double](repeating: 0, count: 60 * 8)
      for block in blocks {
        sums.withUnsafeMutableBufferPointer {
          run.addUp(0..<8, steps: block.map { (10 * $0)..<(10 * $0 + 10) }, into: $0.baseAddress! + block.lowerBound * 8)
        }
      }
      return sums
    }
    #expect(sums([0..<60]) == sums([0..<7, 7..<30, 30..<60]) && sums([30..<60]).suffix(8) == sums([0..<60]).suffix(8))
    let months = try ForwardRun.cube([model], world.store).values()
    let totals = try world.bridge.predict(model, year: 2002).doubles()
    let theta = [0.001, 0.002, 0.001, 0.003]
    let january = (0..<4).reduce(31 * 0.0005) { $0 + 31 * theta[$1] * Double(months[12 * cells + $1]) }
    #expect(abs(totals[0] - january) < 1e-6)
  }

  @Test("rows without a record, and days behind a gap, are refused with the remedy")
  func refused() throws {
    let world = try world(), model = try Bucket()
    expectRefusal("samples without places and days, for a model with memory") { try model.predict(Tensor.zeros([2, 3])) }
    let kept = world.towers.subset(Array(0..<20) + Array(25..<60))
    expectRefusal("a gap before day", "mixed") { try model.evaluate(.nee, TowerDays(kept).samples([30])) }
    #expect(try model.evaluate(.nee, TowerDays(kept).samples([19])).count == 1)
  }

  @Test("it is trained on towers and totals, and ends the same after kills")
  func trains() throws {
    let world = try world(), truth = try Bucket(seed: 9)
    let term = try RegionalTerm(bridge: world.bridge, target: world.totals(truth))
    var plan = TrainingPlan(
      model: try Bucket(), samples: world.towers, folds: world.folds, terms: [("ec", MeanSquaredError()), ("atm", term)],
      variants: [.init("both", terms: ["ec", "atm"])])
    plan.batch = 90
    plan.epochs = 2
    plan.holdout = .count(1)
    try Proof.survivesKills(plan)
    plan.epochs = 12
    var rule = Adam()
    rule.learningRate = 0.1
    plan.optimizer = rule
    let records = try Trainer(plan).train().records.filter { $0.fold == 1 }
    #expect(records[11].valid[0].loss < records[0].valid[0].loss)
  }

  @Test("a script trains it, maps its soil water and takes up a run that was stopped")
  func lua() throws {
    let world = try world(), folder = TestFolder()
    let session = try Proof.session(world, folder, modules: [Bucket.module])
    session.set("b", BridgeHandle(world.bridge))
    _ = try session.run(
      """
      m = bucket.new()
      assert(resumes { model = m, towers = days, folds = 2, test_sites = 0, epochs = 3, batch = 90, terms = { ec = objective.mse() } })
      water = m:forward(d, { output = "soil_water" })
      assert(water.name == "soil_water" and water.units == "mm", water.units)
      assert(b:predict(m, { year = 2002 }).shape[2] == 12)
      """)
  }
}
