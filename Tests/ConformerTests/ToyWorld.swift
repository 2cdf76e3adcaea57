import FluxCore
import FluxData
import FluxDrivers
import FluxLua
import FluxModels
import FluxObjective
import FluxObservations
import FluxOperators
import FluxTensor
import FluxTraining
import Foundation
import LuaRuntime
import TestSupport
import Testing

/// Eight pixels over two years and six towers over sixty unbroken days, with light, warmth and rain.
struct ToyWorld {
  static let names = ["light", "temperature", "rain"]
  let store: DriverStore
  let towers: SiteDays
  let folds: Folds
  /// Two regions of four pixels.
  let bridge: RegionalBridge

  static let noTowers = SiteDays(sites: [], driverNames: [], siteIndex: [], days: [], drivers: [], nee: [])

  /// - Parameter nee: what the towers measure, of their drivers.
  init(nee: ([Float]) throws -> Double) throws {
    var random = RandomStream(seed: 31, purpose: "toy world")
    func weather(_ day: Int) -> [Float] {
      let season = 1 - cos(2 * .pi * Double(day) / 365.25)
      let light = Float(1 + 4 * season + random.uniform()), warmth = Float(2 + 9 * season + 2 * random.normal())
      return [light, warmth, Float(random.uniform() < 0.3 ? 12 * random.uniform() : 0)]
    }
    let time = TimeAxis.daily(years: 2001...2002), pixels = 8
    var values = [[Float]](repeating: [], count: 3)
    for day in 0..<time.count {
      for _ in 0..<pixels { for (k, v) in weather(day).enumerated() { values[k].append(v) } }
    }
    store = try DriverStore(
      definitions: Self.names.map { DriverDefinition($0, .daily, $0, unit: "1") }, grid: .regular(step: 10),
      pixels: Array(0..<pixels), time: time, values: values)
    let sites = (0..<6).map { TowerSite(id: "S\($0)", latitude: Double($0) * 8, longitude: 0) }
    var drivers: [Float] = [], observed: [Float] = [], index: [Int32] = [], days: [DayNumber] = []
    let first = try #require(DayNumber(year: 2001, month: 5, day: 1))
    for site in sites.indices {
      for day in 0..<60 {
        let x = weather(120 + day)
        drivers += x
        observed.append(Float(try nee(x) + 0.05 * random.normal()))
        index.append(Int32(site))
        days.append(first + day)
      }
    }
    towers = SiteDays(
      sites: sites, driverNames: Self.names, siteIndex: index, days: days, drivers: drivers, nee: observed)
    folds = try Folds.bySite(sites, dayCounts: towers.countBySite, count: 2, seed: 1)
    let regions = (0..<2).map { r in
      SparseRegion(
        code: "R\(r)", area: 1e12, cells: Array((4 * r)..<(4 * r + 4)), pixels: Array((4 * r)..<(4 * r + 4)),
        theta: [0.001, 0.002, 0.001, 0.003], intercept: 0.0005)
    }
    bridge = RegionalBridge(models: regions, drivers: store, maskHash: "")
  }

  /// Regional months of a model, which a target can be made of. PgC month⁻¹.
  func totals(_ model: any SurfaceModel) throws -> Series {
    let years = try [2001, 2002].map { year in
      try Tape.withoutRecording { try bridge.predict(model, year: year).doubles() }
    }
    let values = (0..<2).flatMap { r in years.flatMap { Array($0[(12 * r)..<(12 * r + 12)]) } }
    return try Series(
      name: "nee", unit: Unit("PgC month-1"), time: .monthly(years: 2001...2002), regions: ["R0", "R1"],
      members: ["a", "b"], values: values + values.map { $0 * 1.05 + 1e-4 })
  }
}

/// ½ mean ((observed − predicted) / σ)² over what was observed; σ of 1 where nobody says.
final class StreamMisfit: ObjectiveTerm {
  private let stream: FluxObjective.Stream
  init(_ stream: FluxObjective.Stream) { self.stream = stream }

  var reads: [Reading] { [.stream(stream)] }

  func evaluate(_ step: TrainingStep) throws -> Tensor {
    let window = try step.window(for: stream.observationOperator)
    let predicted = try step.predict(stream.observationOperator)
    var residual = try stream.observations.values(window).subtracting(predicted)
    if let spread = try stream.observations.spread(window) { residual = try residual.divided(by: spread) }
    return try residual.square().nanmean().multiplied(by: residual.number(0.5))
  }
}

