import FluxOperators
import FluxCore
import FluxData
import FluxModels
import FluxObjective
import FluxTensor
import LuaRuntime

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

  init(_ name: String, _ function: LuaFunction, _ bridge: (any ObservationOperator)?, _ target: Series?, towersOnly: Bool = false) throws {
    guard !towersOnly || (bridge == nil && target == nil) else {
      throw FluxError("towers = true beside a bridge or a target", at: "objective.term", expected: "one or the other",
        remedy: "Leave out towers: a term with a bridge looks at the atmosphere.")
    }
    isAtmospheric = !towersOnly
    ownTarget = try target.map { try RegionalTarget($0, regions: bridge?.regions ?? $0.regions, at: "objective.term") }
    self.name = name
    self.function = function
    self.bridge = bridge
    self.target = target
  }

  /// A function may look at any bridge, so it is validated on the held-out years unless it says that it
  /// looks at towers only.
  let isAtmospheric: Bool
  var observationOperator: (any ObservationOperator)? { bridge }
  var needsOneThread: Bool { true }

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
