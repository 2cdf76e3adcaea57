import FluxCore
import FluxData
import Foundation
import LuaRuntime
import TestSupport
import Testing

@testable import FluxLua

@Suite("Cubes in Lua")
struct CubeBindingTests {
  let lua = FluxLibrary.session()
  let folder = NSTemporaryDirectory() + "cubes-\(UUID().uuidString)/"

  /// Two years of months on 30° cells: nee = month of the year, in gC m-2 d-1, missing in cell 0.
  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let grid = try Grid.regular(step: 30), time = TimeAxis.monthly(years: 2003...2004)
    let values = (0..<24).flatMap { month in (0..<grid.cellCount).map { $0 == 0 ? Float.nan : Float(month % 12 + 1) } }
    let cube = try Cube(name: "nee", values: values, grid: grid, time: time, unit: "gC m-2 d-1")
    try cube.save(folder + "nee.nc")
    lua.set("folder", folder)
    try lua.run("c = cube.open(folder .. 'nee.nc')")
  }

  func text(_ code: String) throws -> String { try lua.run("return tostring(\(code))").first?.string ?? "" }
  func number(_ code: String) throws -> Double { try #require(lua.run("return \(code)").first?.number) }
  func message(_ code: String) -> String { refusal { try lua.run(code) } }

  @Test("a cube opens and tells its name, unit, axes and attributes")
  func opens() throws {
    #expect(try text("c") == "nee [time 24, lat 6, lon 12] gC m-2 d-1")
    #expect(try text("c.name .. '|' .. c.units .. '|' .. c.long_name") == "nee|gC m-2 d-1|net ecosystem exchange")
    #expect(try text("table.concat(c.dims, ' ') .. table.concat(c.shape, ' ')") == "time lat lon24 6 12")
    #expect(try text("c.time.first .. #c.time .. c.grid.rows .. ' ' .. c.lat[1]") == "2003-01-01246 -75.0")
    #expect(try text("c.attributes.comment:sub(1, 4)") == "sign")
    #expect(try text("cube.list(folder .. 'nee.nc')[#cube.list(folder .. 'nee.nc')].name") == "nee")
    #expect(try text("c:doctor()").contains("unit: gC m-2 d-1"))
  }

  @Test("statistics over one, two and all dimensions, weighted by area unless told otherwise")
  func statistics() throws {
    #expect(try text("c:mean('time')") == "nee [lat 6, lon 12] gC m-2 d-1")
    #expect(try text("c:mean{'lat', 'lon'}.shape[1] .. c:mean{'lat', 'lon', weights = false}.shape[1]") == "2424")
    #expect(try number("c:mean()") == 6.5)
    #expect(try number("c:max()") == 12)
    #expect(try number("c:mean({'lat', 'lon'}, {weights = false}):tensor()[3]") == 3)
    #expect(try number("c:mean('time').missing") == 24)
    #expect(try number("c:median()") == 6.5)
    #expect(try number("c:std('time'):at(45, 10):sum()").rounded() == 3)
    #expect(message("c:mean('tiem')").contains("no dimension 'tiem'; did you mean 'time'?"))
    #expect(message("c:mean{'lat', weight = false}").contains("unknown option 'weight'; did you mean 'weights'?"))
  }

  @Test("selections by dates, months, places and regions")
  func selections() throws {
    #expect(try text("#c:sel{time = {'2003-06', '2003-02'}}.time .. #c:sel{time = '2004'}.time .. #c:sel{month = 7}.time") == "5122")
    #expect(try text("#c:sel{year = 2003, month = {6, 7, 8}}.time") == "3")
    #expect(try text("c:sel{lat = {0, 90}, lon = {170, -150}}") == "nee [time 24, lat 3, lon 1] gC m-2 d-1")
    #expect(try text("c:at(52, 13)") == "nee [time 24] gC m-2 d-1")
    #expect(try number("c:at(52, 13):tensor()[14]") == 2)
    #expect(try number("c:sel{region = 'BRA', time = '2003-05'}:mean()") == 5)
    #expect(try text("c:sel{region = 'BRA'}.grid.columns < 6") == "true")
    #expect(message("c:sel{time = '1999'}").contains("no date of 'nee' is selected; expected a part of 2003-01-01"))
    #expect(message("c:sel{time = 'soon'}").contains("'soon' is not a date"))
    #expect(message("c:sel{tme = '2003'}").contains("did you mean 'time'?"))
    #expect(message("c:sel{region = 'BAR'}").contains("BRA"))
    #expect(message("c:sel{lat = {1}}").contains("option 'lat' is a list of 1"))
  }

  @Test("arithmetic with numbers and cubes, units converted or refused")
  func arithmetic() throws {
    #expect(try number("(2 * c - c / 2 + 1):max()") == 19)
    #expect(try number("(-c):min()") == -12)
    #expect(try number("(12 / c):min()") == 1)
    #expect(try number("(c - c:mean('time')):max()") == 5.5)
    #expect(try number("(c - c:to('kgC m-2 d-1')):max()").magnitude < 1e-6)
    #expect(try (number("c:to('µmol m-2 s-1'):max()") / 12 - 0.96362).magnitude < 1e-5)
    #expect(try text("c:to('gC m-2 month-1').units") == "gC m-2 month-1")
    #expect(message("c:to('K')").contains("'gC m-2 d-1' cannot be converted to 'K'"))
    #expect(message("return c + c:with_units('K')").contains("cannot be converted"))
    #expect(message("return c + 'x'").contains("Cube"))
    #expect(message("return c + c:coarsen(2)").contains("on one grid"))
  }

  @Test("seasonal cycles, anomalies, months and years")
  func timeTools() throws {
    #expect(try text("c:msc()") == "nee [time 12, lat 6, lon 12] gC m-2 d-1")
    #expect(try number("c:anomaly{by = 'month'}:max()") == 0)
    #expect(try number("c:amplitude():mean()") == 11)
    #expect(try text("c:annual('sum')") == "nee [time 2, lat 6, lon 12] gC m-2 yr-1")
    #expect(try number("c:sel{year = 2003}:annual('sum'):mean()") == 2382)  // Σ month × days
    #expect((try number("c:detrend():mean()") - 6.5).magnitude < 1e-5)
    #expect(message("c:annual('total')").contains("one of 'mean', 'sum'"))
    #expect(message("c:msc{by = 'week'}").contains("one of 'month', 'day'"))
  }

  @Test("integrals over regions are totals by the calendar's own days, in PgC")
  func integrals() throws {
    try lua.run("one = c * 0 + 1")
    // 1 gC m-2 d-1 over all of Brazil for the 29 days of February 2004.
    let february = try number("one:integral(regions.reccap2(one.grid)):sel{region = 'BRA'}.values[{1, 14}]")
    let area = try number("regions.reccap2(one.grid):only{'BRA'}.area[1]")
    #expect((february / (area * 29e-15) - 1).magnitude < 1e-6)
    #expect(try text("one:integral(regions.reccap2(), {unit = 'PgC yr-1'}).unit") == "PgC yr-1")
    #expect(message("c:with_units('K'):integral()").contains("expected a flux or amount per area"))
    #expect(message("c:integral(regions.reccap2(), {units = 'PgC'})").contains("did you mean 'unit'?"))
  }

  @Test("made of a tensor, saved, opened again, regridded")
  func made() throws {
    try lua.run("""
      local t = tensor{ {1, 2, 3, 4}, {5, 6, 7, 8} }
      m = cube.new{ t, lat = {45, -45}, lon = {0, 90, 180, 270}, units = 'K', name = 'tair' }
      m:save(folder .. 'm.nc')
      n = cube.open(folder .. 'm.nc')
      series = cube.new{ tensor.ones{2, 2, 4}, lat = {45, -45}, lon = m.lon, time = {'2001-01-01', '2001-01-02'} }
      """)
    #expect(try text("n") == "tair [lat 2, lon 4] K")
    #expect(try number("n:at(45, 180):mean()") == 3)
    #expect(try number("n:tensor()[{1, 1}]") == 7)
    #expect(try text("series.time.step .. series.shape[1]") == "day2")
    #expect(try text("n:regrid(grid.regular(30), 'nearest')") == "tair [lat 6, lon 12] K")
    #expect(try number("n:regrid(grid.regular(30)):mean() - n:mean()").magnitude < 1e-5)
    #expect(message("cube.new{ tensor{1, 2}, lat = {0}, lon = {0, 1} }").contains("the tensor has shape [2]; expected [1, 2]"))
    #expect(message("cube.new{ lat = {0}, lon = {0, 1} }").contains("no tensor"))
    #expect(message("m:regrid(grid.regular(30), 'linear')").contains("'conservative'"))
  }

  @Test("missing, truncated and foreign files end in one clear message")
  func files() throws {
    #expect(message("cube.open(folder .. 'ne.nc')").contains("no such file; did you mean 'nee.nc'?"))
    #expect(message("cube.open(folder .. 'nee.nc', 'ne')").contains("no variable 'ne'; did you mean 'nee'?"))
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder + "nee.nc"))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: folder + "cut.nc"))
    #expect(message("cube.open(folder .. 'cut.nc')").contains("probably truncated"))
    #expect(message("cube.open(folder .. '*.csv')").contains("no file matches"))
    #expect(message("c:save(folder .. 'none/x.nc')").contains("does not exist"))
  }
}
