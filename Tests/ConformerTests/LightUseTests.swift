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

/// A light-use model of five bounded parameters: NEE = r₀ Q^{(T − 10)/10} − ε light e^{−((T − T₀)/w)²}.
///
/// - Reference: Monteith (1972), doi:10.2307/2401901.
final class LightUse: SurfaceModel, LuaExposed {
  static let kind = "light use"
  let inputs: [String]
  let outputs: [Quantity] = [.nee, .gpp, .ter]
  let parameters: ParameterVector

  /// - Parameter seed: where the parameters start between their bounds; 0 for the middle.
  init(inputs: [String] = ToyWorld.names, seed: UInt64 = 0) throws {
    self.inputs = inputs
    var random = RandomStream(seed: seed, purpose: "light use")
    func parameter(_ name: String, _ unit: String, _ bounds: ClosedRange<Double>) throws -> Parameter {
      let share = seed == 0 ? 0.5 : random.uniform(0.3, 0.7), width = bounds.upperBound - bounds.lowerBound
      let value = bounds.lowerBound + share * width
      return try Parameter(
        name, unit: unit, value: value, in: bounds, prior: .init(mean: value, deviation: 0.2 * width))
    }
    parameters = try ParameterVector([
      parameter("efficiency", "gC m-2 d-1", 0.05...1.5), parameter("optimum", "degC", 5...30),
      parameter("width", "degC", 5...25), parameter("respiration", "gC m-2 d-1", 0.1...3), parameter("q10", "1", 1.2...3.5),
    ])
  }

  func evaluate(_ output: Quantity, _ samples: Samples) throws -> Tensor {
    try samples.check(inputs, at: "LightUse")
    let x = try samples.rows().converted(to: .float64), values = try parameters.entries.map { try $0.value() }
    let light = try x.selected(1, 0), warmth = try x.selected(1, 1)
    let bend = try warmth.subtracting(values[1]).divided(by: values[2]).square().negated().exp()
    let gpp = try light.multiplied(by: bend).multiplied(by: values[0])
    let exponent = try warmth.subtracting(warmth.number(10)).multiplied(by: warmth.number(0.1))
    let ter = try values[4].log().multiplied(by: exponent).exp().multiplied(by: values[3])
    switch output {
    case .gpp: return gpp
    case .ter: return ter
    default: return try ter.subtracting(gpp)
    }
  }

  func fresh(seed: UInt64, fittedTo samples: Samples) throws -> LightUse { try LightUse(inputs: inputs, seed: seed) }

  func clone() throws -> LightUse {
    let copy = try LightUse(inputs: inputs)
    try copy.parameters.set(weights)
    return copy
  }

  var archive: ModelArchive { ModelArchive(kind: Self.kind, inputs: inputs) }
  convenience init(_ archive: ModelArchive) throws { try self.init(inputs: archive.inputs) }

  static let luaType = LuaType<LightUse>(
    "LightUse", "a light-use model", members: surfaceModelMembers(LightUse.self))
  var luaDescription: String { "LightUse of \(inputs.joined(separator: ", "))" }

  static let module = LuaModule("light_use", "a model of five parameters", types: [luaType], [
    .function("new", "() -> LightUse", "its parameters in the middle of their bounds") { _ in
      ModelKinds.add(LightUse.self)
      return try LightUse()
    }
  ])
}

@Suite("A light-use model of five bounded parameters")
struct LightUseTests {
  private func world() throws -> (ToyWorld, truth: LightUse) {
    ModelKinds.add(LightUse.self)
    let truth = try LightUse(seed: 7)
    let world = try ToyWorld { x in
      try truth.predict(Tensor(x, shape: [1, 3])).doubles()[0]
    }
    return (world, truth)
  }

  private func plan(_ world: ToyWorld, _ truth: LightUse) throws -> TrainingPlan {
    let term = try RegionalTerm(bridge: world.bridge, target: world.totals(truth))
    var plan = TrainingPlan(
      model: try LightUse(), samples: world.towers, folds: world.folds, terms: [("ec", MeanSquaredError()), ("atm", term)],
      variants: [.init("ec", terms: ["ec"]), .init("both", terms: ["ec", "atm"])])
    plan.batch = 60
    plan.epochs = 3
    plan.holdout = .count(1)
    return plan
  }

