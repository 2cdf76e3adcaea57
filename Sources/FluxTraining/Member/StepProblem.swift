import FluxCore
import FluxModels
import FluxObjective
import FluxTensor

/// One step of training as an optimiser sees it: the objective is evaluated when the rule first asks, in the way that it asks for.
final class StepProblem: DescentProblem {
  private let objective: Objective
  /// A step of its own for every evaluation: what it has predicted is kept, and holds for one set of weights.
  private let fresh: (_ keepsJacobians: Bool) -> TrainingStep
  /// Told the losses of the first evaluation before anything is made of them; may refuse them.
  private let note: (_ losses: [Double]) throws -> Void
  private let epoch: Int, epochs: Int
  /// The losses at the start of the step; nil before the first evaluation.
  private(set) var losses: [Double]?
  private var first: TrainingStep?

  init(
    _ objective: Objective, epoch: Int, of epochs: Int, note: @escaping (_ losses: [Double]) throws -> Void,
    fresh: @escaping (_ keepsJacobians: Bool) -> TrainingStep
  ) {
    self.objective = objective
    self.epoch = epoch
    self.epochs = epochs
    self.note = note
    self.fresh = fresh
  }

  func gradient() throws { try begin(keepsJacobians: false) }

  func linearised() throws -> Predictions? {
    try begin(keepsJacobians: true)
    guard let first, !first.linearised.isEmpty else { return nil }
    return predictions(of: first)
  }

  func loss() throws -> Double {
    try begin(keepsJacobians: false)
    // The weights stay as they are within a step, so that its loss is one function.
    let total = try objective.frozen(objective.evaluate(fresh(false)))
    try total.backward()
    return try total.item()
  }

  private func begin(keepsJacobians: Bool) throws {
    guard losses == nil else { return }
    let step = fresh(keepsJacobians), evaluated = try objective.evaluate(step)
    let values = try evaluated.map { try $0.item() }
    objective.noteFirst(values)
    try note(values)
    try objective.combine(evaluated, epoch: epoch, of: epochs).backward()
    first = step
    losses = values
  }

  /// What the terms that look at predictions make of them, the terms' factors as they are.
  private func predictions(of step: TrainingStep) -> Predictions {
    let leaves = step.linearised.map(\.leaf), places = step.readers, terms = objective.terms
    let factors = objective.weights.isEmpty ? [1] : objective.weights
    return Predictions(
      values: leaves.flatMap { $0.doubles() }, jacobian: step.linearised.flatMap(\.jacobian)
    ) { values in
      var next = 0
      let inputs = try leaves.map { leaf in
        defer { next += leaf.count }
        let own = Array(values[next..<(next + leaf.count)])
        return try Tensor(own, shape: leaf.shape, dtype: leaf.dtype).named(leaf.names ?? [])
      }
      let (value, gradients) = try Tensor.valueAndGradients(at: inputs) { inputs in
        let again = step.replacing(inputs)
        return try FixedWeighting.total(places.map { try terms[$0].evaluate(again) }, places.map { factors[$0] })
      }
      return (try value.item(), gradients.flatMap { $0.doubles() })
    }
  }
}
