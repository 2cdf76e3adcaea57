import Glibc

/// The truth's own figures, and what a perfect fit of the towers would say of each region.
///
/// None of them needs a trained network, and none has ever seen one.
public struct TwinReport: Sendable {
  /// PgC yr⁻¹.
  public var gpp = 0.0, ter = 0.0, nee = 0.0, tropicalGPP = 0.0
  /// Standard deviation (n − 1) of detrended global annual NEE, PgC yr⁻¹.
  public var interannualVariability = 0.0
  /// Share of its variance that comes with the undriven effects: cov(undriven, total) / var(total).
  public var undrivenShare = 0.0
  public var undrivenStrength = 0.0
  /// Correlation of the annual anomalies of true water stress with those of a two-layer index made from the reported rain.
  public var waterCorrelation = 0.0
  public var sites = 0, siteDays = 0
  public var tropicalSampleShare = 0.0
  public var keptTropics = 0.0, keptElsewhere = 0.0
  /// Mean missing nocturnal respiration over the humid tropics, gC m⁻² d⁻¹ (negative).
  public var nocturnalMean = 0.0
  /// Root mean square of (file − true landscape flux) over kept days, gC m⁻² d⁻¹: no model of the drivers can do better out of fold.
  public var noiseLevel = 0.0
  public var regions: [Region] = []

  /// What towers would say of a region.
  public struct Region: Sendable {
    public var code = ""
    public var area = 0.0  // m²
    public var towers = 0
    /// Mean fluxes over the region's land, gC m⁻² d⁻¹.
    public var gpp = 0.0, ter = 0.0, nee = 0.0
    /// The known tower biases, carried by a model to all of the region's land, gC m⁻² d⁻¹ (positive: too strong a sink).
    public var biasGap = 0.0
    /// True landscape NEE minus what the region's own towers say on average: bias, offset and choice of place.
    public var towerGap = 0.0
    /// Paper's Table 3 over area.
    public var aim = 0.0
  }

  /// SCIENCE §12: the paper's gap between EC and inversions, gC m⁻² d⁻¹.
  static let aims: [String: Double] = [
    "NSA": 1.9, "SEAS": 1.2, "BRA": 1.2, "EQAF": 1.0, "SSA": 0.8, "CAM": 0.7, "SAS": 0.5, "CAS": 0.3, "KAJ": 0.3, "CHN": 0.3,
    "EU": 0.3, "USA": 0.2, "MIDE": 0.2, "SAF": 0.2, "RUS": 0.2, "OCE": 0.1, "CAN": 0.1, "NAF": 0.1,
  ]

  /// The gaps of all regions together, PgC yr⁻¹, and the share of it inside six tropical regions.
  public var expectedGap: Double { regions.reduce(0) { $0 + $1.biasGap * $1.area } * 365.25e-15 }
  public var tropicalGapShare: Double {
    let six: Set = ["NSA", "BRA", "EQAF", "SEAS", "CAM", "SAS"]
    return regions.reduce(0) { $0 + (six.contains($1.code) ? $1.biasGap * $1.area : 0) } * 365.25e-15 / expectedGap
  }
}
