import FluxBridge
import FluxCore
import FluxData
import FluxModel
import FluxObjective
import FluxTensor
import LuaRuntime

/// What an `objective.term` function sees.
public final class Step: LuaExposed {
  let step: TrainingStep
  private let bridge: (any ObservationOperator)?
  private let target: Series?
  private let targets: TargetCache

  init(_ step: TrainingStep, _ bridge: (any ObservationOperator)?, _ target: Series?, _ targets: TargetCache) {
    self.step = step
    self.bridge = bridge
    self.target = target
    self.targets = targets
  }

  public static let luaType = LuaType<Step>("Step", "what a term of the objective sees in one step", members: [
    .property("epoch", "integer", "from 1") { $0.step.epoch },
    .property("fold", "integer", "from 1") { $0.step.fold },
    .property("year", "integer", "of the regional months") { $0.step.year },
    .property("training", "boolean", "false while a validation score is computed") { $0.step.isTraining },
    .property("drivers", "Tensor", "of the tower samples, [sample, driver]") { $0.step.batch.x },
    .property("weight", "Tensor", "of the tower samples, [sample]") { $0.step.batch.weight },
    .property("model", "Model", "the model that is trained") { s in s.step.model as? MultilayerPerceptron },
    .property("predicted", "Tensor", "the term's own bridge [region, month], or NEE at the towers [sample]") { s in
      try s.bridge.map { try s.step.predict($0) } ?? s.step.towerNEE()
    },
    .property("observed", "Tensor", "the term's own target [member, region, month], or NEE at the towers [sample]") { s in
      try s.target.map { try s.targets.observed($0, s.bridge?.regions ?? $0.regions, s.step.year) } ?? s.step.batch.observed
    },
    .property("range", "Tensor?", "max - min over the members of the term's own target, [region, month], PgC month-1") { s in
      try s.target.map { try s.targets.range($0, s.bridge?.regions ?? $0.regions, s.step.year) }
    },
    .property("area", "Tensor?", "land area of the regions of the term's own bridge, [region], m²") { s in
      try s.bridge.map { try Tensor($0.areas, names: ["region"]) }
    },
    .method("predict", "(bridge: Bridge) -> Tensor", "what a bridge says of this step's year, [region, month], PgC month-1") { s, call in
      try s.step.predict(call.argument(1, "bridge", as: BridgeHandle.self).bridge)
    },
    .method("target", "(series: Series) -> Tensor", "this step's year of a series, [member, region, month], NaN where missing") { s, call in
      let series: Series = try call.argument(1, "series")
      return try s.targets.observed(series, s.bridge?.regions ?? series.regions, s.step.year)
    },
  ])
}

/// Years of targets as tensors, made once.
final class TargetCache {
  private var made: [String: RegionalTarget] = [:]

  func observed(_ series: Series, _ regions: [String], _ year: Int) throws -> Tensor { try target(series, regions).observed(year) }

  func range(_ series: Series, _ regions: [String], _ year: Int) throws -> Tensor { try target(series, regions).range(year) }

  private func target(_ series: Series, _ regions: [String]) throws -> RegionalTarget {
    var hash = ContentHash()
    hash.combine(series.values)
    let key = "\(series.name)|\(hash)|\(regions.joined(separator: ","))"
    let target = try made[key] ?? RegionalTarget(series, regions: regions, at: "step:target")
    made[key] = target
    return target
  }
}

/// A term that is a Lua function.
final class ScriptedTerm: ObjectiveTerm {
  private let name: String, function: LuaFunction
  private let bridge: (any ObservationOperator)?, target: Series?
  private let targets = TargetCache()
  /// The target that the term was declared with: its years can be trained on.
  let ownTarget: RegionalTarget?

  init(_ name: String, _ function: LuaFunction, _ bridge: (any ObservationOperator)?, _ target: Series?) throws {
    ownTarget = try target.map { try RegionalTarget($0, regions: bridge?.regions ?? $0.regions, at: "objective.term") }
    self.name = name
    self.function = function
    self.bridge = bridge
    self.target = target
  }

  /// A function may look at any bridge: it is validated on the held-out years.
  var isAtmospheric: Bool { true }

  func evaluate(_ step: TrainingStep) throws -> Tensor {
    let view = Step(step, bridge, target, targets)
    let loss = try function.call(view, returning: Tensor.self, "the value of term '\(name)'")
    guard loss.count == 1 else {
      throw FluxError("term '\(name)' gave a Tensor of shape \(loss.shape)", at: "objective.term", expected: "one number",
        remedy: "Reduce it, for example with :sum() or :nanmean().")
    }
    return try loss.rank == 0 ? loss : loss.reshaped([])
  }
}
