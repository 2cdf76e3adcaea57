import FluxCore
import Glibc

/// The invented weather: daily temperature, radiation and rain, and the rain that a product reports.
///
/// All fields start `calendar.lead` days before the record. Shape `[pixel][lead + day]`.
struct TwinWeather: Sendable {
  let temperature: DailyField  // °C
  let radiation: DailyField  // W m⁻²
  let rain: DailyField  // mm d⁻¹
  let rainSeen: DailyField  // mm d⁻¹, with the product's errors
  /// The slow humidity and legacy noise of the undriven part, before drought memory. Shape as above.
  let undriven: DailyField

  init(
    geography: TwinGeography, calendar: TwinCalendar, climate: [TwinClimate], map: NodeMap, mode: TwinMode,
    parameters: TwinParameters, seed: UInt64, pixels: Range<Int>? = nil
  ) throws {
    let pixels = pixels ?? 0..<geography.pixelCount, days = calendar.lead + calendar.dayCount
    let temperature = try DailyField(pixels, days: days, name: "temperature")
    let radiation = try DailyField(pixels, days: days, name: "radiation")
    let rain = try DailyField(pixels, days: days, name: "rain")
    let rainSeen = try DailyField(pixels, days: days, name: "reported rain")
    let undriven = try DailyField(pixels, days: days, name: "undriven effects")
    let w = parameters.weather, m = parameters.mode
    func noise(_ memory: Double, _ purpose: String) -> NodeNoise {
      NodeNoise(map: map, days: days, memory: memory, seed: seed, purpose: "twin \(purpose)")
    }
    let warmth = noise(w.synopticMemory, "synoptic temperature")
    let warmSeasons = noise(w.seasonalMemory, "seasonal temperature")
    let wetness = noise(w.synopticMemory, "synoptic rain")
    let wetSeasons = noise(w.seasonalMemory, "seasonal rain")
    let legacy = noise(parameters.undriven.legacyMemory, "legacy")
    let humidity = noise(parameters.undriven.humidityMemory, "humidity")
    let scratch = try DailyField(pixels: 4 * ThreadPool.threadCount, days: days, name: "scratch")

    ThreadPool.forEach(pixels.count) { place, worker in
      let pixel = pixels.lowerBound + place
      let c = climate[pixel]
      // Named by the cell and the number of rows: another resolution is another local draw, never a reused one.
      var stream = RandomStream(seed: seed, purpose: "twin local weather \(geography.grid.rows) \(geography.cells[pixel])")
      let strength = Double(mode.strength[pixel]), sun = geography.potentialRadiation(over: pixel)
      let t = temperature.series(pixel), r = radiation.series(pixel)
      let p = rain.series(pixel), q = rainSeen.series(pixel), u = undriven.series(pixel)
      let a = scratch.series(4 * worker), b = scratch.series(4 * worker + 1)
      let g = scratch.series(4 * worker + 2), s = scratch.series(4 * worker + 3)

      warmth.interpolate(pixel, into: a)
      warmSeasons.interpolate(pixel, into: b)
      let away = min(1, abs(c.latitude) / 60)
      let synoptic = w.synopticTemperatureTropics + w.synopticTemperatureContrast * away * away
      let fresh = (1 - w.localMemory * w.localMemory).squareRoot()
      var local = stream.normal()
      for day in 0..<days {
        local = w.localMemory * local + fresh * stream.normal()
        t[day] = Float(
          c.normalTemperature(calendar.dayOfYear[day]) + synoptic * Double(a[day]) + w.seasonalTemperature * Double(b[day])
            + w.localTemperature * local + m.temperaturePerSigma * strength * Double(mode.index[day]))
      }

      wetness.interpolate(pixel, into: g)
      wetSeasons.interpolate(pixel, into: s)
      let shared = (1 - w.rainLocalShare).squareRoot(), own = w.rainLocalShare.squareRoot()
      let centre = 0.5 * w.rainSeasonalLog * w.rainSeasonalLog
      let errorFresh = (1 - w.rainErrorMemory * w.rainErrorMemory).squareRoot()
      let errorCentre = 0.5 * (w.rainError * w.rainError + w.rainErrorSlow * w.rainErrorSlow)
      var slowError = stream.normal()
      for day in 0..<days {
        let latent = shared * Double(g[day]) + own * stream.normal()
        slowError = w.rainErrorMemory * slowError + errorFresh * stream.normal()
        let quick = stream.normal()
        let j = calendar.dayOfYear[day]
        let above = max(0, latent - c.rainThreshold)
        var fall = 0.0, seen = 0.0
        if above > 0 {
          fall =
            c.normalRain(j)
            * exp(w.rainSeasonalLog * Double(s[day]) - centre + m.rainPerSigma * strength * Double(mode.index[day]))
            * above * above.squareRoot() / c.rainNorm
          seen = fall * exp(w.rainErrorSlow * slowError + w.rainError * quick - errorCentre)
        }
        p[day] = Float(fall)
        q[day] = Float(seen)
        let sky = c.clearness * max(0.3, min(1.25, 1 - w.cloudPerRainIndex * latent))
        r[day] = Float(sun[j] * min(0.78, sky))
      }

      legacy.interpolate(pixel, into: a)
      humidity.interpolate(pixel, into: b)
      for day in 0..<days {
        let moist =
          parameters.undriven.humidity * Double(b[day]) + m.humidityPerSigma * strength * Double(mode.index[day])
        u[day] = Float(parameters.undriven.legacy * Double(a[day]) + moist)
      }
    }
    self.temperature = temperature
    self.radiation = radiation
    self.rain = rain
    self.rainSeen = rainSeen
    self.undriven = undriven
  }
}
