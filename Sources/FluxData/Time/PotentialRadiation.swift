import Glibc

/// Shortwave radiation at the top of the atmosphere, `R_pot`: what the sun
/// would give a horizontal surface if there were no air.
///
///     R_pot = S₀ d_r / π (H sin φ sin δ + cos φ cos δ sin H)
///     d_r = 1 + 0.033 cos(2πJ/365)      δ = 0.409 sin(2πJ/365 − 1.39)
///     cos H = −tan φ tan δ, clipped to [−1, 1]
///
/// The eccentricity and declination are those of FAO Irrigation and Drainage
/// Paper 56 (Allen et al., 1998), Eqs. 21 to 25.
public enum PotentialRadiation {
  /// The solar constant S₀, W m⁻².
  public static let solarConstant = 1361.0

  /// The mean over the 24 hours of a day.
  ///
  /// - Parameters:
  ///   - latitude: degrees north, −90 … 90.
  ///   - dayOfYear: J, 1 … 366.
  /// - Returns: W m⁻², zero in the polar night.
  public static func dailyMean(latitude: Double, dayOfYear: Int) -> Double {
    let angle = 2 * Double.pi * Double(dayOfYear) / 365
    let distance = 1 + 0.033 * cos(angle)
    let declination = 0.409 * sin(angle - 1.39)
    let φ = latitude * .pi / 180
    let H = acos(min(1, max(-1, -tan(φ) * tan(declination))))
    let mean = H * sin(φ) * sin(declination) + cos(φ) * cos(declination) * sin(H)
    return max(0, solarConstant * distance / .pi * mean)
  }

  /// ``dailyMean(latitude:dayOfYear:)`` for every day of a year of 366 days at several latitudes.
  ///
  /// - Parameter latitudes: degrees north.
  /// - Returns: W m⁻². Shape `[dayOfYear 366, latitude]`, flattened; entry 0 is 1 January.
  public static func table(latitudes: [Double]) -> [Float] {
    var table: [Float] = []
    table.reserveCapacity(366 * latitudes.count)
    for day in 1...366 {
      for latitude in latitudes { table.append(Float(dailyMean(latitude: latitude, dayOfYear: day))) }
    }
    return table
  }
}
