import FluxCore
import FluxData

/// The control that every twin table has beside EC and EC-ATM: a run plus one constant per
/// region and month of the year, fitted afterwards to the inversions. It wins the global mean with no
/// learning, so the global mean alone proves nothing; it spreads evenly over each region's land.
public enum FittedOffset {
  /// - Parameters:
  ///   - run: monthly NEE, gC m⁻² d⁻¹. Shape `[month, lat, lon]`.
  ///   - totals: the run's own regional months, PgC month⁻¹. Shape `[region, month]`.
  ///   - target: what to fit, PgC month⁻¹; an ensemble is averaged.
  /// - Returns: the run plus its offsets, gC m⁻² d⁻¹. Shape `[month, lat, lon]`.
  /// - Throws: ``FluxError`` when grids or regions differ, or no month is common.
  public static func apply(_ run: Cube, totals: Series, target: Series, regions: RegionSet) throws -> Cube {
    let place = "metrics.fitted_offset"
    guard let time = run.time, run.grid.matches(regions.grid) else {
      throw FluxError("the run lies on another grid than the regions", at: place, expected: "monthly NEE on the regions' grid")
    }
    let observed = target.memberMean(), modelled = totals.memberMean()
    var offset = [Float](repeating: 0, count: 12 * run.grid.cellCount)
    let land = regions.landFraction()
    for r in 0..<regions.count {
      let code = regions.codes[r]
      guard let here = modelled.regions.firstIndex(of: code), let there = observed.regions.firstIndex(of: code) else {
        throw FluxError("region \(code) is missing in the run's totals or the target", at: place, expected: "all of \(regions.codes.joined(separator: ", "))")
      }
      for month in 1...12 {
        // Mean over the years of the missing flux density: a total over days × area.
        var sum = 0.0, n = 0.0
        for (t, date) in modelled.time.dates.enumerated() where date.month == month {
          guard let u = observed.time.dates.firstIndex(where: { $0.year == date.year && $0.month == month }) else { continue }
          let gap = observed[there, time: u] - modelled[here, time: t]
          guard gap.isFinite else { continue }
          sum += gap * 1e15 / (Double(modelled.time.daysInMonth(at: t)) * regions.area[r])
          n += 1
        }
        guard n > 0 else { throw FluxError("no month \(month) is common to the run and the target", at: place, expected: "overlapping years") }
        let entries = regions.entries(of: r)
        for (cell, fraction) in zip(entries.cells, entries.fractions) where land[cell] > 0 {
          offset[(month - 1) * run.grid.cellCount + cell] += Float(sum / n) * fraction / land[cell]
        }
      }
    }
    var values: [Float] = []
    for (t, date) in time.dates.enumerated() {
      let month = try run.read(time: t..<(t + 1)), start = (date.month - 1) * run.grid.cellCount
      for cell in month.indices { values.append(month[cell] + offset[start + cell]) }
    }
    return try Cube(name: run.name, values: values, grid: run.grid, time: time, unit: "gC m-2 d-1", longName: run.longName)
  }
}
