import FluxCore

/// Sets the truth's totals: one light-use efficiency, one strength of the undriven effects, and in each
/// pixel the respiring pool, so that global GPP, the sink and the interannual variability are as asked.
///
/// The pool of a pixel makes TER = (1 − sink) GPP over the whole record, exactly. The strength of the
/// undriven effects is the one whose detrended annual totals have the standard deviation asked for;
/// with too few years to know, the parameter's own.
struct TwinBalance: Sendable {
  /// gC MJ⁻¹ of absorbed light.
  let efficiency: Double
  /// Relative change of GPP per unit of the undriven field.
  let strength: Double
  /// Shape `[pixel]`.
  let pool: [Double]
  /// The truth, gC m⁻² d⁻¹. Shape `[pixel][day]`, without the lead.
  let gpp: DailyField
  let ter: DailyField
  /// Global annual totals of the part that the drivers' weather moves, and of the undriven part, PgC yr⁻¹. Shape `[year]`.
  let drivenAnnual: [Double]
  let undrivenAnnual: [Double]

  init(geography: TwinGeography, calendar: TwinCalendar, model: TwinTruthModel, parameters: TwinParameters) throws {
    let sums = TwinAnnualSums(geography: geography, calendar: calendar, model: model, parameters: parameters)
    strength = sums.strength(parameters)
    let (whole, efficiency) = sums.annual(strength: strength)
    self.efficiency = efficiency
    drivenAnnual = sums.annual(strength: 0).nee
    undrivenAnnual = zip(whole, drivenAnnual).map { $0 - $1 }

    let pixels = geography.pixelCount
    let gpp = try DailyField(pixels: pixels, days: calendar.dayCount, name: "GPP")
    let ter = try DailyField(pixels: pixels, days: calendar.dayCount, name: "TER")
    let scale = Scale(efficiency: efficiency, strength: strength)
    var pool = [Double](repeating: 0, count: pixels)
    pool.withUnsafeMutableBufferPointer { pool in
      nonisolated(unsafe) let pools = pool.baseAddress!
      ThreadPool.forEach(pixels) { pixel, _ in
        pools[pixel] = Self.write(
          pixel, of: model, calendar: calendar, scale: scale, sums: sums, parameters: parameters,
          gpp: gpp.series(pixel), ter: ter.series(pixel))
      }
    }
    self.pool = pool
    self.gpp = gpp
    self.ter = ter
  }

  /// The two global numbers.
  private struct Scale: Sendable {
    var efficiency: Double
    var strength: Double
  }

  /// Writes the truth of one pixel, `gpp` and `ter` of shape `[day]`.
  ///
  /// - Returns: the size of its respiring pool.
  private static func write(
    _ pixel: Int, of model: TwinTruthModel, calendar: TwinCalendar, scale: Scale, sums: TwinAnnualSums,
    parameters: TwinParameters, gpp: UnsafeMutablePointer<Float>, ter: UnsafeMutablePointer<Float>
  ) -> Double {
    let fluxes = parameters.fluxes
    let follow = 1 / fluxes.autotrophicMemory
    let a = scale.strength
    let g0 = model.production.series(pixel) + calendar.lead
    let g1 = model.productionUndriven.series(pixel) + calendar.lead
    let h = model.decay.series(pixel) + calendar.lead
    var recent = scale.efficiency * (sums.recentStart[2 * pixel] + a * sums.recentStart[2 * pixel + 1])
    var sumG = 0.0
    var sumR = 0.0
    var sumH = 0.0
    for day in 0..<calendar.dayCount {
      let floor = parameters.undriven.floor * Double(g0[day])
      let value = scale.efficiency * max(floor, Double(g0[day]) + a * Double(g1[day]))
      recent += follow * (value - recent)
      gpp[day] = Float(value)
      ter[day] = Float(fluxes.autotrophicShare * recent)
      sumG += value
      sumR += fluxes.autotrophicShare * recent
      sumH += Double(h[day])
    }
    let size = sumH > 0 ? max(0, (1 - sums.sink[pixel]) * sumG - sumR) / sumH : 0
    for day in 0..<calendar.dayCount { ter[day] += Float(size * Double(h[day])) }
    return size
  }
}
