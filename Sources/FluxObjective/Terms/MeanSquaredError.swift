import FluxCore
import FluxTensor

/// ℓ_EC, the mean squared error at the towers (Eq. 4): Σ w (ŷ − y)² / Σ w.
///
/// - Units: (gC m⁻² d⁻¹)².
public final class MeanSquaredError: ObjectiveTerm {
  /// Whether every site counts equally, however many days it has; otherwise every day does.
  public let bySite: Bool

  /// - Parameter bySite: whether every site counts equally.
  public init(bySite: Bool = false) { self.bySite = bySite }
  public var reads: [Reading] { [.towers] }

  public func evaluate(_ step: TrainingStep) throws -> Tensor {
    let batch = try step.towers()
    return try step.model.meanSquaredError(
      of: .nee, batch.samples, batch.observed, weight: bySite ? batch.siteWeight : batch.weight)
  }
}
