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

  /// NEE of samples whose drivers lie in separate arrays, off the tape: for long forward runs.
  ///
  /// - Parameters:
  ///   - columns: for each driver, a pointer to `count` values. Shape `[driver][sample]`.
  ///   - nee: receives gC m⁻² d⁻¹. Shape `[sample]`.
  func evaluator() throws -> @Sendable (_ columns: [UnsafePointer<Float>], _ count: Int, _ nee: UnsafeMutablePointer<Float>) -> Void

  /// An independent model with equal weights.
  func clone() throws -> Self
}
