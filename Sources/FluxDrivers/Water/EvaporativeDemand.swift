import Glibc

/// The evaporative demand of the air: Priestley and Taylor's, from air
/// temperature and shortwave radiation alone.
///
///     E = α Δ / (Δ + γ) R_n / λ,  α = 1.26
///     R_n = (1 − 0.17) R_g − (0.2 + 0.8 n)(107 − T)
///
/// The sunshine fraction n is read back from the transmission of the air,
/// R_g / R_pot = 0.25 + 0.5 n, clipped to [0, 1].
///
/// - Reference: Priestley and Taylor (1972); the net radiation of SPLASH,
///   Davis et al. (2017), doi:10.5194/gmd-10-689-2017.
public enum EvaporativeDemand {
  /// Priestley and Taylor's α, 1.
  public static let priestleyTaylor = 1.26
  /// Shortwave albedo of the surface, 1.
  public static let albedo = 0.17
  /// Psychrometric constant at sea level, kPa °C⁻¹. No elevation is asked of the drivers.
  public static let psychrometric = 0.0674

  /// Net radiation of a day.
  ///
  /// - Parameters:
  ///   - shortwave: R_g, W m⁻².
  ///   - potential: R_pot, W m⁻².
  ///   - temperature: °C.
  /// - Returns: W m⁻², never below zero.
  public static func netRadiation(shortwave: Double, potential: Double, temperature: Double) -> Double {
    let sunshine = potential > 1 ? min(1, max(0, (shortwave / potential - 0.25) / 0.5)) : 0
    return max(0, (1 - albedo) * shortwave - (0.2 + 0.8 * sunshine) * (107 - temperature))
  }

  /// Water that the net radiation of a day could evaporate.
  ///
  /// - Parameters:
  ///   - netRadiation: W m⁻².
  ///   - temperature: °C.
  /// - Returns: mm d⁻¹, ≥ 0.
  public static func potential(netRadiation: Double, temperature: Double) -> Double {
    let t = min(60, max(-60, temperature))
    let saturation = 0.6108 * exp(17.27 * t / (t + 237.3))  // kPa, FAO 56 Eq. 11
    let slope = 4098 * saturation / ((t + 237.3) * (t + 237.3))  // kPa °C⁻¹, FAO 56 Eq. 13
    let latentHeat = 2.501 - 0.002361 * t  // MJ kg⁻¹
    return max(0, priestleyTaylor * slope / (slope + psychrometric) * netRadiation * 0.0864 / latentHeat)
  }
}
