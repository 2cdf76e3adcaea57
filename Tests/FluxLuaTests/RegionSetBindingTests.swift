import LuaRuntime
import TestSupport
import Testing

@testable import FluxLua

@Suite("Regions in Lua")
struct RegionSetBindingTests {
  let lua = FluxLibrary.session()

  func text(_ code: String) throws -> String { try lua.run("return tostring(\(code))").first?.string ?? "" }
  func message(_ code: String) -> String { refusal { try lua.run(code) } }

  @Test("the 18 regions stand on any grid, with names, areas and a fingerprint")
  func reccap2() throws {
    try lua.run("r = regions.reccap2(2)")
    #expect(try text("r") == "Regions [region 18, lat 90, lon 180]")
    #expect(try text("regions.reccap2()") == "Regions [region 18, lat 360, lon 720]")
    #expect(try text("regions.reccap2(grid.regular(2)).hash == r.hash") == "true")
    #expect(try text("r.codes[1] .. r.names[18] .. #r .. r.grid.rows") == "USAOceania1890")
    #expect(try text("r.area:sum():item() > 1.3e14 and r.area:sum():item() < 1.32e14") == "true")
    #expect(try text("r:mask().dims[1] .. r:mask().shape[1]") == "region18")
    #expect(try text("r:on(1):fraction('BRA').shape[1]") == "180")
  }

  @Test("regions are selected, left out, grouped and cut into bands")
  func selections() throws {
    try lua.run("r = regions.reccap2(2)")
    #expect(try text("table.concat(r:only{'EU', 'BRA'}.codes, ' ')") == "EU BRA")
    #expect(try text("r:only('EU').codes[1] .. #r:except{'EU'}") == "EU17")
    #expect(try text("table.concat(r:groups{tropics = {'BRA', 'EQAF'}, extratropics = {'EU'}}.codes, ' ')") == "extratropics tropics")
    #expect(try text("table.concat(regions.bands({-90, -30, 0, 30, 90}, 2).names, ' ')") == "90S-30S 30S-0 0-30N 30N-90N")
  }

  @Test("mistakes end in one clear message")
  func messages() {
    #expect(message("regions.reccap2(7)").contains("a grid step of 7.0°"))
    #expect(message("regions.reccap2('x')").contains("regions.reccap2: argument 1 ('grid') is a string; expected a Grid"))
    #expect(message("regions.reccap2(2):only{'BRS'}").contains("did you mean 'BRA'?"))
    #expect(message("regions.open('/no/such.nc')").contains("no such file"))
    #expect(message("regions.bands{10}").contains("at least two different latitudes"))
    #expect(message("regions.reccap2(2):groups{a = {}}").contains("the group 'a' has no members"))
  }
}
