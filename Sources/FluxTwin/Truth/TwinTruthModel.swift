import FluxCore

/// The process model behind the truth: what each pixel would do before the global totals are set.
///
///     GPP = ε fAPAR PAR f(light) f(T) f(W) (1 + CO₂) (1 + a u)
///     TER = r · recent GPP · mild warming + p · exp(E₀ (1/(T₁₅ − T₀) − 1/(Tsoil − T₀))) g(W)
///
/// with a light-use efficiency, a water index W of its own bucket and a field `u` that no driver
/// shows. Everything is linear in `a`, ε and the pool p, which ``TwinBalance`` sets afterwards.
/// Fields start `calendar.lead` days before the record.
///
/// - Reference: Monteith (1972), doi:10.2307/2401901; Lloyd and Taylor (1994), doi:10.2307/2389824.
struct TwinTruthModel: Sendable {
  /// GPP with ε = 1 and a = 0, gC m⁻² d⁻¹ per (gC MJ⁻¹).
  let production: DailyField
  /// What a = 1 adds to it.
  let productionUndriven: DailyField
  /// Heterotrophic respiration of a unit pool.
  let decay: DailyField
  /// The water index that plants feel, 0…1.
  let water: DailyField

  init(
    geography: TwinGeography, calendar: TwinCalendar, climate: [TwinClimate], vegetation: TwinVegetation,
    weather: TwinWeather, mode: TwinMode, parameters: TwinParameters, pixels: Range<Int>? = nil
  ) throws {
    let pixels = pixels ?? 0..<geography.pixelCount
    let days = calendar.lead + calendar.dayCount
    let production = try DailyField(pixels, days: days, name: "production")
    let productionUndriven = try DailyField(pixels, days: days, name: "undriven production")
    let decay = try DailyField(pixels, days: days, name: "decay")
    let water = try DailyField(pixels, days: days, name: "water")

    ThreadPool.forEach(pixels.count) { place, _ in
      let pixel = pixels.lowerBound + place
      let process = TwinPixelProcess(
        pixel: pixel, calendar: calendar, vegetation: vegetation, mode: mode, parameters: parameters,
        temperature: weather.temperature.series(pixel), radiation: weather.radiation.series(pixel))
      let index = water.series(pixel)
      process.writeWater(index, rain: weather.rain.series(pixel))
      process.writeFluxes(
        water: index, undriven: weather.undriven.series(pixel), production: production.series(pixel),
        productionUndriven: productionUndriven.series(pixel), decay: decay.series(pixel))
    }
    self.production = production
    self.productionUndriven = productionUndriven
    self.decay = decay
    self.water = water
  }
}
