@testable import FluxObservations
import FluxCore
import TestSupport
import Testing

@testable import FluxData

@Suite("Folds of sites")
struct FoldsTests {
  /// Forty sites far apart, site i with 10 + i days.
  var towers: TowerSet {
    TowerSet(
      records: (0..<40).map { TowerFixture.record("AA-\(10 + $0)x", Double($0 % 8) * 20 - 70, Double($0 / 8) * 60 - 150, days: 10 + $0) },
      drivers: [.init("tair", "degC", ["TA_F"])])
  }

  @Test("each site is in one fold, the folds have nearly equal numbers of days, and the seed decides")
  func balance() throws {
    let folds = try towers.folds(10, seed: 1)
    #expect(Set(folds.fold) == Set(0..<10))
    #expect((0..<10).allSatisfy { folds.validationSites($0).count == 4 })
    #expect((folds.dayCounts.max() ?? 0) - (folds.dayCounts.min() ?? 0) <= 49)   // never more than the largest site
    #expect(try towers.folds(10, seed: 1).fold == folds.fold)
    #expect(try towers.folds(10, seed: 2).fold != folds.fold)
    for member in 0..<10 { #expect(Set(folds.trainingSites(member)).isDisjoint(with: folds.validationSites(member))) }
  }

  @Test("neighbours share a fold, also through a third site and in one half-degree cell; 0 parts them")
  func groups() throws {
    // 0.4° of latitude is 44 km: a–b–c is a chain of 89 km; d and e share a cell, 54 km apart on the equator's diagonal.
    let near = [("AA-aaa", 10.0, 10.0), ("AA-bbb", 10.4, 10.0), ("AA-ccc", 10.8, 10.0), ("AA-ddd", 0.01, 40.01), ("AA-eee", 0.49, 40.49)]
    let set = TowerSet(records: near.map { TowerFixture.record($0.0, $0.1, $0.2) } + towers.records, drivers: towers.drivers)
    let fold = { (id: String, folds: Folds) in folds.fold[set.sites.firstIndex { $0.id == id }!] }
    var parted = 0
    for seed in 1...5 {
      let folds = try set.folds(5, seed: UInt64(seed))
      #expect(fold("AA-aaa", folds) == fold("AA-bbb", folds) && fold("AA-bbb", folds) == fold("AA-ccc", folds))
      #expect(fold("AA-ddd", folds) == fold("AA-eee", folds))
      #expect(folds.leakage.isMended)
      parted += folds.leakage.pairs.count
      let plain = try set.folds(5, seed: UInt64(seed), groupKilometres: 0)
      #expect(!plain.leakage.isMended && plain.leakage.pairs == folds.leakage.pairs)
    }
    #expect(parted > 0)
    #expect(set.sites[1].distance(to: set.sites[0]) > 0)
  }

  @Test("test sites are out of every fold")
  func testSites() throws {
    let folds = try towers.folds(4, seed: 3, testFraction: 0.1)
    #expect(folds.testSites.count == 4)
    #expect((0..<4).allSatisfy { Set(folds.trainingSites($0) + folds.validationSites($0)).isDisjoint(with: folds.testSites) })
    #expect(folds.dayCounts.reduce(0, +) + folds.testDayCount == towers.dayCounts.reduce(0, +))
  }

  @Test("folds from a file keep its labels' order and name the sites that it lacks")
  func file() throws {
    let folder = TowerFixture()
    let lines = towers.sites.enumerated().map { "\($1.id),\($0 == 0 ? "test" : String($0 % 3 + 1))" }
    let folds = try towers.folds(folder.write("folds.csv", "site,fold\n" + lines.joined(separator: "\n")))
    #expect(folds.count == 3 && folds.fold.prefix(4) == [Folds.test, 1, 2, 0])
    expectRefusal("2 sites have no fold") {
      try towers.folds(folder.write("few.csv", "site,fold\n" + lines.dropLast(2).joined(separator: "\n")))
    }
  }

  @Test("more folds than groups of sites are refused")
  func tooMany() {
    expectRefusal("41 folds of 40 groups") { try towers.folds(41) }
  }

  @Test("a degree of latitude is 111.2 km")
  func distance() {
    let km = TowerSite(id: "a", latitude: 0, longitude: 0).distance(to: TowerSite(id: "b", latitude: 1, longitude: 0))
    #expect(abs(km - 6371.007 * Double.pi / 180) < 1e-9)
  }
}
