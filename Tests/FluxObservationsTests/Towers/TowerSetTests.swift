@testable import FluxObservations
import FluxCore
import TestSupport
import Testing

@testable import FluxData

@Suite("Towers")
struct TowerSetTests {
  let folder = TowerFixture()

  func message(_ body: () throws -> Void) -> String { refusal { try body() } }

  @Test("a folder with a site table opens; days below the quality are dropped and counted by month and class")
  func opens() throws {
    folder.writeDaily("DE-Tha", days: 40, quality: { $0 < 31 ? 0.5 : 1 })
    folder.writeDaily("BR-Sa1", days: 10)
    folder.write("sites.csv", "site,lat,lon,elev_m,igbp\nDE-Tha,50.96,13.57,385,ENF\nBR-Sa1,-2.86,305.04,88,EBF\n")
    let towers = try TowerSet.open([folder.path])
    #expect(towers.sites.map(\.id) == ["BR-Sa1", "DE-Tha"])
    #expect(abs(towers.sites[0].longitude + 54.96) < 1e-9 && towers.sites[0].igbp == "EBF")
    #expect(towers.driverNames == ["tair", "rg", "vpd"])
    #expect(towers.dayCounts == [10, 9])
    #expect(towers.nee.prefix(2) == [-1, -2] && towers.nee.last == -40)
    #expect(towers.report.belowQuality == 31 && towers.report.days == .init(kept: 19, all: 50))
    #expect(towers.report.months[0] == .init(kept: 10, all: 41) && towers.report.months[1] == .init(kept: 9, all: 9))
    #expect(towers.report.classes["ENF"] == .init(kept: 9, all: 40))
    #expect(towers.description.contains("dropped: 0 without NEE, 0 without QC, 31 with QC below 0.75"))
    #expect(try towers.withQuality(0).nee.count == 50)
  }

  @Test("only and except pick by class, latitude and name; unknown names get the nearest")
  func selection() throws {
    let towers = TowerSet(
      records: [
        TowerFixture.record("AA-One", 5, 0, igbp: "EBF"), TowerFixture.record("BB-Two", 50, 10), TowerFixture.record("CC-Six", 60, 10, igbp: "CRO"),
      ], drivers: [.init("tair", "degC", ["TA_F"])])
    #expect(try towers.only(.init(igbp: ["EBF", "CRO"])).sites.map(\.id) == ["AA-One", "CC-Six"])
    #expect(try towers.only(.init(latitude: -20...20)).sites.map(\.id) == ["AA-One"])
    #expect(try towers.except(.init(igbp: ["CRO"])).sites.map(\.id) == ["AA-One", "BB-Two"])
    #expect(try towers.except(.init(sites: ["BB-Two"])).records.count == 2)
    #expect(message { _ = try towers.only(.init(igbp: ["EFB"])) }.contains("no IGBP class 'EFB'; did you mean 'EBF'?"))
    #expect(message { _ = try towers.only(.init(sites: ["BB-Tow"])) }.contains("did you mean 'BB-Two'?"))
    #expect(message { _ = try towers.only(.init(latitude: 80...90)) }.contains("none of the 3 sites is left"))
  }

  @Test("a wrong column names file, line and the nearest column")
  func wrongColumn() {
    let path = folder.write("FLX_DE-Tha_DD.csv", "TIMESTAMP,NEE_VUT_RFE,TA_F\n20050101,1,2\n")
    let text = message { _ = try TowerSet.open([path]) }
    #expect(text.contains("no column 'NEE_VUT_REF' in \(path), line 1; did you mean 'NEE_VUT_RFE'?"))
    let good = folder.writeDaily("DE-Gri", days: 3)
    var options = TowerSet.Options()
    options.drivers = ["tair", "SWC_F_MDS_1"]
    #expect(message { _ = try TowerSet.open([good], options: options) }.contains("no column for the driver 'SWC_F_MDS_1'"))
  }

  @Test("a quality column is needed unless qc is 0; a quality outside 0 … 1 is refused")
  func quality() throws {
    let path = folder.write("FLX_DE-Tha_DD.csv", "TIMESTAMP,NEE_VUT_REF,TA_F\n20050101,1,2\n")
    #expect(message { _ = try TowerSet.open([path]) }.contains("no quality column 'NEE_VUT_REF_QC'"))
    var options = TowerSet.Options()
    options.minimumQuality = 0
    #expect(try TowerSet.open([path], options: options).nee == [1])
    let percent = folder.write("FLX_DE-Gri_DD.csv", "TIMESTAMP,NEE_VUT_REF,NEE_VUT_REF_QC\n20050101,1,95\n")
    #expect(message { _ = try TowerSet.open([percent]) }.contains("line 2, column 'NEE_VUT_REF_QC': 95.0"))
  }

