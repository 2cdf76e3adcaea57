import FluxCore
import Glibc

/// The shared interannual mode: an index that swings like ENSO and a map of how strongly it is felt.
struct TwinMode: Sendable {
  /// Annual means have zero mean, no trend and unit standard deviation (n − 1). Shape `[lead + day]`.
  let index: [Float]
  /// Shape `[pixel]`.
  let strength: [Float]

  init(geography: TwinGeography, calendar: TwinCalendar, parameters: TwinParameters.Mode, seed: UInt64) {
    // One draw per boreal winter, joined by cosines: an event peaks at the turn of the year.
    var stream = RandomStream(seed: seed, purpose: "twin mode")
    let winters = calendar.yearCount + 4
    let draws = (0..<winters).map { _ in stream.normal() }
    let days = calendar.lead + calendar.dayCount
    var raw = [Double](repeating: 0, count: days)
    for day in 0..<days {
      let x = (Double(day - calendar.lead) - parameters.peakDay) / 365.25 + 3
      let k = max(0, min(winters - 2, Int(x)))
      let u = 0.5 - 0.5 * cos(Double.pi * max(0, min(1, x - Double(k))))
      raw[day] = draws[k] * (1 - u) + draws[k + 1] * u
    }
    let annual = (0..<calendar.yearCount).map { year -> Double in
      let first = calendar.lead + calendar.yearStart[year], last = calendar.lead + calendar.yearStart[year + 1]
      return raw[first..<last].reduce(0, +) / Double(last - first)
    }
    let (mean, slope, spread) = Self.trend(annual)
    for day in 0..<days {
      raw[day] = (raw[day] - mean - slope * calendar.yearsFromMiddle[day]) / (spread > 1e-9 ? spread : 1)
    }
    index = raw.map(Float.init)
    strength = geography.latitude.map { latitude in
      let t = (abs(latitude) - parameters.innerLatitude) / (parameters.outerLatitude - parameters.innerLatitude)
      return Float(1 - (1 - parameters.outsideTropics) * max(0, min(1, t)))
    }
  }

  /// Mean, slope per year and standard deviation (n − 1) about the line of annual values.
  static func trend(_ annual: [Double]) -> (mean: Double, slope: Double, spread: Double) {
    let n = Double(annual.count)
    let mean = annual.reduce(0, +) / n
    guard annual.count > 2 else { return (mean, 0, annual.count == 2 ? abs(annual[1] - annual[0]) / 2.0.squareRoot() : 0) }
    let middle = (n - 1) / 2
    var top = 0.0, bottom = 0.0
    for (i, value) in annual.enumerated() {
      top += (Double(i) - middle) * (value - mean)
      bottom += (Double(i) - middle) * (Double(i) - middle)
    }
    let slope = top / bottom
    var squares = 0.0
    for (i, value) in annual.enumerated() {
      let r = value - mean - slope * (Double(i) - middle)
      squares += r * r
    }
    return (mean, slope, (squares / (n - 1)).squareRoot())
  }
}
