/// The sparse linear model of one region: a few pixels whose weighted fluxes stand for the whole (paper §3.4).
public struct SparseRegion: Sendable {
  public let code: String
  /// Land area, m².
  public let area: Double
  /// The contributing pixels as cells of the drivers' grid, and their places in the driver store.
  public let cells: [Int], pixels: [Int]
  /// Θ, PgC d⁻¹ per (gC m⁻² d⁻¹). Shape `[pixel]`.
  public let theta: [Double]
  /// b, PgC d⁻¹.
  public let intercept: Double
  /// How it was found, and how well it fits the reference.
  public let quality: Quality

  /// - Units: R² 1; α in the convention of Eq. 2; gain 1.
  public struct Quality: Sendable {
    public var regionPixels = 0, strata = 0, candidates = 0
    /// Pixels that were compared with each other to find the strata, and how well they stand for all (``LandmarkClusters``).
    public var landmarks = 0, agreement = 1.0
    public var alpha = 0.0, gap = 0.0
    /// Of the series as it is, of monthly means' departures from their average year, and of annual means.
    public var r2 = 0.0, r2Anomalies = 0.0, r2Annual = 0.0
    /// Of blocks of years that the refit has not seen.
    public var r2CrossValidated = 0.0
    /// ΣΘ / area: what the bridge makes of a constant flux, relative to the truth.
    public var gain = 0.0
    /// Mean cover of each plant functional type over the contributing pixels, and over the region; empty when it was not given.
    public var types: [Double] = [], regionTypes: [Double] = []
    public init() {}
    init(regionPixels: Int, strata: Int, candidates: Int) {
      (self.regionPixels, self.strata, self.candidates) = (regionPixels, strata, candidates)
    }
  }

  public init(code: String, area: Double, cells: [Int], pixels: [Int], theta: [Double], intercept: Double, quality: Quality = Quality()) {
    (self.code, self.area, self.cells, self.pixels, self.theta) = (code, area, cells, pixels, theta)
    (self.intercept, self.quality) = (intercept, quality)
  }
}

/// How the weights of the selected pixels are found (SCIENCE §6.5).
public enum Refit: String, Sendable, CaseIterable {
  /// Least squares with ΣΘ = area and b = 0: a constant flux keeps its integral.
  case conserving
  /// Plain least squares with a free intercept.
  case debias
  /// The Lasso's own, shrunken weights: the paper's model.
  case none
}
