import Glibc

/// ``TwinTruthModel`` at one pixel. All series have the shape `[lead + day]`.
struct TwinPixelProcess {
  let pixel: Int
  let calendar: TwinCalendar
  let vegetation: TwinVegetation
  let mode: TwinMode
  let parameters: TwinParameters
  /// °C.
  let temperature: UnsafeMutablePointer<Float>
  /// W m⁻².
  let radiation: UnsafeMutablePointer<Float>

  private var dayCount: Int { calendar.lead + calendar.dayCount }

  /// The share of light that leaves absorb on a day.
  private func absorbed(_ day: Int) -> Double {
    Double(vegetation.absorbed[pixel * TwinVegetation.daysInYear + calendar.dayOfYear[day]])
  }

  /// The water index that plants feel, 0…1.
  func writeWater(_ out: UnsafeMutablePointer<Float>, rain: UnsafeMutablePointer<Float>) {
    let soil = parameters.water
    let strength = Double(mode.strength[pixel])
    var bucket = TwinBucket(capacity: vegetation.capacity[pixel], parameters: soil)
    // The lead year twice: the first turn only fills the bucket.
    for turn in 0..<2 {
      for day in 0..<(turn == 0 ? calendar.lead : dayCount) {
        let demand = TwinClimate.potentialEvaporation(
          temperature: Double(temperature[day]), radiation: Double(radiation[day]), alpha: soil.priestleyTaylor)
        bucket.step(
          rain: Double(rain[day]), temperature: Double(temperature[day]),
          demand: demand * (soil.soilDemand + (1 - soil.soilDemand) * absorbed(day)))
        out[day] = Float(
          max(0, min(1, bucket.index + parameters.mode.waterPerSigma * strength * Double(mode.index[day]))))
      }
    }
  }

  /// Production, what the undriven field adds to it, and the decay of a unit pool.
  func writeFluxes(
    water: UnsafeMutablePointer<Float>, undriven: UnsafeMutablePointer<Float>,
    production: UnsafeMutablePointer<Float>, productionUndriven: UnsafeMutablePointer<Float>,
    decay: UnsafeMutablePointer<Float>
  ) {
    let f = parameters.fluxes
    let u = parameters.undriven
    var mean = 0.0
    for day in 0..<dayCount { mean += Double(water[day]) }
    mean /= Double(dayCount)

    var soil = Double(temperature[0])
    var remembered = mean
    let chase = 1 / f.soilMemory
    let forget = 1 / Double(max(1, u.droughtMemory))
    for day in 0..<dayCount {
      let index = Double(water[day])
      let base = self.production(day, water: index)
      remembered += forget * (index - remembered)
      production[day] = Float(base)
      // Drought last year lowers production now; moist air and slow legacies raise it.
      productionUndriven[day] = Float(base * (Double(undriven[day]) + u.droughtPerIndex * (remembered - mean)))
      soil += chase * (Double(temperature[day]) - soil)
      decay[day] = Float(self.decay(day, soil: soil, water: index))
    }
  }

  /// GPP with ε = 1 and a = 0 on a day, gC m⁻² d⁻¹ per (gC MJ⁻¹).
  private func production(_ day: Int, water index: Double) -> Double {
    let f = parameters.fluxes
    let air = Double(temperature[day])
    let optimum = max(f.optimumFloor, vegetation.growingTemperature[pixel] + f.optimumOffset)
    let light = Double(radiation[day]) * 0.0864 * f.photosyntheticShare * absorbed(day)
    let away = (air - optimum) / f.optimumWidth
    let frost = 1 / (1 + exp(-(air - f.frostTemperature) / f.frostWidth))
    let half = parameters.water.halfSaturation
    let stress = index * (1 + half) / (index + half)
    return vegetation.efficiency[pixel] * light / (1 + light / f.lightSaturation) * exp(-away * away) * frost * stress
      * (1 + f.carbonDioxideGPP * calendar.yearsFromMiddle[day])
  }

  /// The respiration of a unit pool on a day, by Lloyd and Taylor's temperature and a water response.
  private func decay(_ day: Int, soil: Double, water index: Double) -> Double {
    let f = parameters.fluxes
    let kelvin = max(f.activationOrigin + 12, soil + 273.15)
    let moist =
      f.respirationWaterFloor
      + (1 - f.respirationWaterFloor) * index * (1 + f.respirationWaterHalf) / (index + f.respirationWaterHalf)
    return exp(f.activation * (1 / (288.15 - f.activationOrigin) - 1 / (kelvin - f.activationOrigin))) * moist
      * (1 + f.carbonDioxideTER * calendar.yearsFromMiddle[day])
  }
}
