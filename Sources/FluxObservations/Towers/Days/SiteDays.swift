import Glibc

/// The samples that a model learns from: one for each kept day of each site, its drivers beside it.
///
/// Flat arrays, site by site and in order of time within a site.
public struct SiteDays: Sendable {
  /// The sites; `siteIndex` counts into them.
  public let sites: [TowerSite]
  /// One name for each column of `drivers`.
  public let driverNames: [String]
  /// Shape `[sample]`.
  public let siteIndex: [Int32]
  /// Shape `[sample]`.
  public let days: [DayNumber]
  /// Drivers in their own units, no value missing. Shape `[sample, driver]`, row-major.
  public let drivers: [Float]
  /// Net ecosystem exchange, gC m⁻² d⁻¹, positive to the atmosphere. Shape `[sample]`.
  public let nee: [Float]
  /// Weight of a sample in a loss; 1 until set. Shape `[sample]`.
  public var weight: [Float]
  /// Days that were left out because this driver was missing, by driver.
  public let dropped: [String: Int]

  public init(
    sites: [TowerSite], driverNames: [String], siteIndex: [Int32], days: [DayNumber], drivers: [Float], nee: [Float],
    weight: [Float]? = nil, dropped: [String: Int] = [:]
  ) {
    precondition(days.count == siteIndex.count && nee.count == siteIndex.count)
    precondition(drivers.count == siteIndex.count * driverNames.count)
    self.sites = sites
    self.driverNames = driverNames
    self.siteIndex = siteIndex
    self.days = days
    self.drivers = drivers
    self.nee = nee
    self.weight = weight ?? [Float](repeating: 1, count: siteIndex.count)
    self.dropped = dropped
  }

  public var count: Int { siteIndex.count }
  public var driverCount: Int { driverNames.count }

  /// Samples of each site. Shape `[site]`.
  public var countBySite: [Int] {
    var counts = [Int](repeating: 0, count: sites.count)
    for site in siteIndex { counts[Int(site)] += 1 }
    return counts
  }

  /// The same samples weighted by their site's number of days to the power −`power`, mean weight 1: 1 counts every
  /// site equally, 0 every day, ½ lies between.
  public func weightedBySite(power: Double = 1) -> SiteDays {
    let bySite = countBySite.map { $0 > 0 ? pow(Double($0), -power) : 0 }
    let sum = siteIndex.reduce(0) { $0 + bySite[Int($1)] }
    var equal = self
    equal.weight = siteIndex.map { Float(bySite[Int($0)] * Double(count) / sum) }
    return equal
  }

  /// The samples at `indices`, in that order; the sites stay as they are.
  public func subset(_ indices: [Int]) -> SiteDays {
    let width = driverCount
    var picked: [Float] = []
    picked.reserveCapacity(indices.count * width)
    for i in indices { picked += drivers[i * width..<(i + 1) * width] }
    return SiteDays(
      sites: sites, driverNames: driverNames, siteIndex: indices.map { siteIndex[$0] }, days: indices.map { days[$0] },
      drivers: picked, nee: indices.map { nee[$0] }, weight: indices.map { weight[$0] }, dropped: dropped)
  }
}