  @Test("its gradient agrees with central differences to 1e-6, at towers and through a bridge; the bridge's pullback is its adjoint")
  func gradient() throws {
    let (world, truth) = try world(), model = try LightUse(), towers = TowerDays(world.towers)
    let batch = try towers.samples(Array(0..<40)), observed = try Tensor((0..<40).map { world.towers.nee[$0] })
    #expect(try Proof.gradientError(model) { try model.meanSquaredError(of: .nee, batch, observed, weight: nil) } < 1e-6)
    let term = try RegionalTerm(bridge: world.bridge, target: world.totals(truth))
    #expect(try Proof.gradientError(model) {
      try term.evaluate(TrainingStep(model: model, batch: nil, windows: [.year(2002)], epoch: 1, fold: 1, isTraining: true))
    } < 1e-6)
    #expect(try Proof.dotProductError(model) { try world.bridge.predict(model, year: 2001) } < 1e-6)
  }

  @Test("no step leaves the bounds, and a value outside of them is refused")
  func bounds() throws {
    let model = try LightUse()
    try model.parameters.set([40, -40, 40, -40, 0])
    for entry in model.parameters.entries {
      let value = try entry.value().item(), bounds = try #require(entry.bounds)
      #expect(bounds.lowerBound...bounds.upperBound ~= value)
    }
    expectRefusal("'q10' is 4.0; expected a value between 1.2 and 3.5") { try Parameter("q10", unit: "1", value: 4, in: 1.2...3.5) }
  }

  @Test("trained on towers and totals it comes nearer to both, and ends the same after kills")
  func trains() throws {
    let (world, truth) = try world()
    var plan = try plan(world, truth)
    try Proof.survivesKills(plan)
    plan.epochs = 25
    var rule = Adam()
    rule.learningRate = 0.05
    plan.optimizer = rule
    let records = try Trainer(plan).train().records.filter { $0.variant == "both" && $0.fold == 1 }
    for k in 0..<2 { #expect(records[24].valid[k].loss < 0.5 * records[0].valid[k].loss) }
  }

  @Test("a run over the land is what it says day by day, of each of its outputs")
  func forward() throws {
    let (world, truth) = try world(), cell = 3
    for output in truth.outputs {
      let cube = try ForwardRun.cube([truth], world.store, output: output, years: [2001]).values()
      let days = 0..<31, x = try world.store.drivers(places: [cell], days: days)
      let rows = try Samples(rows: x.reshaped([31, 3]))
      let mean = try truth.evaluate(output, rows).doubles().reduce(0, +) / 31
      #expect(abs(Double(cube[cell]) - mean) < 1e-5 * max(1, abs(mean)), "\(output.name)")
    }
  }

  @Test("a script trains it, saves it, loads it and takes up a run that was stopped")
  func lua() throws {
    let (world, _) = try world(), folder = TestFolder()
    let session = try Proof.session(world, folder, modules: [LightUse.module])
    _ = try session.run(
      """
      m = light_use.new()
      assert(#m:parameters() == 5 and m.outputs[2] == "gpp", tostring(m))
      assert(resumes { model = m, towers = days, folds = 2, test_sites = 0, epochs = 3, batch = 60, terms = { ec = objective.mse() } })
      pair = trainer.paired {
        model = m, towers = days, folds = 2, test_sites = 0, epochs = 1, batch = 60, terms = { ec = objective.mse(),
          size = objective.term("size", { towers = true }, function(step) return step.predicted:square():mean() end) },
        names = { "light", "lighter" },
      }:train()
      assert(#pair.light == 2 and #pair.lighter == 2)
      pair:save(folder .. "/result.nc")
      again = trainer.load(folder .. "/result.nc")
      assert(again.light[1]:parameters()[3]:item() == pair.light[1]:parameters()[3]:item())
      pair.light[1]:save(folder .. "/model.nc")
      one = model.load(folder .. "/model.nc")
      assert(one:parameters()[1]:item() == pair.light[1]:parameters()[1]:item())
      assert(one:forward(d, { output = "gpp", years = { 2001, 2001 } }).name == "gpp")
      ok, message = pcall(one.forward, one, d, { output = "gp" })
      assert(not ok and tostring(message):find("did you mean 'gpp'"), message)
      """)
  }
}
