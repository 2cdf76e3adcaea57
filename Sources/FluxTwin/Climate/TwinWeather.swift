import FluxCore

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
    let pixels = pixels ?? 0..<geography.pixelCount
    let days = calendar.lead + calendar.dayCount
    let temperature = try DailyField(pixels, days: days, name: "temperature")
    let radiation = try DailyField(pixels, days: days, name: "radiation")
    let rain = try DailyField(pixels, days: days, name: "rain")
    let rainSeen = try DailyField(pixels, days: days, name: "reported rain")
    let undriven = try DailyField(pixels, days: days, name: "undriven effects")
    let noise = TwinWeatherNoise(map: map, days: days, parameters: parameters, seed: seed)
    let scratch = try DailyField(pixels: 2 * ThreadPool.threadCount, days: days, name: "scratch")

    ThreadPool.forEach(pixels.count) { place, worker in
      let pixel = pixels.lowerBound + place
      // Named by the cell and the number of rows: another resolution is another local draw, never a reused one.
      let purpose = "twin local weather \(geography.grid.rows) \(geography.cells[pixel])"
      var weather = TwinPixelWeather(
        pixel: pixel, climate: climate[pixel], calendar: calendar, mode: mode, parameters: parameters, noise: noise,
        stream: RandomStream(seed: seed, purpose: purpose), scratch: scratch.series(2 * worker),
        scratch2: scratch.series(2 * worker + 1))
      weather.writeTemperature(temperature.series(pixel))
      weather.writeRain(
        rain.series(pixel), seen: rainSeen.series(pixel), radiation: radiation.series(pixel),
        sun: geography.potentialRadiation(over: pixel))
      weather.writeUndriven(undriven.series(pixel))
    }
    self.temperature = temperature
    self.radiation = radiation
    self.rain = rain
    self.rainSeen = rainSeen
    self.undriven = undriven
  }
}
