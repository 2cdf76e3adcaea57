import FluxCore
import FluxData
import Foundation
import LuaRuntime
import TestSupport
import Testing

@testable import FluxLua

@Suite("Series in Lua")
struct SeriesBindingTests {
  let lua = FluxLibrary.session()

  /// Two members, two regions, 2004 and 2005 monthly; member A is 1, member B the number of the month, region EU ten times as much.
  init() throws {
    var values: [Double] = []
    for member in 0..<2 {
      for factor in [1.0, 10] {
        for index in 0..<24 { values.append(factor * (member == 0 ? 1 : Double(index % 12 + 1))) }
      }
    }
    lua.set("s", try Series(
      name: "nee", unit: Unit("PgC month-1"), time: .monthly(years: 2004...2005), regions: ["BRA", "EU"], members: ["A", "B"],
      values: values))
  }

  func text(_ code: String) throws -> String { try lua.run("return tostring(\(code))").first?.string ?? "" }
  func number(_ code: String) throws -> Double { try lua.run("return \(code)").first?.number ?? .nan }
  func message(_ code: String) -> String { refusal { try lua.run(code) } }

  @Test("a series shows its axes, its unit and its values with names")
  func properties() throws {
    #expect(try text("s") == "Series nee [member 2, region 2, time 24] PgC month-1")
    #expect(try text("table.concat(s.values.names, ' ') .. #s.time .. s.regions[2] .. s.members[2] .. s.unit") == "member region time24EUBPgC month-1")
    #expect(try number("s.range.values[{2, 12}]") == 110)
    #expect(try text("s:mean('member').members == nil") == "true")
  }

  @Test("years, months, regions and members are selected, and cycles and years made")
  func tools() throws {
    #expect(try number("s:sel{years = {2005, 2005}, months = 7, region = 'EU', member = 'B'}.values:item()") == 70)
    #expect(try text("s:sel{years = 2005, member = {'B'}}") == "Series nee [member 1, region 2, time 12] PgC month-1")
    #expect(try text("s:only{'EU'}:mean():annual()") == "Series nee [region 1, time 2] PgC yr-1")
    #expect(try number("s:only('EU'):mean():annual().values[{1, 1}]") == 450)
    #expect(try number("s:total():std().values[{1, 1}]") == 0)
    #expect(try text("#s:msc().time .. ' ' .. #s:anomaly().time .. ' ' .. #s:detrend().time") == "12 24 24")
    #expect((try number("s:to('PgC yr-1').values[{1, 1, 14}]") - 365.0 / 28).magnitude < 1e-12)
  }

  @Test("arithmetic works with series and numbers on either side")
  func arithmetic() throws {
    #expect(try number("(s - s:mean()).values[{2, 1, 12}]") == 5.5)
    #expect(try number("(2 * s + 1).values[{1, 1, 1}]") == 3)
    #expect(try number("(1 - s / 2).values[{1, 2, 1}]") == -4)
    #expect(try text("(s / s).unit .. (-s).unit") == "1PgC month-1")
  }

  @Test("a saved series opens again, and a table is written")
  func files() throws {
    let folder = NSTemporaryDirectory() + "series-lua-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    lua.set("folder", folder)
    try lua.run("s:save(folder .. '/s.nc'); s:csv(folder .. '/s.csv')")
    #expect(try number("(series.open(folder .. '/s.nc') - s).values:abs():max():item()") == 0)
    #expect(try String(contentsOfFile: folder + "/s.csv", encoding: .utf8).hasPrefix("member,time,unit,BRA,EU\nA,2004-01-01,PgC month-1,1.0,10.0\n"))
  }

  @Test("a series is made of a tensor")
  func new() throws {
    #expect(try text("series.new{s:mean().values, time = s.time, regions = {'X', 'Y'}, unit = 'PgC month-1', name = 'x'}")
      == "Series x [region 2, time 24] PgC month-1")
    #expect(message("series.new{s.values, time = s.time, regions = {'X', 'Y'}, unit = 'PgC month-1'}").contains("96 values; expected 48"))
    #expect(message("series.new{time = s.time, regions = {'X'}, unit = '1'}").contains("the values are missing"))
  }

  @Test("mistakes end in one clear message")
  func messages() {
    #expect(message("s:only{'BRS'}").contains("did you mean 'BRA'?"))
    #expect(message("s:sel{year = 2004}").contains("unknown option 'year'; did you mean 'years'?"))
    #expect(message("s:sel{years = {1, 2, 3}}").contains("expected one year, or the first and the last"))
    #expect(message("s:mean('time')").contains("s.values:mean(\"time\")"))
    #expect(message("s:mean():mean()").contains("a series without members"))
    #expect(message("s:to('K')").contains("cannot be converted"))
    #expect(message("return s + s:only{'EU'}").contains("region BRA is in one series alone"))
    #expect(message("return s * s").contains("one side without unit"))
    #expect(message("return s + 'x'").contains("expected a Series"))
  }
}
