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

/// Mole fractions at receptors, each of which sees some pixels on some of the days before it; rows overlap.
final class Footprints: LinearFluxOperator {
  let axes: [OperatorAxis]
  let unit = "umol mol-1"
  let windows: [Window]?
  private let drivers: DriverStore
  private let receptors: [Receptor]
  static let block = 5

  struct Receptor {
    let name: String
    let places, days: [Int]
    let weights: [Float]
  }

  init(_ drivers: DriverStore, _ receptors: [Receptor]) {
    self.drivers = drivers
    self.receptors = receptors
    axes = [OperatorAxis("receptor", receptors.map(\.name))]
    windows = (0..<((receptors.count + Self.block - 1) / Self.block)).map { Window("receptors", $0) }
  }

  /// So many receptors, drawn by a seed: nine pixel-days each, of the same twelve days and so overlapping.
  convenience init(_ drivers: DriverStore, count: Int, seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "footprints")
    let receptors = (0..<count).map { k in
      Receptor(
        name: "T\(k)", places: (0..<9).map { _ in random.integer(below: 8) },
        days: (0..<9).map { _ in 30 * (k / Self.block) + random.integer(below: 4) },
        weights: (0..<9).map { _ in Float(random.uniform(0.01, 0.3)) })
    }
    self.init(drivers, receptors)
  }

  func selecting(_ labels: [String]) throws -> Footprints {
    let places = try LabelChoice.places(of: labels, among: self.labels, axis: "receptor")
    return Footprints(drivers, places.map { receptors[$0] })
  }

  /// Each pixel-day once, however many receptors of the block see it.
  func rows(_ window: Window) throws -> OperatorRows {
    let own = receptors.dropFirst(window.number * Self.block).prefix(Self.block)
    guard !own.isEmpty else {
      throw FluxError("no receptor in \(window)", at: "footprints", expected: "a block below \(windows?.count ?? 0)")
    }
    var position: [Int: Int32] = [:], places: [Int] = [], days: [Int] = []
    var bounds = [0], columns: [Int32] = [], weights: [Float] = []
    for receptor in own {
      for (k, place) in receptor.places.enumerated() {
        let key = receptor.days[k] * drivers.pixelCount + place
        if position[key] == nil {
          position[key] = Int32(places.count)
          places.append(place)
          days.append(receptor.days[k])
        }
        columns.append(position[key] ?? 0)
        weights.append(receptor.weights[k])
      }
      bounds.append(columns.count)
    }
    let x = try Tensor.makeFloats([drivers.driverCount, places.count], at: "footprints") { out in
      for (s, place) in places.enumerated() {
        for k in 0..<drivers.driverCount { out[k * places.count + s] = drivers.value(driver: k, pixel: place, day: days[s]) }
      }
    }
    let samples = try Samples(columns: x, names: drivers.names) { [drivers] in
      Samples.History(record: drivers, places: places, days: days)
    }
    return OperatorRows(
      samples: samples,
      rows: try SparseRows(bounds: bounds, columns: columns, weights: weights, sampleCount: places.count),
      offset: own.map { _ in 400 }, shape: [own.count], names: ["receptor"])
  }
}

/// Mole fractions that a model makes, with noise of σ.
final class MoleFractions: Observations {
  let axes: [OperatorAxis]
  let unit = "umol mol-1"
  private let blocks: [[Double]]
  static let deviation = 0.05

  init(_ footprints: Footprints, of model: any SurfaceModel) throws {
    axes = footprints.axes
    var random = RandomStream(seed: 12)
    blocks = try (footprints.windows ?? []).map { window in
      try Tape.withoutRecording { try footprints.predict(model, window).doubles() }
        .map { $0 + Self.deviation * random.normal() }
    }
  }

  func windows() -> [Window] { blocks.indices.map { Window("receptors", $0) } }
  func values(_ window: Window) throws -> Tensor { try Tensor(blocks[window.number], names: ["receptor"]) }
  func spread(_ window: Window) throws -> Tensor? {
    try Tensor(blocks[window.number].map { _ in Self.deviation }, names: ["receptor"])
  }
}

@Suite("A footprint operator with overlapping rows on a receptor axis")
struct FootprintTests {
  /// Twenty receptors in four blocks, and what a network of another seed makes of them.
  private func parts() throws -> (ToyWorld, FluxObjective.Stream, Footprints) {
    let world = try ToyWorld { x in 1 - 0.1 * Double(x[0]) + 0.05 * Double(x[1]) }
    let truth = try network(seed: 77), footprints = Footprints(world.store, count: 20, seed: 4)
    return (world, try Stream("tall towers", footprints, MoleFractions(footprints, of: truth)), footprints)
  }

  private func network(seed: UInt64, _ dtype: DType = .float32) throws -> MultilayerPerceptron {
    let model = try MultilayerPerceptron(inputs: ToyWorld.names, hidden: [6, 5], activation: .tanh, seed: seed, dtype: dtype)
    model.normalisation = Normalisation(mean: [5, 10, 2], deviation: [3, 6, 4])
    return model
  }

