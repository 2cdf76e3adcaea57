import FluxCore
import FluxData
import FluxDocument
import FluxDrivers
import FluxTensor
import LuaRuntime

/// `drivers.build{…}` and `drivers.open(path)`: what a flux model sees of the world.
let driversModule = LuaModule(
  "drivers", "the drivers of a flux model, packed for every land pixel", types: [DriverStore.luaType, DriverRecipe.luaType, TimeAxis.luaType],
  [
    .function(
      "build",
      """
      ({evi?: Cube|string, fapar?: Cube|string, lst_day?: Cube|string, lst_night?: Cube|string, ndvi?: Cube|string, \
      ndwi?: Cube|string, band4?: Cube|string, rg?: Cube|string, tair?: Cube|string, precip?: Cube|string, rpot?: Cube|string, \
      pft?: Cube|string, years?: integer[], grid?: Grid, recipe: string|Recipe|table = "paper", layers: integer = 2, \
      into?: string}) -> Drivers
      """,
      "the drivers of a recipe from base variables, each a cube or a file; those on another grid than `grid` are regridded, those stored per plant functional type mixed by the fractions of `pft`; `recipe` is paper (which needs ten variables), names, tramontana or what drivers.recipe takes, `layers` those of the water balance; with `into`, built on the disk in bounded memory, and a build that was killed goes on where it was",
      example: """
        function file(name) return "example/drivers/" .. name .. ".nc" end
        built = drivers.build {
          evi = file "evi", fapar = file "fapar", ndvi = file "ndvi", ndwi = file "ndwi",
          band4 = file "band4", lst_day = file "lst_day", lst_night = file "lst_night",
          rg = file "rg", tair = file "tair", precip = file "precip",
          years = { 2001, 2002 }, into = "drivers.nc",
        }
        #built.names, built.time.count  --> 10  730
        """
    ) { call in
      let options = try call.options(1)
      let recipe = try options.value("recipe", as: LuaValue.self).map { try DriverRecipe($0, call) } ?? .paper
      var cubes: [String: Cube] = [:]
      for name in BaseVariable.compositeNames + BaseVariable.dailyNames + ["rpot"] {
        cubes[name] = try baseCube(name, options)
      }
      var builder = try DriverBuilder(cubes: cubes, pft: baseCube("pft", options), grid: options.value("grid"))
      builder.recipe = recipe
      builder.years = try years(options)
      let layers: Int = try options.value("layers", default: 2)
      guard let kind = WaterBalance.Layers(rawValue: layers) else {
        throw options.mismatch("layers", "\(layers)", expected: "1 or 2")
      }
      builder.waterBalance = WaterBalance(layers: kind)
      let progress = Progress("drivers")
      defer { progress.finish() }
      return try builder.build(into: options.value("into")) { progress.update($0, $1) }
    },
    .value("recipes", "table", "the readings of Table A2 by name: paper, names, tramontana",
      example: """
        drivers.recipes.paper
        drivers.recipes.tramontana.kinds[6]  --> daily
        """
    ) { _ in Dictionary(uniqueKeysWithValues: DriverRecipe.presets.map { ($0.name, $0) }) },
    .function(
      "recipe", "({[integer]: table, [string]: string, from?: string|Recipe, without?: string[]}) -> Recipe",
      "which drivers to make: {name, formula, unit?, kind?} each, alone or on top of `from`, whose drivers are redefined by name; a formula is of evi fapar lst_day lst_night ndvi ndwi band4 rg tair precip rpot wai, of msc amplitude min max mean, of + - * / and numbers",
      example: """
        mine = drivers.recipe {
          from = "paper", without = { "AMP_Band4" },
          Rg_VIMSC = "msc(ndvi) * rg",
          { name = "AMP_Tair", formula = "amplitude(msc(tair))" },
        }
        #mine.names, mine.kinds[6], mine.units[10]  --> 10  daily  degC
        """
    ) { call in try DriverRecipe(call.table(1, "recipe"), call) },
    .function("open", "(path: string, {verify: boolean = true}) -> Drivers",
      "drivers that drivers.build saved, mapped into memory; verify compares every value with its checksum first",
      example: """
        d:save("drivers.nc")
        again = drivers.open("drivers.nc")
        again.hash == d.hash  --> true
        """
    ) { call in
      let progress = Progress("checksums")
      defer { progress.finish() }
      return try DriverStore.open(
        call.argument(1, "path"), isVerified: call.options(2).value("verify", default: true)) { progress.update($0) }
    },
  ] + climatologyMembers)

