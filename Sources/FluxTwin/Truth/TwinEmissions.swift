import FluxCore
import Glibc

/// Monthly fires, and the constant lateral and fossil fluxes: what inversions see besides NEE.
///
/// gC m⁻² d⁻¹ of land, positive to the atmosphere.
struct TwinEmissions: Sendable {
  /// Shape `[month][pixel]`.
  let fire: [[Double]]
  /// What rivers carry away: taken up on land, negative. Shape `[pixel]`.
  let lateral: [Double]
  /// In the middle of the record. Shape `[pixel]`.
  let fossil: [Double]

  init(earth: TwinEarth) {
    let p = earth.parameters.emissions, calendar = earth.calendar, geography = earth.geography
    let pixels = geography.pixelCount
    let years = Double(calendar.dayCount) / 365.25
    let fuel = (0..<pixels).map { pixel -> Double in
      var sum = 0.0
      for (k, type) in earth.vegetation.types.enumerated() {
        sum += (p.fuel[type] ?? 0) * Double(earth.vegetation.shares[k][pixel])
      }
      var production = 0.0
      for day in stride(from: 0, to: calendar.dayCount, by: 7) { production += Double(earth.balance.gpp[pixel, day]) }
      return sum * production * 7 / Double(calendar.dayCount)
    }
    var fire = [[Double]](repeating: [Double](repeating: 0, count: pixels), count: calendar.monthCount)
    var total = 0.0
    for year in 0..<calendar.yearCount {
      let texture = earth.map.texture(seed: earth.seed, purpose: "twin fires \(calendar.firstYear + year)")
      for month in (12 * year)..<(12 * year + 12) {
        let days = calendar.monthStart[month]..<calendar.monthStart[month + 1]
        let mode = days.reduce(0) { $0 + Double(earth.mode.index[calendar.lead + $1]) } / Double(days.count)
        for pixel in 0..<pixels where fuel[pixel] > 0 {
          let water = earth.model.water.series(pixel) + calendar.lead, air = earth.weather.temperature.series(pixel) + calendar.lead
          var w = 0.0, t = 0.0
          for day in days {
            w += Double(water[day])
            t += Double(air[day])
          }
          w /= Double(days.count)
          t /= Double(days.count)
          let dry = 1 / (1 + exp((w - p.fireDryness) / p.fireDrynessWidth))
          let warm = 1 / (1 + exp(-(t - p.fireFrost) / 2))
          let swing = exp(p.fireYearSpread * texture[pixel] + p.fireMode * Double(earth.mode.strength[pixel]) * mode)
          let rate = fuel[pixel] * (0.01 + dry) * warm * swing
          fire[month][pixel] = rate
          total += rate * geography.area[pixel] * Double(days.count)
        }
      }
    }
    let scale = total > 0 ? p.fire * years / (total * 1e-15) : 0
    self.fire = fire.map { $0.map { $0 * scale } }

    // Rivers carry carbon from where it rains more than evaporates and something grows.
    let wash = (0..<pixels).map { max(0, min(2, earth.vegetation.aridity[$0] - 0.4)) * (fuel[$0] > 0 ? 1.0 : 0.0) }
    let washed = (0..<pixels).reduce(0) { $0 + wash[$1] * geography.area[$1] } * 365.25e-15
    lateral = wash.map { washed > 0 ? $0 * p.lateral / washed : 0 }

    var fossil = [Double](repeating: 0, count: pixels)
    let texture = earth.map.texture(seed: earth.seed, purpose: "twin fossil")
    for (r, code) in geography.codes.enumerated() {
      let weights = (0..<pixels).map { geography.regionArea[r][$0] * exp(texture[$0]) }
      let sum = weights.reduce(0, +)
      guard sum > 0 else { continue }
      for pixel in 0..<pixels where weights[pixel] > 0 {
        fossil[pixel] += p.fossil * (p.fossilShare[code] ?? 0) * weights[pixel] / sum / geography.area[pixel] * 1e15 / 365.25
      }
    }
    self.fossil = fossil
  }
}
