import FluxObservations
import FluxOperators
import FluxCore
import FluxData
import FluxDrivers
import FluxModels
import FluxObjective
import FluxTensor
import TestSupport
import Testing

@testable import FluxTraining

/// Towers whose flux is biased by −1, and a region whose total says so.
struct BiasedWorld {
  let samples: SiteDays
  let folds: Folds
  let terms: [(name: String, term: any ObjectiveTerm)]
  static let truth: @Sendable (Float, Float) -> Double = { x, y in 0.5 * Double(x) - 0.3 * Double(y * y) }

  init() throws {
    var random = RandomStream(seed: 5)
    let sites = (0..<12).map { TowerSite(id: "S\($0)", latitude: Double($0) * 5, longitude: 0) }
    var drivers: [Float] = [], nee: [Float] = [], index: [Int32] = [], days: [DayNumber] = []
    for site in 0..<12 {
      for day in 0..<60 {
        let x = Float(random.normal()), y = Float(random.normal())
        drivers += [x, y]
        nee.append(Float(Self.truth(x, y) - 1 + 0.1 * random.normal()))
        index.append(Int32(site))
        days.append(DayNumber(rawValue: Int32(day)))
      }
    }
    samples = SiteDays(sites: sites, driverNames: ["x", "y"], siteIndex: index, days: days, drivers: drivers, nee: nee)
    folds = try Folds.bySite(sites, dayCounts: samples.countBySite, count: 3, seed: 1)

    let grid = try Grid.regular(step: 10), time = TimeAxis.daily(years: 2001...2003), pixels = 8
    let values = (0..<2).map { _ in (0..<(pixels * time.count)).map { _ in Float(random.normal()) } }
    let store = try DriverStore(definitions: [DriverDefinition("x", .daily, "x", unit: "1"), DriverDefinition("y", .daily, "y", unit: "1")],
      grid: grid, pixels: Array(0..<pixels), time: time, values: values)
    let theta = [Double](repeating: 1.0 / Double(pixels), count: pixels)
    let bridge = RegionalBridge(models: [SparseRegion(code: "R", area: 1, cells: Array(0..<pixels), pixels: Array(0..<pixels), theta: theta, intercept: 0)],
      drivers: store, maskHash: "")
    let totals = time.months().map { month in
      month.indices.reduce(0.0) { sum, day in
        sum + (0..<pixels).reduce(0.0) { $0 + theta[$1] * Self.truth(values[0][day * pixels + $1], values[1][day * pixels + $1]) }
      }
    }
    let target = try Series(name: "nee", unit: Unit("PgC month-1"), time: .monthly(years: 2001...2003), regions: ["R"], members: ["a", "b"],
      values: totals + totals.map { $0 + 0.1 })
    terms = [("ec", MeanSquaredError()), ("atm", try RegionalTerm(bridge: bridge, target: target))]
  }

  func plan() throws -> TrainingPlan {
    var plan = TrainingPlan(model: try MultilayerPerceptron(inputs: ["x", "y"], hidden: [16]), samples: samples, folds: folds, terms: terms,
      variants: [.init("ec", terms: ["ec"]), .init("ec_atm", terms: ["ec", "atm"])])
    plan.batch = 120
    plan.epochs = 30
    plan.holdout = .count(1)
    return plan
  }
}

@Suite("Training", .serialized)
struct TrainerTests {
  @Test("the second constraint takes away a bias that the towers share, and the towers alone cannot see it")
  func bias() throws {
    let world = try BiasedWorld(), result = try Trainer(world.plan()).train()
    func bias(_ variant: String) throws -> Double {
      var random = RandomStream(seed: 77)
      let x = (0..<2000).map { _ in Float(random.normal()) }
      let nee = try Ensemble(result.members(of: variant).map(\.model)).predict(Tensor(x, shape: [1000, 2])).mean(0).doubles()
      return (0..<1000).reduce(0) { $0 + nee[$1] - BiasedWorld.truth(x[2 * $1], x[2 * $1 + 1]) } / 1000
    }
    let ec = try bias("ec"), both = try bias("ec_atm")
    #expect(abs(ec + 1) < 0.15)
    #expect(abs(both) < 0.5 * abs(ec))
    #expect(result.members.count == 6)
    #expect(result.members(of: "ec_atm").allSatisfy { $0.heldOutYears.count == 1 })
  }

