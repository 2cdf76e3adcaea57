import FluxCore
import FluxData
import FluxObservations
import TestSupport
import Testing

@Suite("The mean year of site-days")
struct SiteDaysSeasonalCycleTests {
  /// Site A: three days of January in two years and one of February; site B: two days of July.
  func samples() throws -> SiteDays {
    let dates = [(2001, 1, 3), (2001, 1, 9), (2004, 1, 30), (2004, 2, 1), (2003, 7, 1), (2003, 7, 2)]
    return SiteDays(
      sites: [TowerSite(id: "AA-Aaa"), TowerSite(id: "BB-Bbb")], driverNames: ["tair", "rg"], siteIndex: [0, 0, 0, 0, 1, 1],
      days: try dates.map { try #require(DayNumber(year: $0.0, month: $0.1, day: $0.2)) },
      drivers: [1, 10, 2, 20, 6, 60, 9, 90, 20, 200, 22, 220], nee: [3, -1, 1, 7, -4, -2], dropped: ["vpd": 5])
  }

  @Test("NEE and drivers are averaged over all days of a month, whatever the year")
  func means() throws {
    let cycle = try samples().meanSeasonalCycle(minimumDays: 2)
    #expect(cycle.siteIndex == [0, 1] && cycle.nee == [1, -3] && cycle.drivers == [3, 30, 21, 210])
    #expect(cycle.days.map(\.description) == ["2001-01-15", "2001-07-15"])
    #expect(cycle.sites.count == 2 && cycle.driverNames == ["tair", "rg"])
    #expect(cycle.dropped == ["vpd": 5, "months of fewer than 2 days": 1])
  }

  @Test("a month of one day counts when one is enough, and none is left when too many are wanted")
  func fewest() throws {
    #expect(try samples().meanSeasonalCycle(minimumDays: 1).nee == [1, 7, -3])
    expectRefusal("no month of a site has 4 days") { try samples().meanSeasonalCycle(minimumDays: 4) }
    expectRefusal("min_days = 0; expected at least 1") { try samples().meanSeasonalCycle(minimumDays: 0) }
  }
}
