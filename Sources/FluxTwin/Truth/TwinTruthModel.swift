import FluxCore
import Glibc

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
    let pixels = pixels ?? 0..<geography.pixelCount, days = calendar.lead + calendar.dayCount
    let production = try DailyField(pixels, days: days, name: "production")
    let productionUndriven = try DailyField(pixels, days: days, name: "undriven production")
    let decay = try DailyField(pixels, days: days, name: "decay")
    let water = try DailyField(pixels, days: days, name: "water")
    let f = parameters.fluxes, u = parameters.undriven, year = TwinVegetation.daysInYear

    ThreadPool.forEach(pixels.count) { place, _ in
      let pixel = pixels.lowerBound + place
      let temperature = weather.temperature.series(pixel), radiation = weather.radiation.series(pixel)
      let rain = weather.rain.series(pixel), slow = weather.undriven.series(pixel)
      let x = water.series(pixel), g0 = production.series(pixel), g1 = productionUndriven.series(pixel)
      let h = decay.series(pixel)
      let strength = Double(mode.strength[pixel])
      let optimum = max(f.optimumFloor, vegetation.growingTemperature[pixel] + f.optimumOffset)

      var bucket = TwinBucket(capacity: vegetation.capacity[pixel], parameters: parameters.water)
      // The lead year twice: the first turn only fills the bucket.
      for turn in 0..<2 {
        for day in 0..<(turn == 0 ? calendar.lead : days) {
          let leaves = Double(vegetation.absorbed[pixel * year + calendar.dayOfYear[day]])
          let demand = TwinClimate.potentialEvaporation(
            temperature: Double(temperature[day]), radiation: Double(radiation[day]), alpha: parameters.water.priestleyTaylor)
          bucket.step(
            rain: Double(rain[day]), temperature: Double(temperature[day]),
            demand: demand * (parameters.water.soilDemand + (1 - parameters.water.soilDemand) * leaves))
          x[day] = Float(
            max(0, min(1, bucket.index + parameters.mode.waterPerSigma * strength * Double(mode.index[day]))))
        }
      }
      var mean = 0.0
      for day in 0..<days { mean += Double(x[day]) }
      mean /= Double(days)

      var soil = Double(temperature[0]), remembered = mean
      let chase = 1 / f.soilMemory, forget = 1 / Double(max(1, u.droughtMemory))
      for day in 0..<days {
        let air = Double(temperature[day]), index = Double(x[day])
        let light = Double(radiation[day]) * 0.0864 * f.photosyntheticShare
          * Double(vegetation.absorbed[pixel * year + calendar.dayOfYear[day]])
        let away = (air - optimum) / f.optimumWidth
        let frost = 1 / (1 + exp(-(air - f.frostTemperature) / f.frostWidth))
        let half = parameters.water.halfSaturation
        let stress = index * (1 + half) / (index + half)
        let base =
          vegetation.efficiency[pixel] * light / (1 + light / f.lightSaturation) * exp(-away * away) * frost * stress
          * (1 + f.carbonDioxideGPP * calendar.yearsFromMiddle[day])
        remembered += forget * (index - remembered)
        g0[day] = Float(base)
        // Drought last year lowers production now; moist air and slow legacies raise it.
        g1[day] = Float(base * (Double(slow[day]) + u.droughtPerIndex * (remembered - mean)))
        soil += chase * (air - soil)
        let kelvin = max(f.activationOrigin + 12, soil + 273.15)
        let moist = f.respirationWaterFloor + (1 - f.respirationWaterFloor) * index * (1 + f.respirationWaterHalf) / (index + f.respirationWaterHalf)
        h[day] = Float(
          exp(f.activation * (1 / (288.15 - f.activationOrigin) - 1 / (kelvin - f.activationOrigin))) * moist
            * (1 + f.carbonDioxideTER * calendar.yearsFromMiddle[day]))
      }
    }
    self.production = production
    self.productionUndriven = productionUndriven
    self.decay = decay
    self.water = water
  }
}
