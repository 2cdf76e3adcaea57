import FluxCore
import Glibc

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

  /// Annual sums of one pixel, of the five linear pieces.
  private struct Sums: Sendable {
    var production, productionUndriven, autotrophic, autotrophicUndriven, decay: Double
  }

  init(geography: TwinGeography, calendar: TwinCalendar, model: TwinTruthModel, parameters: TwinParameters) throws {
    let pixels = geography.pixelCount, years = calendar.yearCount, lead = calendar.lead
    let f = parameters.fluxes, t = parameters.totals
    let follow = 1 / f.autotrophicMemory
    let empty = Sums(production: 0, productionUndriven: 0, autotrophic: 0, autotrophicUndriven: 0, decay: 0)
    // Annual sums, and the state of recent GPP on the first day.
    var sums = [Sums](repeating: empty, count: pixels * years)
    var recentStart = [Double](repeating: 0, count: 2 * pixels)
    sums.withUnsafeMutableBufferPointer { sums in
      recentStart.withUnsafeMutableBufferPointer { recentStart in
        nonisolated(unsafe) let out = sums.baseAddress!, start = recentStart.baseAddress!
        ThreadPool.forEach(pixels) { pixel, _ in
          let g0 = model.production.series(pixel), g1 = model.productionUndriven.series(pixel), h = model.decay.series(pixel)
          var recent0 = 0.0, recent1 = 0.0
          for day in 0..<lead {
            recent0 += follow * (Double(g0[day]) - recent0)
            recent1 += follow * (Double(g1[day]) - recent1)
          }
          start[2 * pixel] = recent0
          start[2 * pixel + 1] = recent1
          for year in 0..<years {
            var s = empty
            for day in (lead + calendar.yearStart[year])..<(lead + calendar.yearStart[year + 1]) {
              recent0 += follow * (Double(g0[day]) - recent0)
              recent1 += follow * (Double(g1[day]) - recent1)
              s.production += Double(g0[day])
              s.productionUndriven += Double(g1[day])
              s.autotrophic += f.autotrophicShare * recent0
              s.autotrophicUndriven += f.autotrophicShare * recent1
              s.decay += Double(h[day])
            }
            out[pixel * years + year] = s
          }
        }
      }
    }

    let sink = (0..<pixels).map { geography.isTropical($0, within: t.tropicLatitude) ? t.sinkInsideTropics : t.sinkOutsideTropics }
    // Global annual NEE in PgC, and the efficiency, for a strength.
    func annual(_ a: Double) -> (nee: [Double], efficiency: Double) {
      var nee = [Double](repeating: 0, count: years), total = 0.0
      for pixel in 0..<pixels {
        var g = 0.0, r = 0.0, h = 0.0
        for year in 0..<years {
          let s = sums[pixel * years + year]
          g += s.production + a * s.productionUndriven
          r += s.autotrophic + a * s.autotrophicUndriven
          h += s.decay
        }
        let pool = h > 0 ? max(0, (1 - sink[pixel]) * g - r) / h : 0
        total += g * geography.area[pixel]
        for year in 0..<years {
          let s = sums[pixel * years + year]
          nee[year] +=
            (s.autotrophic + a * s.autotrophicUndriven + pool * s.decay - s.production - a * s.productionUndriven)
            * geography.area[pixel]
        }
      }
      let efficiency = t.gpp * Double(years) / (total * 1e-15)
      return (nee.map { $0 * 1e-15 * efficiency }, efficiency)
    }
    var strength = parameters.undriven.strength
    if years >= t.yearsToScaleVariability {
      func variability(_ a: Double) -> Double { TwinMode.trend(annual(a).nee).spread }
      var low = 0.0, high = 0.3
      if variability(low) >= t.interannualVariability {
        strength = 0
      } else if variability(high) <= t.interannualVariability {
        strength = high
      } else {
        for _ in 0..<30 {
          strength = 0.5 * (low + high)
          if variability(strength) < t.interannualVariability { low = strength } else { high = strength }
        }
      }
    }
    let (whole, efficiency) = annual(strength)
    self.strength = strength
    self.efficiency = efficiency
    drivenAnnual = annual(0).nee
    undrivenAnnual = zip(whole, drivenAnnual).map { $0 - $1 }

    let gpp = try DailyField(pixels: pixels, days: calendar.dayCount, name: "GPP")
    let ter = try DailyField(pixels: pixels, days: calendar.dayCount, name: "TER")
    var pool = [Double](repeating: 0, count: pixels)
    let a = strength
    pool.withUnsafeMutableBufferPointer { pool in
      recentStart.withUnsafeBufferPointer { recentStart in
        nonisolated(unsafe) let pools = pool.baseAddress!, start = recentStart.baseAddress!
        ThreadPool.forEach(pixels) { pixel, _ in
          let g0 = model.production.series(pixel) + lead, g1 = model.productionUndriven.series(pixel) + lead
          let h = model.decay.series(pixel) + lead
          let g = gpp.series(pixel), r = ter.series(pixel)
          var recent = efficiency * (start[2 * pixel] + a * start[2 * pixel + 1])
          var sumG = 0.0, sumR = 0.0, sumH = 0.0
          for day in 0..<calendar.dayCount {
            let floor = parameters.undriven.floor * Double(g0[day])
            let value = efficiency * max(floor, Double(g0[day]) + a * Double(g1[day]))
            recent += follow * (value - recent)
            g[day] = Float(value)
            r[day] = Float(f.autotrophicShare * recent)
            sumG += value
            sumR += f.autotrophicShare * recent
            sumH += Double(h[day])
          }
          let size = sumH > 0 ? max(0, (1 - sink[pixel]) * sumG - sumR) / sumH : 0
          pools[pixel] = size
          for day in 0..<calendar.dayCount { r[day] += Float(size * Double(h[day])) }
        }
      }
    }
    self.pool = pool
    self.gpp = gpp
    self.ter = ter
  }
}
