import FluxCore
import FluxData
import FluxDrivers
import FluxModels
import FluxTensor
import TestSupport
import Testing

import FluxOperators
import FluxObjective

/// 3 regions × 4 pixels × 60 days, two inversions of which one lacks a month, in double.
private struct SmallWorld {
  static let step = 1e-6
  let drivers: DriverStore
  let bridge: RegionalBridge
  let target: Series
  let model: MultilayerPerceptron
  let batch: TowerBatch

  init() throws {
    var random = RandomStream(seed: 11, purpose: "small world")
    let names = ["a", "b", "c", "d"], grid = try Grid.regular(step: 10)
    let time = TimeAxis.daily(from: CalendarDate(year: 2005, month: 1, day: 1), through: CalendarDate(year: 2005, month: 3, day: 1))
    let network = try MultilayerPerceptron(inputs: names, hidden: [16, 16], seed: 3, dtype: .float64)
    network.normalisation = Normalisation(mean: [0.1, -0.2, 0, 0.3], deviation: [1, 2, 0.5, 1.5])
    // A central difference across a kink of the rectifier is not the derivative: samples with a
    // pre-activation within ten steps of zero are drawn again.
    func safe() throws -> [Float] {
      while true {
        let x = (0..<4).map { _ in Float(random.normal()) }
        if try SmallWorld.smallestPreactivation(network, x) > 10 * SmallWorld.step { return x }
      }
    }
    model = network
    let pixels = Array(0..<12), days = time.count
    var values = [[Float]](repeating: [Float](repeating: 0, count: 12 * days), count: 4)
    for day in 0..<days { for pixel in pixels { for (k, v) in try safe().enumerated() { values[k][day * 12 + pixel] = v } } }
    let store = try DriverStore(
      definitions: names.map { DriverDefinition($0, .daily, $0, unit: "1") }, grid: grid, pixels: pixels, time: time, values: values)
    drivers = store
    var models: [SparseRegion] = []
    for r in 0..<3 {
      let own = Array((4 * r)..<(4 * r + 4))
      let theta: [Double] = own.map { _ in random.uniform(0.001, 0.004) }
      models.append(SparseRegion(code: "R\(r)", area: Double(r + 1) * 1e12, cells: own, pixels: own, theta: theta, intercept: 0.001 * Double(r)))
    }
    bridge = RegionalBridge(models: models, drivers: store, maskHash: "")
    let months = TimeAxis.monthly(years: 2005...2005).selecting(0..<3)
    var observed = (0..<(2 * 3 * 3)).map { _ in random.normal() * 0.1 }
    observed[4] = .nan
    target = try Series(name: "nee", unit: Unit("PgC month-1"), time: months, regions: ["R0", "R1", "R2"], members: ["x", "y"], values: observed)
    let x = try (0..<50).flatMap { _ in try safe() }
    let one = try Tensor((0..<50).map { _ in random.uniform(0.5, 1.5) })
    batch = TowerBatch(samples: Samples(rows: try Tensor(x, shape: [50, 4])), observed: try Tensor((0..<50).map { _ in random.normal() }),
      weight: one, siteWeight: one, rows: Array(0..<50))
  }

  static func smallestPreactivation(_ model: MultilayerPerceptron, _ x: [Float]) throws -> Double {
    var h = zip(x, zip(model.normalisation.mean, model.normalisation.deviation)).map { (Double($0) - Double($1.0)) / Double($1.1) }
    var smallest = Double.infinity
    for layer in 0..<model.hidden.count {
      let w = model.parameters[2 * layer].doubles(), b = model.parameters[2 * layer + 1].doubles()
      let z = b.indices.map { j in b[j] + h.indices.reduce(0) { $0 + h[$1] * w[$1 * b.count + j] } }
      smallest = min(smallest, z.map(\.magnitude).min()!)
      h = z.map { max($0, 0) }
    }
    return smallest
  }
}

@Suite("The whole objective")
struct WholeObjectiveTests {
  @Test("its gradient agrees with central differences to 1e-6 of each array's largest entry", arguments: [false, true])
  func gradient(isExtensive: Bool) throws {
    let world = try SmallWorld(), model = world.model
    let regional = try RegionalTerm(bridge: world.bridge, target: world.target, isExtensive: isExtensive)
    let terms: [any ObjectiveTerm] = [MeanSquaredError(), regional]
    func losses() throws -> [Tensor] {
      let step = TrainingStep(model: model, batch: world.batch, windows: [.year(2005)], epoch: 1, fold: 1, isTraining: true)
      return try terms.map { try $0.evaluate(step) }
    }
    let weighting = try KendallWeighting(start: .value(-0.3)).begin(terms: ["ec", "atm"], losses: [1, 1])
    try weighting.combine(losses()).backward()
    func total() throws -> Double { try Tape.withoutRecording { try weighting.combine(losses()).item() } }

    for parameter in model.parameters + weighting.parameters {
      let analytic = try #require(parameter.gradient).doubles(), start = parameter.doubles()
      var worst = 0.0
      for i in start.indices {
        func at(_ value: Double) throws -> Double {
          var moved = start
          moved[i] = value
          try Tape.withoutRecording { try parameter.assign(Tensor(moved, shape: parameter.shape)) }
          return try total()
        }
        let numeric = try (at(start[i] + SmallWorld.step) - at(start[i] - SmallWorld.step)) / (2 * SmallWorld.step)
        worst = max(worst, abs(numeric - analytic[i]))
      }
      try Tape.withoutRecording { try parameter.assign(Tensor(start, shape: parameter.shape)) }
      #expect(worst < 1e-6 * analytic.map(\.magnitude).max()!)
    }
  }

