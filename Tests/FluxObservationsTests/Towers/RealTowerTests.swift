@testable import FluxObservations
import FluxCore
import Foundation
import TestSupport
import Testing

@testable import FluxData

/// The networks' own files, where they are kept beside the package or under `FLUXBRIDGE_TEST_DATA`.
enum RealTowers {
  static let root: String? = {
    let folder = ProcessInfo.processInfo.environment["FLUXBRIDGE_TEST_DATA"] ?? TestFiles.package + "/../shared/data"
    let path = folder + "/towers"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()
}

@Suite("Real tower files", .enabled(if: RealTowers.root != nil, "no real files beside the package"))
struct RealTowerTests {
  let root = RealTowers.root ?? ""

  @Test("all 163 daily FLUXNET2015 sites open, with the counts of the site table")
  func daily() throws {
    var options = TowerSet.Options()
    options.sites = root + "/sites/fluxnet2015_sites.csv"
    let towers = try TowerSet.open([root + "/fluxnet2015_daily"], options: options)
    #expect(towers.records.count == 163 && towers.driverNames == ["tair", "rg", "vpd"])
    let table = try DelimitedText(path: options.sites!)
    let (id, all, good) = (try table.require("site"), try table.require("n_days_nee"), try table.require("n_days_qc_ge_0.75"))
    var counts: [String: (Int, Int)] = [:]
    try table.forEachRow { row in counts[row.text(id)] = (Int(try row.number(all)), Int(try row.number(good))) }
    for (record, kept) in zip(towers.records, towers.dayCounts) {
      #expect(counts[record.site.id]! == (record.nee.reduce(0) { $0 + ($1.isNaN ? 0 : 1) }, kept), "\(record.site.id)")
    }
    #expect(towers.report.days == .init(kept: 327_962, all: 433_188))
    #expect(try towers.folds(10).leakage.pairs.isEmpty == false)
  }

  @Test("every other file opens, or is refused in words", arguments: ["fluxnet2015_official_dd", "ameriflux_fluxnet", "halfhourly", "fluxnet2015_official_mm"])
  func others(folder: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder).sorted() {
      do {
        #expect(try TowerSet.open([root + "/" + folder + "/" + name]).records.count == 1)
      } catch is FluxError {
        #expect(!name.contains("_DD_") && !name.contains("_HH_"))
      }
    }
  }

  @Test("every site table opens", arguments: ["PLUMBER2_sites", "fdk_site_info", "fluxnet2015_site_list", "fluxnet2015_sites", "siteinfo_fluxnet2015_ingestr"])
  func tables(name: String) throws {
    let table = try SiteTable(path: root + "/sites/\(name).csv")
    let thara = try #require(table["DE-Tha"])
    #expect(abs(thara.latitude - 50.96) < 0.02 && abs(thara.longitude - 13.57) < 0.02)
    #expect(thara.igbp == "ENF" || name == "PLUMBER2_sites")
  }
}
