import FluxCore

/// Eddy-covariance towers: daily net ecosystem exchange and what was measured beside it.
///
/// Made by ``open(_:options:)``, narrowed by ``only(_:)``, ``except(_:)`` and ``withQuality(_:)``; each
/// gives a new set and leaves this one as it is. ``attach(_:)`` makes the samples that a model learns from.
public final class TowerSet: Sendable, CustomStringConvertible {
  /// Sorted by site identifier.
  public let records: [TowerRecord]
  /// The drivers that the records hold, in the order of `TowerRecord.drivers`.
  public let drivers: [TowerColumns.Driver]
  /// The smallest fraction of good half-hours for which a day counts.
  public let minimumQuality: Double
  public let report: TowerReport

  public init(
    records: [TowerRecord], drivers: [TowerColumns.Driver], minimumQuality: Double = 0.75,
    reading: TowerReport.Reading = TowerReport.Reading()
  ) {
    self.records = records.sorted { $0.site.id < $1.site.id }
    self.drivers = drivers
    self.minimumQuality = minimumQuality
    report = TowerReport(self.records, minimumQuality: minimumQuality, reading: reading)
  }

  public var sites: [TowerSite] { records.map(\.site) }
  public var driverNames: [String] { drivers.map(\.name) }

  /// Net ecosystem exchange of every kept site-day, gC m⁻² d⁻¹, positive to the atmosphere: site by site, in order of time.
  public var nee: [Float] {
    var values: [Float] = []
    values.reserveCapacity(report.days.kept)
    for record in records {
      for i in 0..<record.dayCount where record.isKept(i, quality: minimumQuality) { values.append(record.nee[i]) }
    }
    return values
  }

  /// Kept days of each site. Shape `[site]`.
  public var dayCounts: [Int] {
    records.map { record in (0..<record.dayCount).reduce(0) { $0 + (record.isKept($1, quality: minimumQuality) ? 1 : 0) } }
  }

  /// The sites for which all conditions hold.
  ///
  /// - Throws: ``FluxError`` for an unknown class or site, and when no site is left.
  public func only(_ selection: TowerSelection) throws -> TowerSet {
    try selection.check(against: sites, at: "towers:only")
    return try subset("towers:only") { selection.contains($0) }
  }

  /// All sites but those for which all conditions hold.
  ///
  /// - Throws: ``FluxError`` for an unknown class or site, and when no site is left.
  public func except(_ selection: TowerSelection) throws -> TowerSet {
    try selection.check(against: sites, at: "towers:except")
    return try subset("towers:except") { !selection.contains($0) }
  }

  /// The same records judged by another minimum quality: 0 takes every day that has a value.
  public func withQuality(_ minimum: Double) throws -> TowerSet {
    guard (0...1).contains(minimum) else {
      throw FluxError("qc = \(minimum)", at: "towers", expected: "a fraction of good half-hours, 0 … 1")
    }
    return TowerSet(records: records, drivers: drivers, minimumQuality: minimum, reading: report.reading)
  }

  private func subset(_ place: String, _ isWanted: (TowerSite) -> Bool) throws -> TowerSet {
    let left = records.filter { isWanted($0.site) }
    guard !left.isEmpty else {
      throw FluxError("none of the \(records.count) sites is left", at: place, remedy: "Look at t:sites() for classes and places.")
    }
    return TowerSet(records: left, drivers: drivers, minimumQuality: minimumQuality, reading: report.reading)
  }

  public var description: String {
    "Towers [site \(records.count), day \(report.days.kept)]\n├── drivers: \(driverNames.joined(separator: ", "))\n├── " + report.description
  }
}
