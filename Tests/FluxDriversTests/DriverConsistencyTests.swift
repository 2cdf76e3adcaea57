import FluxCore
import FluxData
@testable import FluxDrivers
import FluxObservations
import Glibc
import TestSupport
import Testing

/// The world of `Tests/ReferenceData/driver_consistency.py`.
@Suite("Driver consistency")
struct DriverConsistencyTests {
  static let cells = [5, 30, 31, 40, 50, 60]
  /// Sums of numbers of a few hundred in double precision, beside numpy's in another order; twelve digits in the file.
  let tolerance = 1e-9

  static func value(_ driver: Int, _ row: Int, _ pixel: Int) -> Float {
    Float((driver * 7919 + row * row * 31 + row * 7 * (pixel + 1) + pixel * 977) % (400 + 150 * pixel)) / 8 + Float(driver * 100)
  }

  static func store() throws -> DriverStore {
    let kinds: [(DriverDefinition, Int)] = [
      (DriverDefinition("amplitude", .constant, "amplitude of x", unit: "1"), 1), (DriverDefinition("cycle", .seasonal, "MSC(x)", unit: "1"), 365),
      (DriverDefinition("weather", .daily, "x", unit: "1"), 731),
    ]
    return try DriverStore(
      definitions: kinds.map(\.0), grid: Grid.regular(step: 30), pixels: cells, time: .daily(years: 2003...2004),
      values: kinds.enumerated().map { driver, kind in
        (0..<kind.1).flatMap { row in (0..<6).map { pixel in value(driver, row, pixel) } }
      })
  }

  static func regions() throws -> RegionSet {
    try RegionSet(
      codes: ["ONE", "TWO"], names: ["One", "Two"], grid: Grid.regular(step: 30),
      fractions: [[(5, 0.5), (30, 1), (31, 0.25)], [(31, 0.5), (40, 1), (50, 0.3)]].map { $0.map { (cell: $0.0, fraction: $0.1) } })
  }

  static func samples() throws -> SiteDays {
    let grid = try Grid.regular(step: 30), first = try #require(DayNumber(year: 2003, month: 1, day: 1))
    let sites = [5, 31, 60].map { cell in
      TowerSite(id: "S\(cell)", latitude: grid.latitudes[grid.row(ofCell: cell)], longitude: grid.longitudes[grid.column(ofCell: cell)])
    }
    let siteIndex = (0..<40).flatMap { _ in [0, 0, 0, 0, 1, 1, 2] as [Int32] }
    return SiteDays(
      sites: sites, driverNames: ["amplitude", "cycle", "weather"], siteIndex: siteIndex, days: siteIndex.map { _ in first },
      drivers: siteIndex.indices.flatMap { sample in (0..<3).map { Float((sample * 37 + $0 * 11) % 300) / 8 + Float($0 * 100) } },
      nee: siteIndex.map { _ in 0 })
  }

  @Test("means, spreads, shifts, Kolmogorov–Smirnov distances and shares outside are those of numpy and scipy", arguments: [1, 2])
  func reference(threads: Int) throws {
    let rows = referenceTable("driver_consistency.csv")
    try #require(rows.count == 18)
    for weighting in ["alike", "area"] {
      let found = try ThreadPool.withThreadCount(threads) {
        try DriverConsistency(
          Self.store(), Self.samples(), regions: Self.regions(), isAreaWeighted: weighting == "area").rows
      }
      let expected = rows.filter { $0[0] == weighting }
      #expect(found.map { [$0.driver, $0.region, "\($0.days)"] } == expected.map { Array($0[1...3]) })
      for (row, numbers) in zip(found, expected) {
        let measures = [
          row.towerMean, row.towerDeviation, row.landMean, row.landDeviation, row.shift, row.kolmogorovSmirnov, row.outside, row.beyond,
        ]
        for (measure, text) in zip(measures, numbers.dropFirst(4)) {
          let number = try #require(Double(text))
          #expect(abs(measure - number) < tolerance * max(1, abs(number)), "\(weighting) \(row.driver) \(row.region)")
        }
      }
    }
  }

