import FluxCore
import FluxData
import Foundation
import LuaRuntime
import TestSupport
import Testing

@testable import FluxLua

@Suite("Inversions in Lua")
struct InversionsBindingTests {
  let lua = FluxLibrary.session()
  private let folder = NSTemporaryDirectory() + "inversions-lua-\(UUID().uuidString)"

  /// Two members of −3 PgC yr⁻¹ over the globe, fires of 2 and a lateral flux of −0.65, on 10°.
  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let grid = try Grid.regular(step: 10), time = TimeAxis.monthly(years: 2003...2004)
    let area = 4 * Double.pi * Grid.earthRadius * Grid.earthRadius
    func flux(_ name: String, _ total: Double, members: [String]? = nil) throws -> Cube {
      let count = (members?.count ?? 1) * time.count * grid.cellCount
      return try Cube(
        name: name, values: [Float](repeating: Float(total / area), count: count), grid: grid, time: time, unit: "PgC m-2 yr-1",
        leading: members.map { Cube.LeadingDimension(name: "ensemble_member", labels: $0) })
    }
    lua.set("inv", try flux("land", -3, members: ["CAMS", "CTE"]))
    lua.set("fires", try flux("fires", 2))
    lua.set("lateral", try flux("lateral", -0.65))
    try flux("land", -3).save(folder + "/a.nc")
    lua.set("folder", folder)
  }

  func text(_ code: String) throws -> String { try lua.run("return tostring(\(code))").first?.string ?? "" }
  func number(_ code: String) throws -> Double { try lua.run("return \(code)").first?.number ?? .nan }
  func message(_ code: String) -> String { refusal { try lua.run(code) } }

  @Test("land −3, fires +2 and lateral −0.65 make −4.35 over the regions and what lies outside them")
  func regional() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try lua.run("e = inversions.new(inv) - fires - lateral; r = regions.reccap2(10); s = e:regional(r, {quiet = true})")
    #expect(try text("e") == "Inversions [member 2, lat 18, lon 36]")
    #expect(try text("table.concat(e.adjustments, ' ') .. ' ' .. e:only('CTE').members[1]") == "fires lateral CTE")
    #expect(try text("s") == "Series land_flux [member 2, region 18, time 24] PgC month-1")
    #expect(try text("s:mean('member'):annual()") == "Series land_flux [region 18, time 2] PgC yr-1")
    #expect(try number("s.range.values:max():item()") == 0)
    // The flux is the same everywhere: a region has its share of the globe, coast and all.
    #expect(try text("table.concat(s.notes, '\\n')").contains("took off fires: 2.000 PgC yr-1"))
    let land = try number("s:mean():annual():total().values[{1, 1}]")
    let without = try number("inversions.new(inv):regional(r, {quiet = true}):mean():annual():total().values[{1, 1}]")
    #expect((land / without - 4.35 / 3).magnitude < 1e-6)
  }

  @Test("files open by name, and mistakes end in one clear message")
  func messages() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try text("table.concat(inversions.open{CTE = folder .. '/a.nc', CAMS = folder .. '/a.nc'}.members, ' ')") == "CAMS CTE")
    #expect(message("inversions.open(folder .. '/b.nc')").contains("did you mean 'a.nc'?"))
    #expect(message("inversions.open{CTE = 3}").contains("inversions.open: argument 1 ('files')"))
    #expect(message("return inversions.new(inv) - 3").contains("expected a Cube"))
    #expect(message("return inversions.new(inv) - inv").contains("has 2 entries of ensemble_member"))
    #expect(message("local e = inversions.new(inv) - fires; return e - fires").contains("'fires' was already taken off"))
    #expect(message("inversions.new(inv):only('CET')").contains("did you mean 'CTE'?"))
    #expect(message("inversions.new(inv):regional(3)").contains("expected a Regions"))
  }
}