/// What every conformer must show.
enum Proof {
  /// A run that is killed at several steps, each time within an epoch or between two, and taken up from what was on disk then,
  /// ends with the bytes of one that was not.
  static func survivesKills(_ plan: TrainingPlan, kills: [Int] = [1, 3, 2], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let folder = TestFolder(), clean = folder.file("clean.nc"), killed = folder.file("killed.nc")
    func trainer(_ path: String) -> Trainer {
      let trainer = Trainer(plan)
      trainer.checkpoint = Checkpointing(path: path, interval: 0)
      return trainer
    }
    let whole = try trainer(clean).train()
    for kill in kills {
      var steps = 0, left: Data?
      let run = trainer(killed)
      run.onProgress = { _, _ in
        steps += 1
        if steps == kill { left = try? Data(contentsOf: URL(fileURLWithPath: killed)) }
      }
      run.onEpoch = { _, _ in if steps >= kill { throw Killed() } }
      #expect(throws: Killed.self, sourceLocation: sourceLocation) { try run.train() }
      try #require(left, sourceLocation: sourceLocation).write(to: URL(fileURLWithPath: killed))
    }
    let resumed = try trainer(killed).train()
    #expect(resumed.members.map(\.model.weights) == whole.members.map(\.model.weights), sourceLocation: sourceLocation)
    let bytes = try [clean, killed].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    #expect(bytes[0] == bytes[1], sourceLocation: sourceLocation)
    let path = folder.file("result.nc")
    try RunFile.save(whole, to: path)
    let again = try RunFile.load(path)
    #expect(again.members.map(\.model.weights) == whole.members.map(\.model.weights), sourceLocation: sourceLocation)
    #expect(again.members.map(\.model.identity) == whole.members.map(\.model.identity), sourceLocation: sourceLocation)
  }

  private struct Killed: Error {}

  /// The largest difference of a gradient by all parameters from central differences, relative to its largest entry.
  static func gradientError(_ model: any SurfaceModel, step: Double = 1e-5, _ loss: () throws -> Tensor) throws -> Double {
    model.parameters.clearGradients()
    try loss().backward()
    let analytic = model.parameters.flatMap { $0.gradient?.doubles() ?? [Double](repeating: 0, count: $0.count) }
    let start = model.weights
    var worst = 0.0
    for k in start.indices {
      func at(_ x: Double) throws -> Double {
        var moved = start
        moved[k] = x
        try model.parameters.set(moved)
        return try Tape.withoutRecording { try loss().item() }
      }
      worst = max(worst, abs(try (at(start[k] + step) - at(start[k] - step)) / (2 * step) - analytic[k]))
    }
    try model.parameters.set(start)
    model.parameters.clearGradients()
    return worst / (analytic.map(\.magnitude).max() ?? 1)
  }

  /// The difference of ⟨Jv, g⟩ by central differences along v and ⟨v, Jᵀg⟩ by the tape, relative to the second.
  static func dotProductError(_ model: any SurfaceModel, _ predict: () throws -> Tensor) throws -> Double {
    var random = RandomStream(seed: 8)
    let start = model.weights, v = start.map { _ in random.normal() }, step = 1e-5
    func along(_ share: Double) throws -> [Double] {
      try model.parameters.set(zip(start, v).map { $0 + share * $1 })
      return try Tape.withoutRecording { try predict().doubles() }
    }
    let ahead = try along(step), behind = try along(-step)
    try model.parameters.set(start)
    let g = ahead.map { _ in random.normal() }, shape = try Tape.withoutRecording { try predict().shape }
    let forward = zip(zip(ahead, behind), g).reduce(0) { $0 + ($1.0.0 - $1.0.1) / (2 * step) * $1.1 }
    model.parameters.clearGradients()
    let prediction = try predict()
    try prediction.multiplied(by: Tensor(g, shape: shape, dtype: prediction.dtype)).sum().backward()
    let pulled = model.parameters.flatMap { $0.gradient?.doubles() ?? [Double](repeating: 0, count: $0.count) }
    model.parameters.clearGradients()
    let backward = zip(v, pulled).reduce(0) { $0 + $1.0 * $1.1 }
    return abs(forward - backward) / abs(backward)
  }

  /// A session with the world's drivers and towers as `d` and `days`, a folder of its own as `folder`, and `resumes(options)`, which trains a run
  /// whole and another that is stopped by an error after its first epoch and taken up, and gives both lists of weights as text.
  static func session(_ world: ToyWorld, _ folder: TestFolder, modules: [LuaModule]) throws -> LuaSession {
    let session = FluxLibrary.session()
    for module in modules { session.install(module) }
    session.set("d", world.store)
    session.set("days", world.towers)
    session.set("folder", folder.path)
    _ = try session.run(
      """
      function weights(result)
        local list = {}
        for _, member in ipairs(result.members) do
          for _, w in ipairs(member.model:parameters()) do list[#list + 1] = string.format("%.17g", w:sum():item()) end
        end
        return table.concat(list, " ")
      end
      function resumes(options)
        local function run(name, callback)
          local own = { checkpoint = folder .. "/" .. name .. ".nc", checkpoint_every = 0, on_epoch = callback }
          for key, value in pairs(options) do own[key] = value end
          return trainer.single(own):train()
        end
        local whole = weights(run("whole"))
        local stopped, epochs = pcall(run, "parts", function(e) if e.epoch == 1 then error("stopped here") end end)
        assert(not stopped, "the run was not stopped")
        local parts = weights(run("parts"))
        assert(#whole > 0 and whole == parts, whole .. " against " .. parts)
        return true
      end
      """)
    return session
  }
}
