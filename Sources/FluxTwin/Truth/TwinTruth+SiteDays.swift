import FluxCore
import FluxData
import FluxObservations

extension TwinTruth.Towers {
  /// The landscape's true flux for samples of the archive's towers.
  ///
  /// - Returns: gC m⁻² d⁻¹, positive to the atmosphere. Shape `[sample]`.
  /// - Throws: ``FluxError`` for a sample that is none of the twin's site-days.
  public func nee(_ samples: SiteDays) throws -> [Float] {
    try (0..<samples.count).map { k in
      let site = samples.sites[Int(samples.siteIndex[k])].id, day = samples.days[k].date
      guard let flux = nee(site: site, date: day.year * 10_000 + day.month * 100 + day.day) else {
        throw FluxError(
          "\(site) on \(day)", at: "truth:at", expected: "site-days of this archive's towers",
          remedy: "Open the truth and the towers of the same archive.")
      }
      return flux
    }
  }
}
