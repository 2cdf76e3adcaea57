import FluxCore

extension SiteDays {
  /// The mean year of each site: one sample for each month of the year, NEE and drivers averaged over all its days there.
  ///
  /// What a model of the mean seasonal cycle learns from. Months with few days are left out and counted in ``dropped``, since a
  /// handful of days stands for their weather more than for the month.
  ///
  /// - Parameter minimumDays: fewest days that make a month's mean.
  /// - Returns: at most twelve samples a site, dated on the 15th of each month of 2001; the sites as they are; weight 1.
  /// - Throws: ``FluxError`` when no month has enough days.
  public func meanSeasonalCycle(minimumDays: Int = 10) throws -> SiteDays {
    let place = "SiteDays:msc", width = driverCount
    guard minimumDays >= 1 else { throw FluxError("min_days = \(minimumDays)", at: place, expected: "at least 1") }
    var days = [Int](repeating: 0, count: sites.count * 12)
    var flux = [Double](repeating: 0, count: days.count), sums = [Double](repeating: 0, count: days.count * width)
    for i in 0..<count {
      let slot = Int(siteIndex[i]) * 12 + self.days[i].month - 1
      days[slot] += 1
      flux[slot] += Double(nee[i])
      for k in 0..<width { sums[slot * width + k] += Double(drivers[i * width + k]) }
    }
    let kept = days.indices.filter { days[$0] >= minimumDays }
    guard !kept.isEmpty else {
      throw FluxError("no month of a site has \(minimumDays) days", at: place, expected: "at least one", remedy: "Ask for fewer days, min_days = 1.")
    }
    let few = days.filter { $0 > 0 && $0 < minimumDays }
    var dropped = dropped
    if !few.isEmpty { dropped["months of fewer than \(minimumDays) days", default: 0] += few.reduce(0, +) }
    return SiteDays(
      sites: sites, driverNames: driverNames, siteIndex: kept.map { Int32($0 / 12) },
      days: kept.compactMap { DayNumber(year: 2001, month: $0 % 12 + 1, day: 15) },
      drivers: kept.flatMap { slot in (0..<width).map { Float(sums[slot * width + $0] / Double(days[slot])) } },
      nee: kept.map { Float(flux[$0] / Double(days[$0])) }, dropped: dropped)
  }
}