  @Test("towers that stand in every pixel on every day show no shift; a region without towers has only land")
  func same() throws {
    let store = try Self.store(), regions = try Self.regions().only(["TWO"])
    let first = try #require(DayNumber(year: 2003, month: 1, day: 1))
    let sites = [31, 40, 50].map { cell in
      TowerSite(
        id: "S\(cell)", latitude: store.grid.latitudes[store.grid.row(ofCell: cell)], longitude: store.grid.longitudes[store.grid.column(ofCell: cell)])
    }
    let records = sites.map { site in
      TowerRecord(
        site: site, firstDay: first, nee: [Float](repeating: 0, count: 731), quality: [Float](repeating: 1, count: 731), drivers: [])
    }
    let samples = try TowerSet(records: records, drivers: []).attach(store).samples
    for row in try DriverConsistency(store, samples, regions: regions, isAreaWeighted: false).rows {
      #expect(abs(row.shift) < 1e-12 && row.kolmogorovSmirnov < 1e-12 && row.towerMean == row.landMean)
      #expect(row.outside == row.beyond && row.outside < 0.34)
    }
    let all = try DriverConsistency(store, samples, regions: Self.regions(), drivers: ["weather"])
    #expect(all.rows.count == 3 && all.rows[1].region == "ONE" && all.rows[1].days == 0)
    #expect(all.rows[1].shift.isNaN && all.rows[1].kolmogorovSmirnov.isNaN && all.rows[1].landMean > 200 && all.rows[1].beyond >= 0)
    #expect(all.table.description.contains("n/a"))
  }

  @Test("the table keeps the numbers unrounded, by driver and region")
  func table() throws {
    let consistency = try DriverConsistency(Self.store(), Self.samples(), regions: Self.regions())
    let table = consistency.table
    #expect(table.rows.count == 9 && table.columns.count == table.rows[0].count)
    #expect(table.scores["weather"]?["TWO"]?["ks"] == consistency.rows[8].kolmogorovSmirnov)
    #expect(table.notes[0] == "globe: all samples beside the land of all 2 regions; 40 samples lie in no region")
  }

  @Test("another grid, an unknown driver and samples of other drivers are refused by name")
  func refused() throws {
    let store = try Self.store(), samples = try Self.samples(), regions = try Self.regions()
    func message(_ body: () throws -> DriverConsistency) -> String { refusal { _ = try body() } }
    #expect(message { try DriverConsistency(store, samples, regions: RegionSet.reccap2(on: Grid.regular(step: 10))) }.contains("18 × 36 cells"))
    #expect(message { try DriverConsistency(store, samples, regions: regions, drivers: ["wether"]) }.contains("did you mean 'weather'?"))
    let other = SiteDays(
      sites: samples.sites, driverNames: ["a", "b", "c"], siteIndex: samples.siteIndex, days: samples.days, drivers: samples.drivers, nee: samples.nee)
    #expect(message { try DriverConsistency(store, other, regions: regions) }.contains("towers:attach"))
  }

  @Test("places among values that are equal, huge, or none at all are found without a trap")
  func places() {
    for sample in [[], [3], [3, 3, 3], [-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude], [1, 1.0000001, 2], (0..<100).map { Float($0 * $0) }] as [[Float]] {
      let distribution = SampleDistribution(sample)
      for x in sample + [-1, 0, 0.5, 3, 1e30, -1e30] {
        let place = distribution.withPointers { distribution.place(of: x, $0, $1) }
        let below = distribution.values.count { $0 < x }
        #expect(place == 2 * below + (sample.contains(x) ? 1 : 0))
      }
    }
    let distribution = SampleDistribution([4, 1, 2, 2])
    #expect(distribution.quantile(0) == 1 && distribution.quantile(0.5) == 2 && abs(distribution.quantile(0.9) - 3.4) < 1e-12 && distribution.quantile(1) == 4)
  }
}
