import FluxCore

/// The annual sums of every pixel's fluxes with an efficiency of 1, in the five linear pieces that the global totals
/// are made of: whatever the strength and the pools, a year's total needs no day again.
struct TwinAnnualSums: Sendable {
  /// One year of one pixel, gC m⁻² per unit of efficiency.
  struct Year: Sendable {
    var production = 0.0
    var productionUndriven = 0.0
    var autotrophic = 0.0
    var autotrophicUndriven = 0.0
    var decay = 0.0
  }

  let yearCount: Int
  /// Shape `[pixel × year]`.
  private let sums: [Year]
  /// Recent GPP on the first day of the record, driven and undriven. Shape `[pixel × 2]`.
  let recentStart: [Double]
  /// The share of GPP that stays on land. Shape `[pixel]`.
  let sink: [Double]
  /// m². Shape `[pixel]`.
  private let area: [Double]
  /// Mean global GPP that is asked for, PgC yr⁻¹.
  private let target: Double

  init(geography: TwinGeography, calendar: TwinCalendar, model: TwinTruthModel, parameters: TwinParameters) {
    let pixels = geography.pixelCount
    let years = calendar.yearCount
    let totals = parameters.totals
    yearCount = years
    area = geography.area
    target = totals.gpp
    sink = (0..<pixels).map { pixel in
      geography.isTropical(pixel, within: totals.tropicLatitude) ? totals.sinkInsideTropics : totals.sinkOutsideTropics
    }
    var sums = [Year](repeating: Year(), count: pixels * years)
    var recentStart = [Double](repeating: 0, count: 2 * pixels)
    sums.withUnsafeMutableBufferPointer { sums in
      recentStart.withUnsafeMutableBufferPointer { recentStart in
        nonisolated(unsafe) let out = sums.baseAddress!
        nonisolated(unsafe) let start = recentStart.baseAddress!
        ThreadPool.forEach(pixels) { pixel, _ in
          Self.add(
            pixel, calendar: calendar, model: model, fluxes: parameters.fluxes, into: out + pixel * years,
            start: start + 2 * pixel)
        }
      }
    }
    self.sums = sums
    self.recentStart = recentStart
  }

  /// The sums of one pixel's years, `out` of shape `[year]`, and its recent GPP when they begin, `start` of two.
  private static func add(
    _ pixel: Int, calendar: TwinCalendar, model: TwinTruthModel, fluxes: TwinParameters.Fluxes,
    into out: UnsafeMutablePointer<Year>, start: UnsafeMutablePointer<Double>
  ) {
    let lead = calendar.lead
    let follow = 1 / fluxes.autotrophicMemory
    let g0 = model.production.series(pixel)
    let g1 = model.productionUndriven.series(pixel)
    let h = model.decay.series(pixel)
    var recent0 = 0.0
    var recent1 = 0.0
    for day in 0..<lead {
      recent0 += follow * (Double(g0[day]) - recent0)
      recent1 += follow * (Double(g1[day]) - recent1)
    }
    start[0] = recent0
    start[1] = recent1
    for year in 0..<calendar.yearCount {
      var s = Year()
      for day in (lead + calendar.yearStart[year])..<(lead + calendar.yearStart[year + 1]) {
        recent0 += follow * (Double(g0[day]) - recent0)
        recent1 += follow * (Double(g1[day]) - recent1)
        s.production += Double(g0[day])
        s.productionUndriven += Double(g1[day])
        s.autotrophic += fluxes.autotrophicShare * recent0
        s.autotrophicUndriven += fluxes.autotrophicShare * recent1
        s.decay += Double(h[day])
      }
      out[year] = s
    }
  }

  /// What the globe does with a strength `a` of the undriven effects.
  ///
  /// - Returns: annual NEE, PgC yr⁻¹, shape `[year]`; the efficiency that gives the GPP asked for, gC MJ⁻¹.
  func annual(strength a: Double) -> (nee: [Double], efficiency: Double) {
    var nee = [Double](repeating: 0, count: yearCount)
    var total = 0.0
    for pixel in area.indices {
      var g = 0.0
      var r = 0.0
      var h = 0.0
      for year in 0..<yearCount {
        let s = sums[pixel * yearCount + year]
        g += s.production + a * s.productionUndriven
        r += s.autotrophic + a * s.autotrophicUndriven
        h += s.decay
      }
      let pool = h > 0 ? max(0, (1 - sink[pixel]) * g - r) / h : 0
      total += g * area[pixel]
      for year in 0..<yearCount {
        let s = sums[pixel * yearCount + year]
        nee[year] +=
          (s.autotrophic + a * s.autotrophicUndriven + pool * s.decay - s.production - a * s.productionUndriven)
          * area[pixel]
      }
    }
    let efficiency = target * Double(yearCount) / (total * 1e-15)
    return (nee.map { $0 * 1e-15 * efficiency }, efficiency)
  }

  /// The strength whose detrended annual totals have the standard deviation asked for, within 0 … 0.3; the
  /// parameter's own with too few years to know.
  func strength(_ parameters: TwinParameters) -> Double {
    let wanted = parameters.totals.interannualVariability
    guard yearCount >= parameters.totals.yearsToScaleVariability else { return parameters.undriven.strength }
    func variability(_ a: Double) -> Double { TwinMode.trend(annual(strength: a).nee).spread }
    var low = 0.0
    var high = 0.3
    if variability(low) >= wanted { return 0 }
    if variability(high) <= wanted { return high }
    var strength = 0.0
    for _ in 0..<30 {
      strength = 0.5 * (low + high)
      if variability(strength) < wanted { low = strength } else { high = strength }
    }
    return strength
  }
}