  @Test("f ≡ 1 for February 2004 and 2005: the bridge says n_days × (Σ Θ + b), 29 and 28 days")
  func february() throws {
    for (year, days) in [(2004, 29.0), (2005, 28.0)] {
      let grid = try Grid.regular(step: 10), time = TimeAxis.daily(years: year...year)
      let drivers = try DriverStore(definitions: [DriverDefinition("a", .constant, "a", unit: "1")],
        grid: grid, pixels: [5, 6], time: time, values: [[0, 0]])
      let model = try MultilayerPerceptron(inputs: ["a"], hidden: [], seed: 1)
      try model.setWeights([0, 1])  // f ≡ 1
      let bridge = RegionalBridge(models: [SparseRegion(code: "R", area: 1, cells: [5, 6], pixels: [0, 1], theta: [0.25, 0.5], intercept: 0.125)],
        drivers: drivers, maskHash: "")
      #expect(abs(try bridge.predict(model, year: year).doubles()[1] - days * 0.875) < 1e-5)
    }
  }

  @Test("Eqs. 6 to 8 by hand: two members, one month, two regions")
  func byHand() throws {
    // |A − m| is 1 and 3: ((1 + 27)/2)^{1/3} = 14^{1/3}; range 2, so / 3. The second region has one member: no range, no loss.
    let norm = MemberNorm()
    let loss = try norm(Tensor([2, .nan, 4, 1], shape: [2, 2, 1]), Tensor([1, 5], shape: [2, 1])).doubles()
    #expect(abs(loss[0] - 2.4101422641752297) < 1e-6)
    #expect(abs(loss[1] - 4) < 1e-5)
    let signed = try MemberNorm(isSigned: true)(Tensor([3.0, -1], shape: [2, 1]), Tensor([1.0])).doubles()
    #expect(abs(signed[0]) < 1e-5)  // (2³ + (−2)³) / 2 = 0: blind to symmetric scatter
  }

  @Test("Kendall's weights start at ln ℓ, and their stationary point is s = ln ℓ")
  func kendall() throws {
    let weighting = try KendallWeighting().begin(terms: ["ec", "atm"], losses: [4, 0.5])
    try weighting.combine([Tensor.scalar(4, .float64), Tensor.scalar(0.5, .float64)]).backward()
    for s in weighting.parameters { #expect(abs(s.gradient!.doubles()[0]) < 1e-12) }
    #expect(weighting.weights == [0.125, 1])
    expectRefusal("term 'ec' is 0.0 in the first step; expected a finite loss above 0") {
      try KendallWeighting().begin(terms: ["ec"], losses: [0])
    }
  }

  @Test("predictions that are leaves, with their Jacobian, give the same losses and, put together, the same gradient")
  func linearised() throws {
    let world = try SmallWorld(), model = world.model, terms: [any ObjectiveTerm] = [MeanSquaredError(), try RegionalTerm(bridge: world.bridge, target: world.target)]
    func total(_ step: TrainingStep) throws -> Tensor { try terms[0].evaluate(step).adding(terms[1].evaluate(step)) }
    func step(_ keepsJacobians: Bool) -> TrainingStep {
      TrainingStep(model: model, batch: world.batch, windows: [.year(2005)], epoch: 1, fold: 1, isTraining: true, keepsJacobians: keepsJacobians)
    }
    func gradient() -> [Double] { model.parameters.flatMap { $0.gradient!.doubles() } }
    let whole = try total(step(false))
    try whole.backward()
    let expected = gradient()
    model.parameters.forEach { $0.clearGradient() }

    let apart = step(true), loss = try total(apart)
    try loss.backward()
    #expect(try loss.item() == whole.item())
    let prediction = try #require(apart.linearised.first), pulls = prediction.leaf.gradient!.doubles(), towers = gradient()
    let largest = expected.map(\.magnitude).max()!
    for k in expected.indices {
      let through = pulls.indices.reduce(0.0) { $0 + pulls[$1] * Double(prediction.jacobian[$1 * expected.count + k]) }
      #expect(abs(towers[k] + through - expected[k]) < 1e-6 * largest)
    }
    // The same step with other totals: the towers' loss stays, the regional one is that of the new totals.
    let other = apart.replacing([try prediction.leaf.detached().multiplied(by: prediction.leaf.number(0))])
    #expect(try terms[0].evaluate(other).item() == terms[0].evaluate(step(false)).item())
    #expect(try other.predict(world.bridge).doubles().allSatisfy { $0 == 0 } && terms[1].evaluate(other).item() != terms[1].evaluate(step(false)).item())
  }
}