/// A cube, or of a file the variable of that name, otherwise the only one that it has.
private func baseCube(_ name: String, _ options: LuaOptions) throws -> Cube? {
  guard let path = options.value(name, if: String.self) else { return try options.value(name) }
  if let named = try? Cube.open(path, variable: name) { return named }
  return try Cube.open(path)
}

/// `{2001, 2012}`: first and last.
func years(_ options: LuaOptions) throws -> ClosedRange<Int>? {
  guard let ends = try options.value("years") as [Int]? else { return nil }
  guard ends.count == 2, ends[0] <= ends[1] else {
    throw options.mismatch(
      "years", "{\(ends.map(String.init).joined(separator: ", "))}", expected: "the first and the last year, such as {2001, 2012}")
  }
  return ends[0]...ends[1]
}

extension DriverStore: LuaExposed {
  public static let luaType = LuaType<DriverStore>(
    "Drivers", "what a flux model sees of each land pixel, day by day",
    members: [
      .property("names", "string[]", "the drivers, in the order of a model's inputs",
        example: """
          d.names[2]  --> Tair
          model.mlp { inputs = d.names }
          """
      ) { $0.names },
      .property("kinds", "string[]", "constant, seasonal or daily, one for each driver",
        example: "d.names[3], d.kinds[3]  --> MSC_EVIRpot  seasonal"
      ) { $0.kinds.map(\.rawValue) },
      .property("units", "string[]", "one for each driver") { $0.definitions.map(\.unit) },
      .property("formulas", "string[]", "what each driver is computed of",
        example: "d.formulas[6]  --> msc(ndvi) * rpot"
      ) { $0.definitions.map(\.formula) },
      .property("grid", "Grid", "the grid of the land pixels") { $0.grid },
      .property("time", "Time", "every day, standard calendar") { $0.time },
      .property("lat", "Tensor", "centres of the land pixels [pixel], degrees north") { store in
        try Tensor((0..<store.pixelCount).map(store.latitude(ofPixel:)), names: ["pixel"])
      },
      .property("lon", "Tensor", "centres of the land pixels [pixel], degrees east") { store in
        try Tensor((0..<store.pixelCount).map(store.longitude(ofPixel:)), names: ["pixel"])
      },
      .property("notes", "string[]", "what was missing, filled or assumed while building") { $0.notes },
      .property("hash", "string", "fingerprint of names, pixels, days and values") { $0.hash },
      .method(
        "at", "(lat: number, lon: number) -> table",
        "drivers of the nearest land pixel: {lat, lon, distance (km), values = Tensor [day, driver]}",
        example: """
          manaus = d:at(-3.1, -60.0)
          manaus.values.names[1], manaus.values.names[2]  --> day  driver
          manaus.distance < 500  --> true
          """
      ) { store, call in
        let series = try store.at(latitude: call.argument(1, "lat"), longitude: call.argument(2, "lon"))
        let days = (0..<store.dayCount).flatMap { day in series.values.map { $0[day] } }
        return LuaTable(fields: [
          "lat": series.latitude, "lon": series.longitude, "distance": series.distance,
          "values": try Tensor(days, shape: Shape([store.dayCount, store.driverCount]), names: ["day", "driver"]),
        ])
      },
      consistency,
      .method("save", "(path: string)", "writes them to one netCDF file, all or nothing",
        example: """
          d:save("drivers.nc")
          """
      ) { store, call in
        try store.save(call.argument(1, "path"))
      },
    ])

  public var luaDescription: String { description }
  public var luaTree: String {
    let width = names.map(\.count).max() ?? 0
    let rows = definitions.map { driver in
      let name = driver.name + String(repeating: " ", count: width - driver.name.count)
      return "├── \(name)  \(driver.kind.rawValue), \(driver.unit): \(driver.formula)"
    }
    return ([description] + rows + ["└── notes: \(notes.count)"]).joined(separator: "\n")
  }
  public var nativeByteCount: Int { byteCount }
}
