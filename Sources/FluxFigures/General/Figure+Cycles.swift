import FluxCore
import FluxData

extension Figure {
  /// Mean seasonal cycles of regions, ensembles as mean ± standard deviation (Figs. 3 and C1).
  ///
  /// - Parameters:
  ///   - runs: name and series of months (or days, which are summed or averaged to months).
  ///   - regions: codes or "globe"; nil for all regions of the first run and the globe.
  public static func cycles(_ runs: [(name: String, series: Series)], regions: [String]?, label: String?, at place: String) throws -> Figure {
    let wanted = regions ?? runs[0].series.regions + (runs[0].series.regions.count > 1 ? ["globe"] : [])
    let cycles = try runs.map { (name: $0.name, series: try $0.series.cycle()) }
    guard let odd = cycles.first(where: { $0.series.time.count != 12 }) else {
      // The globe's cycle is the sum of the regions' cycles: the mean over years is linear.
      return try lines(cycles, regions: wanted, label: label, at: place)
    }
    throw FluxError("run '\(odd.name)' has \(odd.series.time.count) steps in its mean year", at: place, expected: "monthly series")
  }
}
