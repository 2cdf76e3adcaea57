import FluxCore
import FluxData
import FluxObjective
import FluxOperators
import FluxTensor
import LuaRuntime

/// What a scripted term was declared with: where `step.predicted` and `step.observed` come from.
final class TermView {
  /// The operator of its stream, or its bridge.
  let source: (any ObservationOperator)?
  private let own: (any Observations)?
  private var made: [String: RegionalMonths] = [:]

  init(_ source: (any ObservationOperator)?, _ own: (any Observations)?) {
    self.source = source
    self.own = own
  }

  /// The kind of its windows.
  var kind: String { source?.windowKind ?? Window.yearKind }

  /// Its own observations in the step's window; nil where it has none.
  func observed(_ step: TrainingStep) throws -> Tensor? { try own?.values(step.window(ofKind: kind)) }

  func spread(_ step: TrainingStep) throws -> Tensor? { try own?.spread(step.window(ofKind: kind)) }

  /// A year of any series, its regions as the term's own bridge has them; made once.
  func observed(_ series: Series, _ year: Int) throws -> Tensor {
    var hash = ContentHash()
    hash.combine(series.values)
    let regions = (source as? any RegionalOperator)?.regions ?? series.regions
    let key = "\(series.name)|\(hash)|\(regions.joined(separator: ","))"
    let target = try made[key] ?? RegionalMonths(series, regions: regions, at: "step:target")
    made[key] = target
    return try target.values(.year(year))
  }
}

/// A term that is a Lua function.
final class ScriptedTerm: ObjectiveTerm {
  private let name: String, function: LuaFunction
  private let view: TermView
  let reads: [Reading]

  /// A term that looks at a stream, and perhaps at towers.
  init(_ name: String, _ function: LuaFunction, stream: Stream) {
    self.name = name
    self.function = function
    view = TermView(stream.observationOperator, stream.observations)
    reads = [.stream(stream)]
  }

  /// A term with a bridge, a target, both or neither. A function may look at any bridge, so it goes through years unless
  /// it says that it looks at towers only.
  ///
  /// - Throws: ``FluxError`` for a target that lacks a region of the bridge, and for towers alone beside either.
  init(
    _ name: String, _ function: LuaFunction, _ bridge: (any ObservationOperator)?, _ target: Series?,
    towersOnly: Bool = false
  ) throws {
    guard !towersOnly || (bridge == nil && target == nil) else {
      throw FluxError(
        "towers = true beside a bridge or a target", at: "objective.term", expected: "one or the other",
        remedy: "Leave out towers: a term with a bridge looks at the atmosphere.")
    }
    self.name = name
    self.function = function
    let months = try target.map {
      try RegionalMonths($0, regions: (bridge as? any RegionalOperator)?.regions ?? $0.regions, at: "objective.term")
    }
    view = TermView(bridge, months)
    reads = (towersOnly ? [.towers] : [.windows(kind: Window.yearKind)]) + (bridge.map { [.predictions($0)] } ?? [])
      + (months.map { [.observations($0)] } ?? [])
  }

  var needsOneThread: Bool { true }

  func evaluate(_ step: TrainingStep) throws -> Tensor {
    let loss = try function.call(Step(step, view), returning: Tensor.self, "the value of term '\(name)'")
    guard loss.count == 1 else {
      throw FluxError(
        "term '\(name)' gave a Tensor of shape \(loss.shape)", at: "objective.term", expected: "one number",
        remedy: "Reduce it, for example with :sum() or :nanmean().")
    }
    return try loss.rank == 0 ? loss : loss.reshaped([])
  }
}
