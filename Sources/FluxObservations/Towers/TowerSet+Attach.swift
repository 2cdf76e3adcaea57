import FluxCore

extension TowerSet {
  /// The samples of every kept day, with drivers from the towers' own columns.
  ///
  /// A day on which a driver is missing is left out and counted in `SiteDays.dropped`.
  ///
  /// - Parameter names: as ``TowerFeature`` reads them: `tair`, `rg_mean30`, `rpot`, `igbp`, ….
  /// - Throws: ``FluxError`` for unknown drivers and for those computed from NEE, and when no day is left.
  public func attach(_ names: [String]) throws -> SiteDays {
    let features = try TowerFeature.parse(names, in: self)
    let samples = try collect(features.map(\.name)) { _, record in
      let series = features.map { $0.series(record) }
      return { i, row in
        if let lacking = series.firstIndex(where: { $0[i].isNaN }) { return .lacks(lacking) }
        for k in series.indices { row.append(series[k][i]) }
        return .whole
      }
    }
    guard !samples.days.isEmpty else {
      let most = samples.dropped.max { $0.value < $1.value }
      throw FluxError(
        "no site-day has all \(features.count) drivers", at: "towers:attach", expected: "at least one",
        remedy: most.map { "'\($0.key)' is missing on \($0.value) of \(report.days.kept) days." })
    }
    return samples
  }

  /// What a source of drivers has for a kept day.
  package enum DriversOfDay {
    /// All drivers, added to the row.
    case whole
    /// Not the driver of this index: the day is left out and counted.
    case lacks(Int)
    /// Nothing, which the source counts itself.
    case nothing
  }

  /// The drivers of a site's days: appends to the row those of the day of an index into the record, or nothing.
  package typealias SiteDrivers = (_ index: Int, _ row: inout [Float]) -> DriversOfDay

  /// The samples of every kept day for which there are drivers, wherever these come from.
  ///
  /// - Parameters:
  ///   - names: of the drivers, in the order of a row.
  ///   - source: the drivers of a site, nil to leave the site out.
  /// - Returns: perhaps without a sample; days that lack a driver are counted in `dropped`.
  /// - Throws: what the source throws; ``Interrupted``.
  package func collect(
    _ names: [String], from source: (_ site: Int, _ record: TowerRecord) throws -> SiteDrivers?
  ) throws -> SiteDays {
    var siteIndex: [Int32] = []
    var days: [DayNumber] = []
    var drivers: [Float] = []
    var nee: [Float] = []
    siteIndex.reserveCapacity(report.days.kept)
    drivers.reserveCapacity(report.days.kept * names.count)
    var dropped: [String: Int] = [:]
    for (s, record) in records.enumerated() {
      try Interrupt.check()
      guard let ofDay = try source(s, record) else { continue }
      for i in 0..<record.dayCount where record.isKept(i, quality: minimumQuality) {
        switch ofDay(i, &drivers) {
        case .whole: break
        case .lacks(let driver):
          dropped[names[driver], default: 0] += 1
          continue
        case .nothing: continue
        }
        siteIndex.append(Int32(s))
        days.append(record.day(i))
        nee.append(record.nee[i])
      }
    }
    return SiteDays(
      sites: sites, driverNames: names, siteIndex: siteIndex, days: days, drivers: drivers, nee: nee, dropped: dropped)
  }

  /// Folds of these sites; see ``Folds/bySite(_:dayCounts:count:seed:groupKilometres:testFraction:)``.
  public func folds(_ count: Int = 10, seed: UInt64 = 1, groupKilometres: Double = 50, testFraction: Double = 0) throws -> Folds {
    try Folds.bySite(
      sites, dayCounts: dayCounts, count: count, seed: seed, groupKilometres: groupKilometres, testFraction: testFraction)
  }

  /// Folds of these sites from a table of `site,fold`.
  public func folds(_ path: String) throws -> Folds { try Folds.read(path, sites: sites, dayCounts: dayCounts) }

  /// The sites of all folds but one, and those of that one; test sites are in neither.
  ///
  /// - Parameter member: the fold held out, from 0.
  /// - Throws: ``FluxError`` when the folds were made of other sites, or there is no such fold.
  public func split(_ folds: Folds, _ member: Int) throws -> (training: TowerSet, heldOut: TowerSet) {
    try folds.check(member, at: "towers:split")
    let known = Set(folds.sites.map(\.id)), mine = Set(sites.map(\.id))
    guard known == mine else {
      throw FluxError(
        "folds of \(known.count) sites, of which \(known.intersection(mine).count) are among these \(mine.count)", at: "towers:split",
        expected: "folds of this set", remedy: "Make them anew with t:folds(…).")
    }
    func set(_ indices: [Int]) throws -> TowerSet { try only(TowerSelection(sites: indices.map { folds.sites[$0].id })) }
    return (try set(folds.trainingSites(member)), try set(folds.validationSites(member)))
  }
}
