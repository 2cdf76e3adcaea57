@testable import FluxObservations
import FluxCore
import TestSupport
import Testing

@testable import FluxData

@Suite("Half-hourly towers")
struct HalfHourlyDaysTests {
  let folder = TowerFixture()

  func stamps(_ day: Int, step: Int = 30) -> [String] {
    stride(from: 0, to: 1440, by: step).map { minute in
      func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
      return "200501\(two(day))\(two(minute / 60))\(two(minute % 60))"
    }
  }

  @Test("1 µmol m⁻² s⁻¹ all day is 1.0378 gC m⁻² d⁻¹; the day's quality is its share of flags 0 and 1", arguments: [30, 60])
  func units(step: Int) throws {
    var text = "TIMESTAMP_START,TIMESTAMP_END,NEE_VUT_REF,NEE_VUT_REF_QC,TA_F,P_F\n"
    let all = stamps(1, step: step)
    for (i, stamp) in all.enumerated() { text += "\(stamp),0,1,\(i * 8 < all.count ? 2 : i % 2),\(i),0.5\n" }
    let towers = try TowerSet.open([folder.write("FLX_DE-Tha_HH.csv", text)])
    let record = towers.records[0]
    #expect(abs(record.nee[0] - 1 / 0.96362) < 1e-4)   // SCIENCE §1: 1 gC m⁻² d⁻¹ = 0.96362 µmol m⁻² s⁻¹
    #expect(record.quality[0] == 0.875)
    #expect(abs(record.drivers[towers.driverNames.firstIndex(of: "tair")!][0] - Float(all.count - 1) / 2) < 1e-5)
    #expect(record.drivers[towers.driverNames.firstIndex(of: "precip")!][0] == Float(all.count) / 2)
  }

  @Test("half-hours that are missing count against the quality, not into the mean; a driver needs three quarters of the day")
  func gaps() throws {
    var text = "# Site: US-Xyz,,,\n# Version: 1,,,\nTIMESTAMP_START,TIMESTAMP_END,FC,TA\n"
    for (i, stamp) in stamps(1).enumerated() { text += "\(stamp),0,\(i < 12 ? -9999 : 2),\(i < 13 ? -9999 : 7)\n" }
    let towers = try TowerSet.open([folder.write("AMF_US-Xyz_BASE_HH_1-5.csv", text)])
    #expect(abs(towers.nee[0] - 2 / 0.96362) < 1e-4 && towers.records[0].quality[0] == 0.75)
    #expect(towers.records[0].drivers[0][0].isNaN)
  }

  @Test("year, day and hour at the interval's end are understood, with a line of units and CR line ends")
  func reddyProc() throws {
    var lines = ["Year\tDoY\tHour\tNEE\tRg\tTair", "-\t-\t-\tumolm-2s-1\tWm-2\tdegC"]
    for i in 1...48 { lines.append("1998\t1\t\(Double(i) / 2)\t1\t0\t3") }
    lines.append("1998\t2\t0.5\t-9999\t0\t3")
    let towers = try TowerSet.open([folder.write("DE-Tha.txt", lines.joined(separator: "\r"))])
    #expect(towers.records[0].dayCount == 2 && towers.nee.count == 1)
    #expect(towers.records[0].firstDay.description == "1998-01-01" && towers.records[0].quality[0] == 1)
  }

  @Test("a half-hour that stands twice counts once; a stamp that is no time names its line")
  func repeats() throws {
    var text = "TIMESTAMP_START,NEE_VUT_REF,NEE_VUT_REF_QC\n"
    for stamp in stamps(1) { text += "\(stamp),1,0\n\(stamp),9,0\n" }
    // The first two stamps agree, so the step cannot be read from them.
    expectRefusal("FLX_DE-Aaa_HH.csv: the first two time stamps lie 0 minutes apart; expected 30 or 60") {
      try TowerSet.open([folder.write("FLX_DE-Aaa_HH.csv", text)])
    }
    var good = "TIMESTAMP_START,NEE_VUT_REF,NEE_VUT_REF_QC\n"
    for stamp in stamps(1) { good += "\(stamp),1,0\n" }
    good += "\(stamps(1)[47]),9,0\n"
    let nee = try TowerSet.open([folder.write("FLX_DE-Bbb_HH.csv", good)]).nee
    #expect(abs(nee[0] - 1 / 0.96362) < 1e-4)
    let bad = folder.write("FLX_DE-Ccc_HH.csv", "TIMESTAMP_START,NEE_VUT_REF,NEE_VUT_REF_QC\n200501010000,1,0\n200501010030,1,0\n200501310190,1,0\n")
    expectRefusal("line 4: the time stamp '200501310190'") { try TowerSet.open([bad]) }
  }
}
