import FluxCore
import FluxData
import FluxObservations
import Foundation
import LuaRuntime
import TestSupport
import Testing

@testable import FluxLua

/// Twelve sites 30° of longitude apart, 20 days each, the first with five poor days; removed with the value.
private final class TwelveSites {
  let path = NSTemporaryDirectory() + "towers-lua-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    var table = "site,lat,lon,elev_m,igbp\n"
    for site in 0..<12 {
      let id = "AA-S\(10 + site)"
      table += "\(id),\(site * 5 - 30),\(site * 30 - 180),100,\(site < 4 ? "EBF" : "ENF")\n"
      var text = "TIMESTAMP,NEE_VUT_REF,NEE_VUT_REF_QC,TA_F,SW_IN_F\n"
      for day in 1...20 { text += "200501\(day < 10 ? "0" : "")\(day),\(-day),\(site == 0 && day <= 5 ? 0.5 : 1),\(day),100\n" }
      try text.write(toFile: path + "/FLX_\(id)_FLUXNET2015_SUBSET_DD_2005-2005_1-1.csv", atomically: true, encoding: .utf8)
    }
    try table.write(toFile: path + "/sites.csv", atomically: true, encoding: .utf8)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("Towers in Lua")
struct TowersBindingTests {
  let lua = FluxLibrary.session()
  private let files: TwelveSites

  init() throws {
    files = try TwelveSites()
    lua.set("folder", files.path)
    try lua.run("t = towers.open(folder, {quiet = true})")
  }

  func text(_ code: String) throws -> String { try lua.run("return tostring(\(code))").first?.string ?? "" }
  func message(_ code: String) -> String { refusal { try lua.run(code) } }

  @Test("a folder opens, is narrowed by class and latitude, and says what was dropped")
  func opens() throws {
    #expect(try text("t") == "Towers [site 12, day 235]")
    #expect(try text("#t:sites() .. t:sites()[1].id .. t:sites()[1].days .. t:sites()[12].igbp") == "12AA-S1015ENF")
    #expect(try text("t:only{igbp = 'EBF'}.site_count .. t:only{lat = {-20, 20}}.site_count .. t:except{igbp = {'EBF'}}.site_count") == "498")
    #expect(try text("t:with_qc(0.5).day_count") == "240")
    #expect(try text("t.report").contains("5 with QC below 0.75"))
    #expect(try text("table.concat(t.drivers, ' ')") == "tair rg")
    #expect(try text("t:except{sites = 'AA-S10'}.day_count") == "220")
  }

  @Test("wrong options, classes, folders and drivers from NEE end in one clear message")
  func messages() {
    #expect(message("towers.open(folder, {cq = 0.5})").contains("unknown option 'cq'; did you mean 'qc'?"))
    #expect(message("towers.open('/no/such')").contains("cannot open /no/such: No such file or directory"))
    #expect(message("t:only{igbp = 'EFB'}").contains("did you mean 'EBF'?"))
    #expect(message("t:only{lat = {1}}").contains("option 'lat' is a list of 1; expected two numbers"))
    #expect(message("t:attach{'tair', 'GPP_NT_VUT_REF'}").contains("'GPP_NT_VUT_REF' as a driver"))
    #expect(message("t:attach{'tiar'}").contains("did you mean 'tair'?"))
    #expect(message("towers.open(folder, {columns = 'FLUXNET2014'})").contains("did you mean 'FLUXNET2015'?"))
    #expect(message("towers.open(folder, {columns = {nee = 'NEE_VUT_RFE'}})").contains("no column 'NEE_VUT_RFE'"))
    #expect(message("t:folds(13)").contains("13 folds of 12 groups"))
  }

  @Test("folds are seeded, split the sites and refuse a set they were not made of")
  func folds() throws {
    #expect(try text("t:folds(4)") == "Folds [fold 4, site 12]")
    let whole = """
      local f, n = t:folds(4, {seed = 7, group_km = 0}), 0
      for k = 1, f.count do
        local training, held = t:split(f, k)
        n = n + held.site_count
        assert(training.site_count + held.site_count == 12)
        assert(f:of(f:sites(k)[1]) == k)
      end
      return n, f.leakage
      """
    let results = try lua.run(whole)
    #expect(results.first?.integer == 12)
    #expect(results.last?.string?.contains("no neighbours within 50 km") == true)
    #expect(try text("#t:folds(4, {test_sites = 0.25}).test_sites") == "3")
    #expect(message("t:only{igbp = 'EBF'}:split(t:folds(3), 1)").contains("expected folds of this set"))
    #expect(message("t:split(t:folds(3), 4)").contains("fold 4; expected 1 … 3"))
  }

  @Test("site-days carry the named drivers, classes spread over columns, and weights by site")
  func attach() throws {
    #expect(try text("t:attach{'tair', 'tair_mean7', 'rpot', 'igbp'}") == "SiteDays [sample 235, driver 5]")
    #expect(try text("table.concat(t:attach{'tair', 'igbp'}.drivers, ' ')") == "tair igbp_ENF igbp_EBF")
    #expect(try text("t:attach{'tair'}:by_site().count") == "235")
  }
}
