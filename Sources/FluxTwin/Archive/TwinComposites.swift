import FluxCore
import FluxData
import Glibc

/// What a satellite would report: 8-daily composites, 46 a year, with noise and cloud gaps.
///
/// Leaves give the vegetation indices, snow hides them, the ground warms where leaves and water are few.
/// NaN in a gap.
struct TwinComposites: Sendable {
  struct Variable: Sendable {
    let name: String
    let longName: String
    let unit: String
    /// The range that 16 bits are spread over in the file.
    let range: ClosedRange<Double>
  }

  static let variables = [
    Variable(name: "evi", longName: "enhanced vegetation index", unit: "1", range: -0.2...1),
    Variable(name: "fapar", longName: "fraction of absorbed photosynthetically active radiation", unit: "1", range: 0...1),
    Variable(name: "ndvi", longName: "normalised difference vegetation index", unit: "1", range: -0.2...1),
    Variable(name: "ndwi", longName: "normalised difference water index", unit: "1", range: -1...1),
    Variable(name: "band4", longName: "surface reflectance in MODIS band 4, 545 to 565 nm", unit: "1", range: 0...1),
    Variable(name: "lst_day", longName: "land surface temperature by day", unit: "K", range: 190...350),
    Variable(name: "lst_night", longName: "land surface temperature by night", unit: "K", range: 180...330),
  ]

  let time: TimeAxis
  /// One field a variable. Shape `[pixel][composite]`.
  let values: [DailyField]

  private let periods: [(day: Int, end: Int)]

  init(earth: TwinEarth) throws {
    try self.init(pixels: earth.geography.pixelCount, calendar: earth.calendar)
    fill(
      0..<earth.geography.pixelCount, geography: earth.geography, calendar: earth.calendar, vegetation: earth.vegetation,
      weather: earth.weather, model: earth.model, parameters: earth.parameters, seed: earth.seed)
  }

  /// Composites that are still to be filled.
  init(pixels: Int, calendar: TwinCalendar) throws {
    time = TimeAxis.eightDaily(years: calendar.firstYear...calendar.lastYear)
    let periods = (0..<calendar.yearCount).flatMap { year in
      stride(from: calendar.yearStart[year], to: calendar.yearStart[year + 1], by: 8).map {
        (day: $0, end: min($0 + 8, calendar.yearStart[year + 1]))
      }
    }
    values = try Self.variables.map { try DailyField(pixels: pixels, days: periods.count, name: $0.name) }
    self.periods = periods
  }

  /// What the satellite sees of some pixels, each with draws of its own.
  func fill(
    _ pixels: Range<Int>, geography: TwinGeography, calendar: TwinCalendar, vegetation: TwinVegetation, weather: TwinWeather,
    model: TwinTruthModel, parameters: TwinParameters, seed: UInt64
  ) {
    let p = parameters.satellite, lead = calendar.lead, year = TwinVegetation.daysInYear
    ThreadPool.forEach(pixels.count) { place, _ in
      let pixel = pixels.lowerBound + place
      var stream = RandomStream(seed: seed, purpose: "twin composites \(geography.grid.rows) \(geography.cells[pixel])")
      let air = weather.temperature.series(pixel) + lead, sun = weather.radiation.series(pixel) + lead
      let water = model.water.series(pixel) + lead
      let humid = min(1, vegetation.aridity[pixel] / 1.5)
      let gap = p.gapsDry + (p.gapsWet - p.gapsDry) * humid
      for (k, period) in periods.enumerated() {
        var t = 0.0, r = 0.0, w = 0.0, leaves = 0.0, absorbed = 0.0
        for day in period.day..<period.end {
          t += Double(air[day])
          r += Double(sun[day])
          w += Double(water[day])
          leaves += Double(vegetation.leafArea[pixel * year + calendar.dayOfYear[lead + day]])
          absorbed += Double(vegetation.absorbed[pixel * year + calendar.dayOfYear[lead + day]])
        }
        let n = Double(period.end - period.day)
        t /= n
        r /= n
        w /= n
        leaves /= n
        absorbed /= n
        let snow = 1 / (1 + exp((t - p.snowTemperature) / p.snowWidth))
        let clear = 1 - 0.6 * snow
        let index = (0..<4).map { _ in p.noiseIndex * stream.normal() }
        let reflectance = p.noiseReflectance * stream.normal()
        let warmth = (p.noiseTemperature * stream.normal(), p.noiseTemperature * stream.normal())
        guard stream.uniform() >= gap else {
          for variable in values { variable.series(pixel)[k] = .nan }
          continue
        }
        values[0].series(pixel)[k] = Float((0.05 + 0.60 * (1 - exp(-0.35 * leaves))) * clear + index[0])
        values[1].series(pixel)[k] = Float(max(0, min(1, absorbed * clear + index[1])))
        values[2].series(pixel)[k] = Float((0.08 + 0.82 * absorbed) * clear + index[2])
        values[3].series(pixel)[k] = Float(-0.25 + 0.6 * absorbed * (0.7 + 0.3 * w) + index[3])
        values[4].series(pixel)[k] = Float(max(0.005, 0.12 - 0.06 * absorbed + 0.40 * snow + reflectance))
        let warming = p.dayWarming * (1 - 0.5 * absorbed - 0.4 * w) * r / 200 * (1 - 0.7 * snow)
        values[5].series(pixel)[k] = Float(t + 273.15 + 3 + warming + warmth.0)
        values[6].series(pixel)[k] = Float(t + 273.15 - p.nightCooling + warmth.1)
      }
    }
  }
}
