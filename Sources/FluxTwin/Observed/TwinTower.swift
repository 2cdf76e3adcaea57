/// One tower of the synthetic network: where it stands and what is odd about it.
public struct TwinTower: Sendable, Equatable {
  /// A FLUXNET-like code, such as `BR-T03`.
  public let site: String
  public let latitude: Double
  public let longitude: Double
  public let elevation: Double  // m
  /// IGBP class.
  public let igbp: String
  /// The region's code.
  public let region: String
  /// The pixel of ``TwinGeography`` in which it stands.
  public let pixel: Int
  public let firstYear: Int
  public let lastYear: Int
  public let isTropical: Bool
  /// The stand's fluxes relative to its pixel's.
  public let leafFactor: Double
  /// gC m⁻² d⁻¹, added to every day.
  public let offset: Double
  /// Share of respiration that the instrument misses.
  public let nocturnalShare: Double
  /// Share of GPP that the growing stand keeps, beyond the landscape's.
  public let growthShare: Double
}