  @Test("drivers computed from NEE are refused by name, also under a map")
  func derived() {
    let path = folder.writeDaily("DE-Tha", days: 3)
    for name in ["GPP_NT_VUT_REF", "reco", "RECO_DT", "NEE_VUT_MEAN", "site_mean_nee", "nee_mean30", "TER", "GPPsat", "Reco_f", "FC_1_1_1"] {
      var options = TowerSet.Options()
      options.drivers = ["tair", name]
      #expect(message { _ = try TowerSet.open([path], options: options) }.contains("'\(name)' as a driver"))
    }
    for name in ["tair", "SWC_F_MDS_1", "precip", "NDVI", "EVI", "LE_F_MDS", "NETRAD", "need"] { #expect(!DerivedDrivers.isDerived(name) || name == "need") }
    var options = TowerSet.Options()
    options.columns = TowerColumns(name: "mine", nee: ["NEE_VUT_REF"], quality: ["NEE_VUT_REF_QC"], drivers: [.init("light", "1", ["GPP_DT_VUT_REF"])])
    #expect(message { _ = try TowerSet.open([path], options: options) }.contains("'GPP_DT_VUT_REF' as a driver"))
  }

  @Test("in a folder the daily file of a site is taken; other resolutions and strangers are left aside and told")
  func folderRules() throws {
    folder.writeDaily("DE-Tha", days: 3)
    for name in ["FLX_DE-Tha_FLUXNET2015_FULLSET_HH_2005.csv", "FLX_DE-Tha_FLUXNET2015_FULLSET_MM_2005.csv", "FLX_DE-Tha_FLUXNET2015_ERAI_DD_1989.csv", "notes.csv"] {
      folder.write(name, "nothing\n")
    }
    let towers = try TowerSet.open([folder.path])
    #expect(towers.nee == [-1, -2, -3])
    #expect(towers.report.reading.skipped.count == 4)
    #expect(message { _ = try TowerSet.open([folder.path + "/notes.csv"]) }.contains("no site's name in the file name"))
    #expect(message { _ = try TowerSet.open(["/no/such/folder"]) }.contains("No such file or directory"))
  }

  @Test("a bad file is refused, or on request left aside and told")
  func badFiles() throws {
    folder.writeDaily("DE-Tha", days: 3)
    folder.write("FLX_DE-Gri_DD.csv", "TIMESTAMP,NEE_VUT_REF,NEE_VUT_REF_QC\n20050101,oops,1\n20050102,oops,1\n")
    #expect(message { _ = try TowerSet.open([folder.path]) }.contains("line 2, column 'NEE_VUT_REF': 'oops'"))
    var options = TowerSet.Options()
    options.skipsBadFiles = true
    let towers = try TowerSet.open([folder.path], options: options)
    #expect(towers.records.count == 1 && towers.report.reading.skipped.first?.contains("oops") == true)
  }

  @Test("sites that the table does not know are dropped and named; two files of a site join, the first day wins")
  func joining() throws {
    let a = folder.write("FLX_DE-Tha_DD_2005.csv", "TIMESTAMP,NEE_VUT_REF,NEE_VUT_REF_QC,TA_F\n20050101,1,1,1\n20050102,2,1,2\n")
    let b = folder.write("FLX_DE-Tha_DD_2006.csv", "TIMESTAMP,NEE_VUT_REF,NEE_VUT_REF_QC,TA_F\n20050102,9,1,9\n20050104,4,1,4\n")
    folder.writeDaily("XX-Xyz", days: 2)
    let table = folder.write("places.csv", "SITE_ID,LOCATION_LAT,LOCATION_LONG,IGBP\nDE-Tha,50.96,13.57,Evergreen Needleleaf Forests\n")
    var options = TowerSet.Options()
    options.sites = table
    let towers = try TowerSet.open([folder.path], options: options)
    #expect(towers.report.reading.unknownSites == ["XX-Xyz"])
    #expect(towers.nee == [1, 2, 4] && towers.report.reading.repeatedDays == 1 && towers.report.missing == 1)
    #expect(towers.sites[0].igbp == "ENF")
    #expect(try TowerSet.open([a, b]).records[0].dayCount == 4)
  }

  @Test("weekly, monthly and yearly files are refused by their time stamps", arguments: [
    ("TIMESTAMP", "200501", "is a month"), ("TIMESTAMP", "2005", "is a year"), ("TIMESTAMP_START", "20050101", "is a week"), ("TIME", "1", "no time stamp"),
  ])
  func resolution(column: String, stamp: String, complaint: String) {
    let path = folder.write("FLX_DE-Tha.csv", "\(column),NEE_VUT_REF,NEE_VUT_REF_QC\n\(stamp),1,1\n")
    #expect(message { _ = try TowerSet.open([path]) }.contains(complaint))
  }
}
