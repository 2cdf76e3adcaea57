import FluxCore
import FluxData
import FluxObservations
import FluxTensor

/// Where and when the samples of a batch were measured: for terms that treat some of them differently.
extension TowerBatch {
  /// The site of each sample. Shape `[sample]`.
  ///
  /// - Throws: ``FluxError`` when the batch was not drawn from site-days.
  public func sites(at place: String) throws -> [TowerSite] {
    let samples = try siteDays(place)
    return rows.map { samples.sites[Int(samples.siteIndex[$0])] }
  }

  /// The day of each sample. Shape `[sample]`.
  /// - Throws: ``FluxError`` when the batch was not drawn from site-days.
  public func dates(at place: String) throws -> [DayNumber] {
    let samples = try siteDays(place)
    return rows.map { samples.days[$0] }
  }

  /// 1 for the samples for which all conditions hold, 0 elsewhere. Shape `[sample]`.
  ///
  /// - Parameter months: 1 to 12; nothing for all.
  /// - Throws: ``FluxError`` for a class or a site that the samples do not have, or a month that does not exist.
  public func mask(_ selection: TowerSelection, months: [Int]?, at place: String) throws -> Tensor {
    let samples = try siteDays(place)
    try selection.check(against: samples.sites, at: place)
    if let month = months?.first(where: { !(1...12).contains($0) }) {
      throw FluxError("month \(month)", at: place, expected: "1 to 12")
    }
    let chosen = samples.sites.map(selection.contains)
    return try Tensor(
      rows.map { row in chosen[Int(samples.siteIndex[row])] && months?.contains(samples.days[row].month) != false ? Float(1) : 0 },
      names: ["sample"])
  }

  private func siteDays(_ place: String) throws -> SiteDays {
    guard let days else {
      throw FluxError("the samples have no sites and days", at: place, expected: "a batch of tower site-days")
    }
    return days
  }
}