  @Test("its rows overlap, each pixel-day is evaluated once, and a receptor's sum is what its entries give by hand")
  func byHand() throws {
    let (world, _, footprints) = try parts(), rows = try footprints.rows(Window("receptors", 1))
    #expect(!rows.rows.isPartition && rows.samples.count < rows.rows.weights.count && rows.rows.count == 5)
    let model = try network(seed: 5), predicted = try footprints.predict(model, Window("receptors", 1)).doubles()
    let flux = try model.predict(rows.samples.rows()).doubles()
    for r in 0..<5 {
      let entries = rows.rows.bounds[r]..<rows.rows.bounds[r + 1]
      let sum = entries.reduce(400.0) { $0 + Double(rows.rows.weights[$1]) * flux[rows.rows.sample(of: $1)] }
      #expect(abs(predicted[r] - sum) < 1e-4)
    }
    let some = try footprints.selecting(["T7", "T2"])
    #expect(some.labels == ["T7", "T2"])
    expectRefusal("no receptor 'T99'") { try footprints.selecting(["T99"]) }
    _ = world
  }

  @Test("its gradient agrees with central differences to 1e-6, H and Hᵀ are adjoint, and the Jacobian is the tape's")
  func gradient() throws {
    let (_, stream, footprints) = try parts(), model = try network(seed: 5, .float64), term = StreamMisfit(stream)
    let window = Window("receptors", 2)
    #expect(try Proof.gradientError(model) {
      try term.evaluate(TrainingStep(model: model, batch: nil, windows: [window], epoch: 1, fold: 1, isTraining: true))
    } < 1e-6)
    #expect(try Proof.dotProductError(model) { try footprints.predict(model, window) } < 1e-6)
    let rows = try footprints.rows(window).rows
    var random = RandomStream(seed: 2)
    let f = (0..<rows.sampleCount).map { _ in random.normal() }, g = (0..<rows.count).map { _ in random.normal() }
    let left = try zip(rows.product(Tensor(f)).doubles(), g).reduce(0) { $0 + $1.0 * $1.1 }
    let right = zip(f, rows.transposedProduct(g)).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(left - right) < 1e-12 * abs(right))
  }

  @Test("trained on receptors, with towers and without, blocks are held out, and kills change nothing", arguments: [true, false])
  func trains(_ withTowers: Bool) throws {
    let (world, stream, _) = try parts()
    let term = StreamMisfit(stream), tall: (name: String, term: any ObjectiveTerm) = ("tall", term)
    var plan = withTowers
      ? TrainingPlan(
        model: try network(seed: 1), samples: world.towers, folds: world.folds,
        terms: [("ec", MeanSquaredError()), tall], variants: [.init("ec_stilt", terms: ["ec", "tall"])])
      : TrainingPlan(
        model: try network(seed: 1), samples: ToyWorld.noTowers, folds: try .withoutSites(count: 2),
        terms: [tall], variants: [.init("tall", terms: ["tall"])])
    plan.batch = 60
    plan.epochs = 3
    try Proof.survivesKills(plan)
    let result = try Trainer(plan).train()
    #expect(result.members.count == 2 && result.members.allSatisfy { $0.heldOut.count == 2 && $0.heldOut[0].kind == "receptors" })
    #expect(Set(result.members.flatMap(\.heldOut)).count == 4)
    plan.epochs = 40
    var rule = Adam()
    rule.learningRate = 0.02
    plan.optimizer = rule
    let records = try Trainer(plan).train().records.filter { $0.fold == 1 }, last = records.count - 1
    let k = withTowers ? 1 : 0
    #expect(records[last].train[k].loss < 0.5 * records[0].train[k].loss)
  }

  @Test("a script trains on it through its stream, alone and beside towers, and takes up a run that was stopped")
  func lua() throws {
    let (world, stream, footprints) = try parts(), folder = TestFolder()
    let session = try Proof.session(world, folder, modules: [])
    session.set("m", try network(seed: 1))
    session.set("tall", StreamHandle(stream))
    session.set("b", BridgeHandle(footprints))
    _ = try session.run(
      """
      assert(#tall.windows == 4 and tall.labels[1] == "T0" and tall.unit == "umol mol-1", tostring(tall))
      misfit = objective.term("tall", { stream = tall }, function(step)
        assert(step.window >= 0 and step:predict(tall) == step.predicted)
        return ((step.observed - step.predicted) / step.spread):square():nanmean() * 0.5
      end)
      assert(resumes { model = m, folds = 2, epochs = 3, terms = { tall = misfit } })
      pair = trainer.paired {
        model = m, towers = days, folds = 2, test_sites = 0, epochs = 2, batch = 90,
        terms = { ec = objective.mse(), tall = misfit }, names = { "ec", "ec_stilt" },
      }:train()
      assert(#pair.ec_stilt == 2)
      assert(b:predict(pair.ec_stilt[1], { window = 3 }).names[1] == "receptor")
      assert(b:jacobian(m, { window = 0 }).shape[1] == 5)
      ok, message = pcall(b.predict, b, m, {})
      assert(not ok and tostring(message):find("option 'window' is missing", 1, true), message)
      ok, message = pcall(objective.regional, { bridge = b, target = nil })
      assert(not ok)
      """)
  }
}
