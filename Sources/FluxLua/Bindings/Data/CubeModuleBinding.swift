import FluxCore
import FluxData
import FluxTensor
import LuaRuntime

/// `cube.open(…)`: gridded data of CF netCDF files.
let cubeModule = LuaModule(
  "cube", "CF gridded data, lazy until asked", types: [Cube.luaType],
  [
    .function(
      "open", "(path: string|string[], variable?: string) -> Cube",
      "a variable of a netCDF file or NCZarr store; a pattern or a list of files is joined along time",
      example: """
        tair = cube.open("example/drivers/tair.nc")
        tair.name, tair.units  --> tair  degC
        joined = cube.open({ "example/reference/nee.nc" }, "nee")
        joined.units  --> gC m-2 d-1
        """
    ) { call in
      let paths = try call.argument(1, "path") as LuaOneOrMany<String>
      let variable = try call.argument(2, "variable") as String?
      guard paths.values.count == 1 else { return try Cube.open(paths: paths.values, variable: variable) }
      return try Cube.open(paths.values[0], variable: variable)
    },
    .function("list", "(path: string) -> table[]", "the variables of a file: name, dims, shape, type, units, long_name of each",
      example: """
        for _, v in ipairs(cube.list("example/drivers/tair.nc")) do print(v.name, v.units) end
        """
    ) { call in
      LuaTable(items: try Cube.list(call.argument(1, "path")).map { variable in
        LuaTable(fields: [
          "name": variable.name, "dims": variable.dimensions.map(\.name), "shape": variable.shape, "type": variable.type.description,
          "units": variable.attributes.text("units"), "long_name": variable.attributes.text("long_name"),
        ])
      })
    },
    .function(
      "new",
      "({[1]: Tensor, lat: number[]|Tensor, lon: number[]|Tensor, time?: string[]|Time, name: string = \"cube\", units: string = \"\", long_name?: string, calendar: string = \"standard\"}) -> Cube",
      "a cube of a tensor [lat, lon] or [time, lat, lon]; latitudes and longitudes in any order, dates as YYYY-MM-DD",
      example: """
        own = cube.new {
          tensor { { 1, 2 }, { 3, 4 } }, lat = { -45, 45 }, lon = { -90, 90 }, name = "mine", units = "kg m-2",
        }
        own:mean()  --> 2.5
        """
    ) { call in
      let options = try call.options(1)
      guard let tensor: Tensor = try options.item(1) else {
        throw FluxError("no tensor", at: call.place, expected: "{tensor, lat = …, lon = …}")
      }
      return try Cube(
        unordered: tensor.floats(), shape: tensor.shape.dimensions, latitudes: degrees(options, "lat"), longitudes: degrees(options, "lon"),
        time: timeAxis(options), name: options.value("name", default: "cube"), unit: options.value("units", default: ""),
        longName: options.value("long_name"), at: call.place)
    },
  ])

private func degrees(_ options: LuaOptions, _ name: String) throws -> [Double] {
  if let tensor = options.value(name, if: Tensor.self) { return tensor.doubles() }
  return try options.required(name) as [Double]
}

private func timeAxis(_ options: LuaOptions) throws -> TimeAxis? {
  if let time = options.value("time", if: TimeAxis.self) { return time }
  guard let dates = try options.value("time") as [String]? else { return nil }
  let place = options.call.place
  let calendar = try Calendar(attribute: options.value("calendar"), at: place)
  return try TimeAxis(calendar: calendar, dates: dates.map { try CalendarDate($0, calendar: calendar, at: place) }, at: place)
}
