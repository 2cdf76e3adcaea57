import FluxCore
import FluxData
import FluxDrivers
import FluxModel
import FluxTensor

/// Sparse regional linear models: flux at a few pixels → regional totals (paper Eq. 5, SCIENCE §6).
///
///   m̂[r, m] = Σ_{d ∈ m} (Σ_s f(ω, x[r, s, d]) Θ[r, s] + b[r])
///
/// which is the days of the month times the mean over its days.
public final class RegionalBridge: ObservationOperator {
  public let models: [SparseRegion]
  public let drivers: DriverStore
  /// The content hash of the region mask that the areas came from.
  public let maskHash: String
  private let sums: PixelSums

  public init(models: [SparseRegion], drivers: DriverStore, maskHash: String) {
    self.models = models
    self.drivers = drivers
    self.maskHash = maskHash
    sums = PixelSums(pixels: models.map(\.pixels), weights: models.map(\.theta), intercepts: models.map(\.intercept), drivers: drivers)
  }

  public var regions: [String] { models.map(\.code) }
  public var areas: [Double] { models.map(\.area) }

  /// The bridge of some regions only, in the given order.
  ///
  /// - Throws: ``FluxError`` for a region that the bridge does not have, with the nearest code.
  public func only(_ codes: [String]) throws -> RegionalBridge {
    let chosen = try RegionChoice.places(of: codes, among: regions).map { models[$0] }
    return RegionalBridge(models: chosen, drivers: drivers, maskHash: maskHash)
  }

  public func predict(_ model: any FluxModel, year: Int) throws -> Tensor { try sums.predict(model, year: year) }
}
