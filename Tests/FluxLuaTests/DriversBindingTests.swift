import FluxCore
import FluxData
import FluxDrivers
import FluxLua
import FluxObservations
import Glibc
import LuaRuntime
import TestSupport
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
      expectRefusal("drivers.build: option 'tair' is a number; expected a Cube") {
        try lua.run("local folder = '\(folder)' return drivers.build{ \(arguments), tair = 3 }")
      }
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
        expectRefusal(part) { try lua.run("local folder = '\(folder)' " + code) }
      }
    }
  }

  @Test("a recipe prints as a table; one of a script redefines, leaves out and adds drivers, and the file keeps the formulas")
  func recipe() throws {
    try withArchive { folder in
      let results = try lua.run("""
        local folder = '\(folder)'
        local d = drivers.build{ \(arguments), into = folder .. '/store.nc', recipe = {
          from = 'paper', without = {'AMP_Band4'}, Rg_VIMSC = 'msc(ndvi) * rg',
          {name = 'Tair', formula = 'tair + 273.15', unit = 'K', kind = 'daily'}, {name = 'share', formula = 'wai * rg / (rpot + 1)'},
        }}
        local again = drivers.open(folder .. '/store.nc')
        local here = d:at(51, 10).values
        local memory = drivers.build{ \(arguments), recipe = drivers.recipe{ from = drivers.recipes.names, {name = 'RainCycle', formula = 'msc(precip)'} } }
        return tostring(drivers.recipes.paper), table.concat(again.names, ' '), again.formulas[10], again.units[10], here[{1, 2}], here[{1, 6}],
          again.hash == d.hash, memory.formulas[3], memory:at(51, 10).values[{7, 11}], memory.units[11], drivers.build{ \(arguments) }.hash ==
          drivers.build{ \(arguments), recipe = drivers.recipes.paper }.hash
        """)
      #expect(results[0].string?.contains("\nAMP_MSC_WAI    constant  1      amplitude(msc(wai))") == true)
      #expect(results[1].string == "WAI2 Tair MSC_EVIRpot MSC_FparLST MSC_LST_Night Rg_VIMSC MIN_MSC_NDWI AMP_MSC_NDVI AMP_MSC_WAI share")
      #expect(results[2].string == "wai * rg / (rpot + 1)" && results[3].string == "1")
      #expect(abs((results[4].number ?? 0) - 288.15) < 1e-4 && abs((results[5].number ?? 0) - 100) < 1e-4)
      #expect(results[6].boolean == true)
      #expect(results[7].string == "msc(evi * rpot)")
      #expect(abs((results[8].number ?? 0) - 3) < 1e-6 && results[9].string == "mm d-1")
      #expect(results[10].boolean == true)
    }
  }

  @Test("a recipe that needs two variables asks for no others")
  func fewVariables() throws {
    try withArchive { folder in
      let results = try lua.run("""
        local folder = '\(folder)'
        local d = drivers.build{ tair = folder .. '/tair.nc', ndvi = folder .. '/ndvi.nc',
          recipe = {{name = 'warmth', formula = 'tair'}, {name = 'green', formula = 'msc(ndvi)'}} }
        local c = drivers.build{ ndvi = folder .. '/ndvi.nc', recipe = {{name = 'green', formula = 'msc(ndvi)'}} }
        return #d.names, d:at(51, 10).values[{3, 1}], #c.time
        """)
      #expect(results[0].integer == 2 && results[1].number == 15 && results[2].integer == 731)
    }
  }

  @Test("a bad recipe is told by driver, field and nearest name", arguments: [
    ("{from = 'papr'}", "did you mean 'paper'?"), ("{from = 'paper', AMP_NDVI = 'tair'}", "'AMP_NDVI' redefines no driver"),
    ("{from = 'paper', wthout = {'Tair'}}", "did you mean 'without'?"), ("{from = 'paper', AMP_MSC_NDVI = 3}", "'AMP_MSC_NDVI' is a number"),
    ("{Tair = 'tair'}", "A new driver stands in the list: {name = \"Tair\", formula = …}."), ("{}", "a recipe of 0 drivers"),
    ("{'tair'}", "driver 1 is a string"), ("{{name = 'a'}}", "driver 1 has no formula"), ("{{formula = 'tair'}}", "driver 1 has no name"),
    ("{{name = 'a', formla = 'tair'}}", "did you mean 'formula'?"), ("{{name = 'a', formula = 'msc(ndiv)'}}", "did you mean 'ndvi'?"),
    ("{{name = 'a', formula = 'ndvi'}}", "Write msc(ndvi)."), ("{from = 'paper', without = {'Tiar'}}", "did you mean 'Tair'?"),
  ])
  func badRecipe(_ recipe: String, _ part: String) {
    for code in ["drivers.recipe(\(recipe))", "drivers.build{ recipe = \(recipe) }"] {
      expectRefusal(part, code.hasPrefix("drivers.recipe") ? "drivers.recipe" : "drivers.build") {
        try lua.run("return " + code)
      }
    }
  }

  @Test("a variable that is stored per plant functional type is mixed by the fractions of pft=, in memory and into a file")
  func mixed() throws {
    try withArchive { folder in
      let grid = try Grid.regular(step: 10), time = TimeAxis.eightDaily(years: 2003...2004)
      let types = Cube.LeadingDimension(name: "type", labels: ["tree", "grass", "bare"]), map = grid.cellCount
      func cells(_ parts: [Float], _ count: Int) -> [Float] { parts.flatMap { [Float](repeating: $0, count: count) } }
      // Nothing grows on bare ground: its NDVI is missing, and its quarter does not count.
      try Cube(name: "ndvi", values: cells([0.8, 0.2, .nan], map * time.count), grid: grid, time: time, unit: "1", leading: types)
        .save("\(folder)/typed.nc")
      try Cube(name: "pft", values: cells([0.25, 0.5, 0.25], map), grid: grid, unit: "1", leading: types).save("\(folder)/pft.nc")
      defer { ["typed", "pft"].forEach { unlink("\(folder)/\($0).nc") } }
      let results = try lua.run("""
        local folder = '\(folder)'
        local typed, pft = cube.open(folder .. '/typed.nc', 'ndvi'), folder .. '/pft.nc'
        local d = drivers.build{ \(arguments), ndvi = typed, pft = pft }
        local e = drivers.build{ \(arguments), ndvi = typed, pft = cube.open(pft), into = folder .. '/store.nc' }
        local plain = drivers.build{ \(arguments), ndvi = typed * 0 + 0.4, pft = pft }
        return d.hash == e.hash, d:at(51, 10).values[{100, 6}], plain:at(51, 10).values[{100, 6}]
        """)
      #expect(results[0].boolean == true)
      let potential = PotentialRadiation.dailyMean(latitude: 55, dayOfYear: 100)
      let mixed = try #require(results[1].number), plain = try #require(results[2].number)
      #expect(abs(mixed - (0.25 * 0.8 + 0.5 * 0.2) / 0.75 * potential) < 1e-3 && abs(plain - 0.4 * potential) < 1e-3)
      for (code, part) in [
        ("", "'ndvi' is stored for the types tree, grass, bare; expected pft=, the fractions to mix them by"),
        (", pft = folder .. '/ndvi.nc'", "expected fractions (type, lat, lon)"),
        (", pft = cube.open(folder .. '/typed.nc', 'ndvi')", "'pft' has 92 times; expected one map of fractions a type"),
      ] {
        let ndvi = "ndvi = cube.open(folder .. '/typed.nc', 'ndvi')"
        expectRefusal(part) {
          try lua.run("local folder = '\(folder)' return drivers.build{ \(arguments), \(ndvi)\(code) }")
        }
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
      expectRefusal("did you mean 'grid'?") {
        try lua.run("local folder = '\(folder)' t:attach(drivers.build{ \(arguments) }, {from = 'gird'})")
      }
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
