import FluxCore
import FluxData
import FluxDrivers
import LuaRuntime

/// Drivers of a mean year: `drivers.climatology`, `drivers.rpot`, `drivers.water_index`.
let climatologyMembers: [LuaModule.Member] = [
  .function(
    "climatology", "({[integer]: Cube, years: integer[]}) -> Drivers",
    "drivers of a mean year, for models of the mean seasonal cycle: a cube of twelve months is held within each month of `years` {first, last}, a map is a constant; cells where one has no value are left out",
    example: """
      monthly = c:msc { by = "month" }
      mean_year = drivers.climatology {
        monthly:named "cycle", c:mean("time"):named "mean", years = { 2001, 2003 },
      }
      table.concat(mean_year.kinds, " ")  --> seasonal constant
      """
  ) { call in
    let options = try call.options(1)
    var cubes: [Cube] = []
    while let cube: Cube = try options.item(cubes.count + 1) { cubes.append(cube) }
    guard let span = try years(options) else { throw options.mismatch("years", "missing", expected: "the first and the last year, such as {2001, 2012}") }
    return try DriverStore.climatology(cubes, years: span)
  },
  .function(
    "rpot", "(cube: Cube) -> Cube", "shortwave radiation at the top of the atmosphere where and when a cube has its values, by day or mean of the month, W m⁻²",
    example: """
      top = drivers.rpot(c:monthly())
      top.units, top:max() < 600  --> W m-2  true
      """
  ) { call in try (call.argument(1, "cube") as Cube).potentialRadiation(at: call.place) },
  .function(
    "water_index", "({precip: Cube, tair: Cube, rg: Cube, fapar?: Cube, capacity?: Cube, layers: integer = 1}) -> Cube",
    "water availability of a mean year, 0 … 1, from monthly climatologies (the same year again and again until the water returns): capacity of the soil in mm, demand by Priestley and Taylor × fAPAR",
    example: """
      function mean_year(name) return cube.open("example/drivers/" .. name .. ".nc"):msc { by = "month" } end
      wet = drivers.water_index { precip = mean_year "precip", tair = mean_year "tair", rg = mean_year "rg" }
      wet:max() <= 1  --> true
      """
  ) { call in
    let options = try call.options(1), layers: Int = try options.value("layers", default: 1)
    guard let kind = WaterBalance.Layers(rawValue: layers) else { throw options.mismatch("layers", "\(layers)", expected: "1 or 2") }
    return try ClimatologicalWater(balance: WaterBalance(layers: kind)).index(
      precipitation: options.required("precip"), temperature: options.required("tair"), shortwave: options.required("rg"),
      fapar: options.value("fapar"), capacity: options.value("capacity"), at: call.place)
  },
]
