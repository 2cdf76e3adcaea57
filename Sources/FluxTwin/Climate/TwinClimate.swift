import FluxCore
import Glibc

/// The normal climate of one pixel, from which its weather departs.
struct TwinClimate: Sendable {
  let latitude: Double
  /// °C: annual mean, half the annual range (signed: positive where July is warm).
  let temperature: Double
  let season: Double
  /// mm d⁻¹, and its relative seasonal swing about `rainPeak` (day of the year).
  let rain: Double
  let rainSeason: Double
  let rainPeak: Double
  /// Share of potential radiation that arrives on a normal day.
  let clearness: Double
  /// The latent normal above which it rains, and the mean of (g − threshold)₊^1.5.
  let rainThreshold: Double
  let rainNorm: Double

  static func all(geography: TwinGeography, map: NodeMap, parameters: TwinParameters, seed: UInt64) -> [TwinClimate] {
    let rainTexture = map.texture(seed: seed, purpose: "twin rain texture")
    let warmTexture = map.texture(seed: seed, purpose: "twin temperature texture")
    return (0..<geography.pixelCount).map { pixel in
      TwinClimate(
        latitude: geography.latitude[pixel], longitude: geography.longitude[pixel],
        continentality: geography.continentality[pixel], rainTexture: rainTexture[pixel],
        warmTexture: warmTexture[pixel], parameters: parameters)
    }
  }

  init(
    latitude: Double, longitude: Double, continentality: Double, rainTexture: Double, warmTexture: Double,
    parameters: TwinParameters
  ) {
    let p = parameters.climate
    self.latitude = latitude
    let s = abs(sin(latitude * .pi / 180))
    temperature =
      p.equatorTemperature - p.poleContrast * pow(s, p.poleExponent)
      + Self.sum(p.temperatureCentres, latitude, longitude) + p.temperatureTexture * warmTexture
    let inland = p.maritimeSeason + (1 - p.maritimeSeason) * continentality
    season = (latitude < 0 ? -1 : 1) * (p.seasonFloor + p.seasonContrast * pow(s, p.seasonExponent) * inland)
    func bell(_ x: Double, _ width: Double) -> Double { exp(-0.5 * (x / width) * (x / width)) }
    let zonal =
      p.rainFloor + p.equatorRain * bell(latitude, p.equatorRainWidth)
      + p.stormRain * bell(abs(latitude) - p.stormLatitude, p.stormWidth)
    rain = zonal * exp(Self.sum(p.rainCentres, latitude, longitude) + p.rainTexture * rainTexture)
    let tropical = p.tropicalSeason * bell(abs(latitude) - p.tropicalSeasonLatitude, p.tropicalSeasonWidth)
    let continental = p.continentalSeason * continentality * max(0, min(1, (abs(latitude) - 25) / 15))
    let winter = min(1, Self.sum(p.winterRainCentres, latitude, longitude))
    rainSeason = max(tropical, continental) * (1 - winter) - 0.7 * winter
    rainPeak = (latitude < 0 ? 355.0 : 172.0) + p.seasonDelay
    clearness = p.clearSky - p.cloudLoss * (1 - exp(-rain / 3.5))
    let wet = min(1, rain / 6)
    rainThreshold = parameters.weather.rainThresholdDry + (parameters.weather.rainThresholdWet - parameters.weather.rainThresholdDry) * wet
    // The mean of (g − threshold)₊^1.5 under the unit normal, by the midpoint rule.
    var norm = 0.0
    for k in 0..<600 {
      let g = rainThreshold + (Double(k) + 0.5) * 0.01
      norm += pow(g - rainThreshold, 1.5) * exp(-0.5 * g * g)
    }
    rainNorm = norm * 0.01 / (2 * Double.pi).squareRoot()
  }

  /// Sum of the centres of action at a place; longitude wraps.
  static func sum(_ centres: [[Double]], _ latitude: Double, _ longitude: Double) -> Double {
    var total = 0.0
    for c in centres {
      let y = (latitude - c[0]) / c[2]
      var across = abs(longitude - c[1])
      if across > 180 { across = 360 - across }
      let x = across / c[3]
      total += c[4] * exp(-0.5 * (x * x + y * y))
    }
    return total
  }

  /// °C on a day of the year counted from 0; warmest a month after the solstice.
  func normalTemperature(_ day: Int) -> Double { temperature + season * cos(2 * .pi * (Double(day) - 200) / 365.25) }

  /// mm d⁻¹.
  func normalRain(_ day: Int) -> Double { rain * (1 + rainSeason * cos(2 * .pi * (Double(day) - rainPeak) / 365.25)) }

  /// Potential evaporation, mm d⁻¹, by Priestley and Taylor (1972) with net radiation as a share of global radiation.
  static func potentialEvaporation(temperature t: Double, radiation: Double, alpha: Double) -> Double {
    let saturation = 0.6108 * exp(17.27 * t / (t + 237.3))  // kPa
    let slope = 4098 * saturation / ((t + 237.3) * (t + 237.3))
    let net = max(0, 0.62 * radiation * 0.0864 - 2.5)  // MJ m⁻² d⁻¹
    return alpha * slope / (slope + 0.066) * net / 2.45
  }
}
