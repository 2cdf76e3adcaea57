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

/// Soil water of a model at some pixels on every eighth day of a year: an operator that reads another output than NEE.
final class SoilWaterOperator: LinearFluxOperator {
  let axes: [OperatorAxis]
  let unit = "mm"
  let output = Bucket.soilWater
  private let drivers: DriverStore, pixels: [Int]

  init(_ drivers: DriverStore, pixels: [Int]) {
    self.drivers = drivers
    self.pixels = pixels
    axes = [OperatorAxis("cell", pixels.map { "c\($0)" }), OperatorAxis("day")]
  }

  var windows: [Window]? { drivers.time.years.map { .year($0) } }

  func selecting(_ labels: [String]) throws -> SoilWaterOperator {
    let places = try LabelChoice.places(of: labels, among: self.labels, axis: "cell")
    return SoilWaterOperator(drivers, pixels: places.map { pixels[$0] })
  }

  func rows(_ window: Window) throws -> OperatorRows {
    let dates = drivers.time.dates, all = dates.indices.filter { dates[$0].year == window.number }
    let days = all.enumerated().filter { $0.offset % 8 == 0 }.map(\.element), count = pixels.count * days.count
    let places = pixels.flatMap { pixel in days.map { _ in pixel } }, when = pixels.flatMap { _ in days }
    let x = try Tensor.makeFloats([drivers.driverCount, count], at: "soil water") { out in
      for s in 0..<count {
        for k in 0..<drivers.driverCount { out[k * count + s] = drivers.value(driver: k, pixel: places[s], day: when[s]) }
      }
    }
    let samples = try Samples(columns: x, names: drivers.names) { [drivers] in
      Samples.History(record: drivers, places: places, days: when)
    }
    return OperatorRows(
      samples: samples, rows: try SparseRows(partition: Array(0...count), weights: [Float](repeating: 1, count: count)),
      offset: [Double](repeating: 0, count: count), shape: [pixels.count, days.count], names: ["cell", "day"])
  }
}

/// Soil water with gaps and a σ of its own for each value.
final class SoilMoisture: Observations {
  let axes: [OperatorAxis]
  let unit: String
  private var years: [Int: (values: Tensor, spread: Tensor)] = [:]

  init(_ source: SoilWaterOperator, of model: any SurfaceModel, unit: String = "mm") throws {
    axes = source.axes
    self.unit = unit
    var random = RandomStream(seed: 6)
    for window in source.windows ?? [] {
      let exact = try Tape.withoutRecording { try source.predict(model, window) }
      let spread = exact.doubles().map { _ in random.uniform(1, 4) }
      let values = zip(exact.doubles(), spread).map { random.uniform() < 0.2 ? .nan : $0 + $1 * random.normal() }
      years[window.number] = (try Tensor(values, shape: exact.shape), try Tensor(spread, shape: exact.shape))
    }
  }

  func windows() -> [Window] { years.keys.sorted().map { .year($0) } }
  func values(_ window: Window) throws -> Tensor { try year(window).values }
  func spread(_ window: Window) throws -> Tensor? { try year(window).spread }

  private func year(_ window: Window) throws -> (values: Tensor, spread: Tensor) {
    guard let year = years[window.number] else {
      throw FluxError("no soil moisture in \(window)", at: "soil moisture", expected: "\(years.keys.sorted())")
    }
    return year
  }
}

@Suite("A soil-moisture stream with σ")
struct SoilMoistureTests {
  private func parts() throws -> (ToyWorld, FluxObjective.Stream, SoilWaterOperator) {
    ModelKinds.add(Bucket.self)
    let world = try ToyWorld { x in 1 - 0.1 * Double(x[0]) }
    let source = SoilWaterOperator(world.store, pixels: [1, 4, 6])
    return (world, try Stream("smos", source, SoilMoisture(source, of: Bucket(seed: 5))), source)
  }

  @Test("its gradient agrees with central differences to 1e-6, gaps and σ included, and its pullback is its adjoint")
  func gradient() throws {
    let (_, stream, source) = try parts(), model = try Bucket(), term = StreamMisfit(stream)
    #expect(try Proof.gradientError(model) {
      try term.evaluate(TrainingStep(model: model, batch: nil, windows: [.year(2001)], epoch: 1, fold: 1, isTraining: true))
    } < 1e-6)
    #expect(try Proof.dotProductError(model) { try source.predict(model, .year(2001)) } < 1e-6)
  }

  @Test("a misfit is ½ the mean of squares in units of σ over what was observed, by hand")
  func byHand() throws {
    let (_, stream, source) = try parts(), model = try Bucket(), window = Window.year(2002)
    let step = TrainingStep(model: model, batch: nil, windows: [window], epoch: 1, fold: 1, isTraining: false)
    let predicted = try source.predict(model, window).doubles(), observed = try stream.observations.values(window).doubles()
    let spread = try #require(try stream.observations.spread(window)).doubles()
    let terms = predicted.indices.filter { !observed[$0].isNaN }.map { k in
      let z = (observed[k] - predicted[k]) / spread[k]
      return z * z
    }
    #expect(terms.count < predicted.count)
    let expected = 0.5 * terms.reduce(0, +) / Double(terms.count)
    #expect(abs(try StreamMisfit(stream).evaluate(step).item() - expected) < 1e-9 * expected)
  }

  @Test("observations in another unit, on other cells, and a model without soil water are refused by name")
  func refused() throws {
    let (world, stream, source) = try parts()
    let metres = try SoilMoisture(source, of: Bucket(seed: 5), unit: "m")
    expectRefusal("stream 'smos' observes m, its operator predicts mm") { try Stream("smos", source, metres) }
    let other = SoilWaterOperator(world.store, pixels: [1, 4])
    expectRefusal("observes cell 3 × day, its operator predicts cell 2 × day") { try Stream("smos", other, stream.observations) }
    let network = try MultilayerPerceptron(inputs: ToyWorld.names, hidden: [4])
    expectRefusal("no output 'soil_water'") { try source.predict(network, .year(2001)) }
  }

  @Test("the bucket is trained on it beside towers, comes nearer to the water, and ends the same after kills")
  func trains() throws {
    let (world, stream, _) = try parts()
    var plan = TrainingPlan(
      model: try Bucket(), samples: world.towers, folds: world.folds,
      terms: [("ec", MeanSquaredError()), ("water", StreamMisfit(stream))], variants: [.init("both", terms: ["ec", "water"])])
    plan.batch = 90
    plan.epochs = 2
    plan.holdout = .count(1)
    try Proof.survivesKills(plan, kills: [1, 3])
    plan.epochs = 10
    var rule = Adam()
    rule.learningRate = 0.1
    plan.optimizer = rule
    let records = try Trainer(plan).train().records.filter { $0.fold == 1 }
    #expect(records[9].valid[1].loss < records[0].valid[1].loss)
  }

  @Test("a script trains the bucket on it and takes up a run that was stopped")
  func lua() throws {
    let (world, stream, _) = try parts(), folder = TestFolder()
    let session = try Proof.session(world, folder, modules: [Bucket.module])
    session.set("smos", StreamHandle(stream))
    _ = try session.run(
      """
      water = objective.term("water", { stream = smos }, function(step)
        assert(step.year >= 2001 and step.spread.shape[1] == 3)
        return ((step.observed - step.predicted) / step.spread):square():nanmean() * 0.5
      end)
      assert(resumes {
        model = bucket.new(), towers = days, folds = 2, test_sites = 0, epochs = 2, batch = 180, holdout_years = 1,
        terms = { ec = objective.mse(), water = water },
      })
      """)
  }
}