  @Test("one and two threads, and two runs, give the same bits")
  func reproducible() throws {
    let world = try BiasedWorld()
    var plan = try world.plan()
    plan.epochs = 3
    var weights: [[Double]] = []
    for threads in [1, 2, 2] {
      let result = try ThreadPool.withThreadCount(threads) { try Trainer(plan).train() }
      weights.append(result.members.flatMap(\.model.weights))
    }
    #expect(weights[0] == weights[1] && weights[1] == weights[2])
  }

  @Test("the variants of a fold start from equal weights, and differ after the first step only by their terms")
  func paired() throws {
    let world = try BiasedWorld()
    var plan = try world.plan()
    plan.variants = [.init("a", terms: ["ec"]), .init("b", terms: ["ec"])]
    plan.epochs = 2
    let result = try Trainer(plan).train()
    for fold in 0..<3 { #expect(result.members(of: "a")[fold].model.weights == result.members(of: "b")[fold].model.weights) }
    #expect(result.members[0].model.weights != result.members[2].model.weights)
  }

  @Test("a site is predicted out of fold by the member that did not train on it")
  func outOfFold() throws {
    let world = try BiasedWorld()
    var plan = try world.plan()
    plan.epochs = 2
    let result = try Trainer(plan).train(), members = result.members(of: "ec")
    let own = try OutOfFold.predict(members, world.samples, world.folds, outOfFold: true)
    let x = try Tensor(world.samples.drivers, shape: [world.samples.count, 2])
    for row in stride(from: 0, to: world.samples.count, by: 97) {
      let fold = world.folds.fold[Int(world.samples.siteIndex[row])]
      #expect(try members[fold].model.predict(x).doubles()[row] == own[row])
    }
  }

  @Test("a loss that is not finite stops the run and names the step and the term")
  func notFinite() throws {
    let world = try BiasedWorld()
    var plan = try world.plan()
    var nee = world.samples.nee
    nee[0] = .nan
    plan.samples = SiteDays(sites: world.samples.sites, driverNames: ["x", "y"], siteIndex: world.samples.siteIndex, days: world.samples.days,
      drivers: world.samples.drivers, nee: nee)
    expectRefusal("term 'ec' is nan in step") { try Trainer(plan).train() }
  }

  @Test("a loss that grows without end stops the run and says so, and the checkpoint holds finite weights", arguments: [
    (1, "term 'ec' has grown to ", "in step 3", 2), (50, "term 'ec' has grown to ", "in step 2", 1),
    (1e20, "term 'ec' is ", "nan in step 2", 1), (1e38, "weights of the model are not finite", "after step 1", 0),
  ])
  func diverges(_ learningRate: Double, _ reason: String, _ place: String, _ stepsKept: Int) throws {
    let folder = TestFolder()
    var plan = try BiasedWorld().plan(), rule = StochasticGradientDescent()
    rule.learningRate = learningRate
    plan.optimizer = rule
    plan.weighting = FixedWeighting(["ec": 1])
    let trainer = Trainer(plan)
    trainer.checkpoint = Checkpointing(path: folder.file("run.nc"), steps: 1)
    expectRefusal("trainer: \(reason)", "\(place) (ec, fold 1, epoch 1)") { try trainer.train() }
    // What stands on disk is the run after its last good step; before the first there is no member in training.
    let kept = try Checkpoint(path: folder.file("run.nc"), plan: plan)
    #expect(kept.finished.isEmpty && (kept.running?.steps ?? 0) == stepsKept)
    if let running = kept.running {
      #expect(running.weights.count == plan.model.weights.count && running.weights.allSatisfy(\.isFinite))
    }
  }

  @Test("patience ends a member so many epochs after its best")
  func patience() throws {
    var plan = try BiasedWorld().plan()
    plan.patience = 3
    plan.score = { abs(Double($0.epoch) - 4) }
    let result = try Trainer(plan).train()
    #expect(result.members.allSatisfy { $0.epoch == 4 } && result.records.count == 6 * 7)
  }

  @Test("holding out every year is refused with the remedy")
  func noYears() throws {
    let world = try BiasedWorld()
    var plan = try world.plan()
    plan.holdout = .count(3)
    expectRefusal("at least one year to train on") { try Trainer(plan).train() }
  }
}
