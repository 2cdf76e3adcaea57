import FluxCore
import Glibc

/// The noise on the nodes that all pixels of the invented weather share.
struct TwinWeatherNoise: Sendable {
  let warmth: NodeNoise
  let warmSeasons: NodeNoise
  let wetness: NodeNoise
  let wetSeasons: NodeNoise
  let legacy: NodeNoise
  let humidity: NodeNoise

  init(map: NodeMap, days: Int, parameters: TwinParameters, seed: UInt64) {
    func noise(_ memory: Double, _ purpose: String) -> NodeNoise {
      NodeNoise(map: map, days: days, memory: memory, seed: seed, purpose: "twin \(purpose)")
    }
    let weather = parameters.weather
    warmth = noise(weather.synopticMemory, "synoptic temperature")
    warmSeasons = noise(weather.seasonalMemory, "seasonal temperature")
    wetness = noise(weather.synopticMemory, "synoptic rain")
    wetSeasons = noise(weather.seasonalMemory, "seasonal rain")
    legacy = noise(parameters.undriven.legacyMemory, "legacy")
    humidity = noise(parameters.undriven.humidityMemory, "humidity")
  }
}

/// The weather of one pixel, written quantity by quantity from one stream of its own: temperature before rain.
struct TwinPixelWeather {
  let pixel: Int
  let climate: TwinClimate
  let calendar: TwinCalendar
  let mode: TwinMode
  let parameters: TwinParameters
  let noise: TwinWeatherNoise
  var stream: RandomStream
  /// Shape `[lead + day]` each.
  let scratch: UnsafeMutablePointer<Float>
  let scratch2: UnsafeMutablePointer<Float>

  private var dayCount: Int { calendar.lead + calendar.dayCount }
  /// How strongly the shared mode is felt here.
  private var strength: Double { Double(mode.strength[pixel]) }

  /// °C: the normal year, weather of two scales that neighbours share, weather of the pixel's own, the mode.
  mutating func writeTemperature(_ out: UnsafeMutablePointer<Float>) {
    let w = parameters.weather
    let perSigma = parameters.mode.temperaturePerSigma
    let strength = strength
    noise.warmth.interpolate(pixel, into: scratch)
    noise.warmSeasons.interpolate(pixel, into: scratch2)
    let away = min(1, abs(climate.latitude) / 60)
    let synoptic = w.synopticTemperatureTropics + w.synopticTemperatureContrast * away * away
    let fresh = (1 - w.localMemory * w.localMemory).squareRoot()
    var local = stream.normal()
    for day in 0..<dayCount {
      local = w.localMemory * local + fresh * stream.normal()
      out[day] = Float(
        climate.normalTemperature(calendar.dayOfYear[day]) + synoptic * Double(scratch[day])
          + w.seasonalTemperature * Double(scratch2[day]) + w.localTemperature * local
          + perSigma * strength * Double(mode.index[day]))
    }
  }

  /// Rain, mm d⁻¹, what a product reports of it, and the radiation that the clouds let through, W m⁻².
  mutating func writeRain(
    _ rain: UnsafeMutablePointer<Float>, seen: UnsafeMutablePointer<Float>, radiation: UnsafeMutablePointer<Float>,
    sun: [Double]
  ) {
    let w = parameters.weather
    let perSigma = parameters.mode.rainPerSigma
    let strength = strength
    noise.wetness.interpolate(pixel, into: scratch)
    noise.wetSeasons.interpolate(pixel, into: scratch2)
    let shared = (1 - w.rainLocalShare).squareRoot()
    let own = w.rainLocalShare.squareRoot()
    let centre = 0.5 * w.rainSeasonalLog * w.rainSeasonalLog
    let errorFresh = (1 - w.rainErrorMemory * w.rainErrorMemory).squareRoot()
    let errorCentre = 0.5 * (w.rainError * w.rainError + w.rainErrorSlow * w.rainErrorSlow)
    var slowError = stream.normal()
    for day in 0..<dayCount {
      let latent = shared * Double(scratch[day]) + own * stream.normal()
      slowError = w.rainErrorMemory * slowError + errorFresh * stream.normal()
      let quick = stream.normal()
      let j = calendar.dayOfYear[day]
      let above = max(0, latent - climate.rainThreshold)
      var fall = 0.0
      var reported = 0.0
      if above > 0 {
        fall =
          climate.normalRain(j)
          * exp(w.rainSeasonalLog * Double(scratch2[day]) - centre + perSigma * strength * Double(mode.index[day]))
          * above * above.squareRoot() / climate.rainNorm
        reported = fall * exp(w.rainErrorSlow * slowError + w.rainError * quick - errorCentre)
      }
      rain[day] = Float(fall)
      seen[day] = Float(reported)
      let sky = climate.clearness * max(0.3, min(1.25, 1 - w.cloudPerRainIndex * latent))
      radiation[day] = Float(sun[j] * min(0.78, sky))
    }
  }

  /// The legacy and humidity that no driver shows.
  func writeUndriven(_ out: UnsafeMutablePointer<Float>) {
    let undriven = parameters.undriven
    let perSigma = parameters.mode.humidityPerSigma
    let strength = strength
    noise.legacy.interpolate(pixel, into: scratch)
    noise.humidity.interpolate(pixel, into: scratch2)
    for day in 0..<dayCount {
      let moist = undriven.humidity * Double(scratch2[day]) + perSigma * strength * Double(mode.index[day])
      out[day] = Float(undriven.legacy * Double(scratch[day]) + moist)
    }
  }
}
