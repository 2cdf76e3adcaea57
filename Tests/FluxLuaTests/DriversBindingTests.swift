import FluxCore
import FluxData
import FluxDrivers
import FluxLua
import Glibc
import LuaRuntime
import Testing

@Suite("Drivers in Lua")
struct DriversBindingTests {
  let lua = FluxLibrary.session()

  /// A folder of base variables on 10° for 2003 and 2004, removed after `body`.
  func withArchive(_ test: String = #function, _ body: (String) throws -> Void) throws {
    let folder = "/tmp/fluxbridge-lua-drivers-\(test.prefix { $0 != "(" })-\(getpid())"
    mkdir(folder, 0o755)
    let names = BaseVariable.compositeNames + BaseVariable.dailyNames
    defer {
      for name in names + ["store"] { unlink("\(folder)/\(name).nc") }
      rmdir(folder)
    }
    let grid = try Grid.regular(step: 10)
    let values: [String: Float] = ["rg": 200, "tair": 15, "precip": 3, "lst_day": 300, "lst_night": 280, "fapar": 0.4]
    for name in names {
      let isDaily = BaseVariable.dailyNames.contains(name)
      let time = isDaily ? TimeAxis.daily(years: 2003...2004) : TimeAxis.eightDaily(years: 2003...2004)
      let writer = try NetCDFWriter(path: "\(folder)/\(name).nc")
      try writer.defineTime(time)
      try writer.defineGrid(grid)
      try writer.define(
        variable: name, type: .float, dimensions: ["time", "lat", "lon"], attributes: ["units": .text(BaseVariable.units[name] ?? "1")],
        fill: .nan)
      try writer.write([Float](repeating: values[name] ?? 0.5, count: time.count * grid.cellCount), to: name)
      try writer.commit()
    }
    try body(folder)
  }

  /// Arguments for `drivers.build` that name the files of a folder.
  let arguments = (BaseVariable.compositeNames + BaseVariable.dailyNames).map { "\($0) = folder .. '/\($0).nc'" }.joined(separator: ", ")

  @Test("build packs the files of an archive, open maps them again, at gives a place's series")
  func build() throws {
    try withArchive { folder in
      let results = try lua.run("""
        local folder = '\(folder)'
        local d = drivers.build{ \(arguments), into = folder .. '/store.nc' }
        local e = drivers.open(folder .. '/store.nc')
        local here = e:at(51, 10)
        return d.hash == e.hash, #d.names, d.names[1], d.kinds[2], #d.time, d.grid.rows, here.values.shape[1], here.values.shape[2],
          here.values[{1, 2}], here.lat, here.distance < 1200, d.time.first, d.units[2], #d.lat == #d.lon
        """)
      #expect(results[0].boolean == true)
      #expect(results[1].integer == 10)
      #expect(results[2].string == "WAI2")
      #expect(results[3].string == "daily")
      #expect(results[4].integer == 731)
      #expect(results[5].integer == 18)
      #expect(results[6].integer == 731 && results[7].integer == 10)
      #expect(results[8].number == 15)
      #expect(results[9].number == 55)
      #expect(results[10].boolean == true)
      #expect(results[11].string == "2003-01-01")
      #expect(results[12].string == "degC")
      #expect(results[13].boolean == true)
    }
  }

  @Test("a cube and its file give the same drivers; cubes can be worked on before")
  func cubes() throws {
    try withArchive { folder in
      let results = try lua.run("""
        local folder = '\(folder)'
        local a = drivers.build{ \(arguments) }
        local b = drivers.build{ \(arguments), tair = cube.open(folder .. '/tair.nc') }
        local c = drivers.build{ \(arguments), tair = cube.open(folder .. '/tair.nc') + 1 }
        return a.hash == b.hash, c:at(51, 10).values[{1, 2}]
        """)
      #expect(results[0].boolean == true)
      #expect(results[1].number == 16)
      let error = #expect(throws: LuaError.self) {
        try lua.run("local folder = '\(folder)' return drivers.build{ \(arguments), tair = 3 }")
      }
      #expect(error?.description.contains("option 'tair' is") == true)
    }
  }

  @Test("a misspelt option, a missing variable, odd years and another recipe are told by name")
  func refused() throws {
    try withArchive { folder in
      for (code, part) in [
        ("drivers.build{ \(arguments), recipee = 'paper' }", "did you mean 'recipe'?"),
        ("drivers.build{ tair = folder .. '/tair.nc' }", "no 'evi'"),
        ("drivers.build{ \(arguments), years = {2004, 2003} }", "the first and the last year"),
        ("drivers.build{ \(arguments), years = {2003, 2005} }", "the year 2005 is not complete"),
        ("drivers.build{ \(arguments), recipe = 'tramontan' }", "did you mean 'tramontana'?"),
        ("drivers.build{ \(arguments), layers = 3 }", "option 'layers' is 3; expected 1 or 2"),
        ("drivers.open(folder .. '/tair.nc')", "Make the file with drivers.build"),
        ("drivers.open(folder .. '/nowhere.nc')", "nowhere.nc"),
      ] {
        let error = #expect(throws: LuaError.self) { try lua.run("local folder = '\(folder)' " + code) }
        #expect(error?.description.contains(part) == true, "\(code.suffix(40)): \(error?.description ?? "")")
      }
    }
  }

  @Test("towers attach the drivers of their pixels, and tell what did not fit")
  func attach() throws {
    try withArchive { folder in
      let first = try #require(DayNumber(year: 2002, month: 12, day: 31))
      lua.set("t", TowerSet(
        records: [TowerRecord(
          site: TowerSite(id: "DE-Tha", latitude: 51, longitude: 13), firstDay: first, nee: [1, 2, 3], quality: [1, 1, 1],
          drivers: [[4, 5, 6]])], drivers: [TowerColumns.Driver("tair", "degC", ["TA_F"])]))
      let results = try lua.run("""
        local folder = '\(folder)'
        local d = drivers.build{ \(arguments) }
        local grid, notes = t:attach(d)
        local mixed = t:attach(d, {from = "mixed"})
        local own = t:attach{"tair"}
        return grid.count, grid.x[{1, 2}], mixed.x[{1, 2}], notes[1], own.count
        """)
      #expect(results[0].integer == 2)
      #expect(results[1].number == 15)
      #expect(results[2].number == 5)
      #expect(results[3].string == "1 site-days lie outside the drivers' years, left out")
      #expect(results[4].integer == 3)
      let error = #expect(throws: LuaError.self) {
        try lua.run("local folder = '\(folder)' t:attach(drivers.build{ \(arguments) }, {from = 'gird'})")
      }
      #expect(error?.description.contains("did you mean 'grid'?") == true)
    }
  }

  @Test("grids and time axes can be looked at")
  func axes() throws {
    let results = try lua.run("""
      local g = grid.regular(2)
      return tostring(g), g.rows, g.lat[1], g.lon.shape[1], g:matches(grid.regular(2)), g.area:sum():item()
      """)
    #expect(results[0].string == "Grid [lat 90, lon 180], -89.0 … 89.0°N, -179.0 … 179.0°E")
    #expect(results[1].integer == 90)
    #expect(results[2].number == -89)
    #expect(results[4].boolean == true)
    #expect(abs((results[5].number ?? 0) - 5.1006e14) < 1e11)
  }
}
