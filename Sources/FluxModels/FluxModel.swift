import FluxTensor

/// A differentiable model of the surface flux, f(ω, x): drivers of one place and day in, NEE out.
///
/// Everything above this layer (observation operators, objective, trainer) knows only this.
public protocol FluxModel: AnyObject {
  /// The names of the drivers, in the order of the columns of `x`.
  var inputs: [String] { get }
  /// ω: the leaves that a trainer moves.
  var parameters: [Tensor] { get }

  /// NEE of each sample, on the tape with respect to ``parameters``.
  ///
  /// - Parameter x: drivers in physical units. Shape `[sample, driver]`.
  /// - Returns: gC m⁻² d⁻¹, positive to the atmosphere. Shape `[sample]`.
  /// - Throws: ``FluxError`` when the second length is not the number of drivers.
  func predict(_ x: Tensor) throws -> Tensor

  /// Σ weight × NEE over each group of samples, on the tape with respect to ``parameters``.
  ///
  /// - Returns: the unit of the weights times gC m⁻² d⁻¹. Shape `[group]`.
  /// - Throws: ``FluxError`` when the columns are not the model's drivers.
  func sums(_ groups: SampleGroups) throws -> Tensor

  /// The same sums off the tape, and their derivative by every weight.
  ///
  /// - Returns: sums, shape `[group]`; Jacobian, row by row, shape `[group, weight]` in the order of ``parameters``.
  /// - Throws: ``FluxError`` when the columns are not the model's drivers.
  func sumsAndJacobian(_ groups: SampleGroups) throws -> (sums: Tensor, jacobian: [Float])

  /// Σ w (NEE − observed)² / Σ w over samples, on the tape with respect to ``parameters``.
  ///
  /// - Parameters:
  ///   - x: drivers in physical units. Shape `[sample, driver]`.
  ///   - observed: gC m⁻² d⁻¹. Shape `[sample]`.
  ///   - weight: all 1 when nil. Shape `[sample]`.
  /// - Returns: (gC m⁻² d⁻¹)², rank 0.
  /// - Throws: ``FluxError`` when shapes do not fit together.
  func meanSquaredError(_ x: Tensor, _ observed: Tensor, weight: Tensor?) throws -> Tensor

  /// NEE of samples whose drivers lie in separate arrays, off the tape: for long forward runs.
  ///
  /// - Parameters:
  ///   - columns: for each driver, a pointer to `count` values. Shape `[driver][sample]`.
  ///   - nee: receives gC m⁻² d⁻¹. Shape `[sample]`.
  func evaluator() throws -> @Sendable (_ columns: [UnsafePointer<Float>], _ count: Int, _ nee: UnsafeMutablePointer<Float>) -> Void

  /// An independent model with equal weights.
  func clone() throws -> Self
}

extension FluxModel {
  /// One pass backward for each group: for models without a fused pass, and the oracle for those with one.
  func recordedSumsAndJacobian(_ groups: SampleGroups) throws -> (sums: Tensor, jacobian: [Float]) {
    var rows: [Float] = []
    for group in 0..<groups.count {
      let part = groups.bounds[group]..<groups.bounds[group + 1]
      let one = try SampleGroups(columns: groups.columns.narrowed(1, from: part.lowerBound, length: part.count), weights: Array(groups.weights[part]),
        bounds: [0, part.count])
      parameters.forEach { $0.clearGradient() }
      try Tape.recording { try recordedSums(one).sum().backward() }
      for p in parameters { rows += p.gradient?.floats() ?? [Float](repeating: 0, count: p.count) }
    }
    parameters.forEach { $0.clearGradient() }
    return (try Tape.withoutRecording { try recordedSums(groups) }, rows)
  }

  public func sumsAndJacobian(_ groups: SampleGroups) throws -> (sums: Tensor, jacobian: [Float]) { try recordedSumsAndJacobian(groups) }

  /// As recorded operations: for models without a fused pass, and the oracle for those with one.
  func recordedMeanSquaredError(_ x: Tensor, _ observed: Tensor, weight: Tensor?) throws -> Tensor {
    let squares = try predict(x).subtracting(observed).square()
    guard let weight else { return try squares.mean() }
    return try squares.multiplied(by: weight).sum().divided(by: weight.sum())
  }

  public func meanSquaredError(_ x: Tensor, _ observed: Tensor, weight: Tensor?) throws -> Tensor {
    try recordedMeanSquaredError(x, observed, weight: weight)
  }
}
