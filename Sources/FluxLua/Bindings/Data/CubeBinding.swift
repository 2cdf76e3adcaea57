import FluxCore
import FluxData
import FluxFigures
import FluxTensor
import LuaRuntime

extension Cube: LuaExposed {
  public static let luaType = LuaType<Cube>(
    "Cube", "values on latitude, longitude and mostly time; lazy until asked",
    members: properties + parts + statistics + timeTools + output + operators)

  public var luaDescription: String {
    let axes = zip(dimensions, shape).map { "\($0) \($1)" }.joined(separator: ", ")
    return "\(name) [\(axes)]" + (unitText.isEmpty ? "" : " \(unit?.description ?? unitText)")
  }
  public var luaTree: String { description }

  private static let properties: [LuaMember<Cube>] = [
    .property("name", "string", "name of the variable") { $0.name },
    .property("long_name", "string", "what it is, in words") { $0.longName },
    .property("units", "string", "the unit, in this program's spelling; empty for none",
      example: "c.units  --> gC m-2 d-1"
    ) { $0.unit?.description ?? $0.unitText },
    .property("dims", "string[]", "names of the dimensions, slowest first",
      example: """
        table.concat(c.dims, " ")  --> time lat lon
        """
    ) { $0.dimensions },
    .property("shape", "integer[]", "the length of each dimension") { $0.shape },
    .property("time", "Time?", "the time axis; nil for a map",
      example: "c.time.first  --> 2001-01-01"
    ) { $0.time },
    .property("lat", "Tensor", "cell centres [lat], degrees north, ascending") { try Tensor($0.grid.latitudes, names: ["lat"]) },
    .property("lon", "Tensor", "cell centres [lon], degrees east in [-180, 180), ascending") { try Tensor($0.grid.longitudes, names: ["lon"]) },
    .property("grid", "Grid", "the grid, always south to north and west to east") { $0.grid },
    .property("members", "string[]?", "labels of the dimension before time: ensemble members, plant functional types",
      example: """
        cube.open("example/inversions/inversions.nc").members[1]  --> CAMS
        """
    ) { $0.leading?.labels },
    .property("attributes", "table", "further attributes of the variable") { cube in
      var table = LuaTable()
      table.fields = cube.attributes.map { ($0.name, $0.value.luaValue) }
      return table
    },
    .property("missing", "integer?", "missing values that the statistic which made this cube has skipped") { $0.missingCount },
  ]

  private static let parts: [LuaMember<Cube>] = [
    .method(
      "sel",
      "({time?: string|string[], year?: integer|integer[], month?: integer|integer[], lat?: number[], lon?: number[], region?: string, member?: string|string[]}) -> Cube",
      "a view of a part; ends are included, in any order: {time={\"2001-01\",\"2001-12\"}, lat={-20,20}, lon={-80,-35}, region=\"BRA\", month=7}",
      example: """
        summer = c:sel { year = 2002, month = { 6, 7, 8 }, region = "EU" }
        summer:mean() < 0  --> true
        c:sel { lat = { -20, 20 }, lon = { -80, -35 } }.lat[1] >= -20  --> true
        """
    ) { cube, call in try cube.selecting(selection(cube, call.options(1))) },
    .method("at", "(lat: number, lon: number) -> Cube", "the series of the nearest cell",
      example: """
        paris = c:at(48.7, 2.2)
        paris.dims[1], #paris.dims  --> time  1
        """
    ) { cube, call in
      try cube.at(latitude: call.argument(1, "lat"), longitude: call.argument(2, "lon"))
    },
    .method("to", "(unit: string, {of?: string}) -> Cube", "in another unit; of = \"C\" or \"CO2\" says what a bare mass is",
      example: """
        kelvin = cube.open("example/drivers/tair.nc"):to("K")
        kelvin:max() > 273  --> true
        c:to("umol m-2 s-1", { of = "C" }).units  --> umol m-2 s-1
        """
    ) { cube, call in
      try cube.converted(to: call.argument(1, "unit"), of: call.options(2).value("of"))
    },
    .method("with_units", "(unit: string) -> Cube", "the same values with another unit, for files that say none or a wrong one",
      example: """
        c:with_units("kgC m-2 s-1").units  --> kgC m-2 s-1
        """
    ) { cube, call in
      try cube.relabelled(unit: call.argument(1, "unit"))
    },
    .method("named", "(name: string, long_name?: string) -> Cube", "the same cube under another name",
      example: """
        c:named("nee_ec", "NEE of the tower-only product").name  --> nee_ec
        """
    ) { cube, call in
      try cube.named(call.argument(1, "name"), longName: call.argument(2, "long_name"))
    },
    .method("regrid", "(grid: Grid, method: string = \"conservative\", {totals: boolean = false, quiet: boolean = false}) -> Cube",
      "on another grid: conservative, bilinear or nearest; of a flux per area, prints what becomes of the total. totals = true keeps it at coasts, where cells are partly missing",
      example: """
        c:regrid(grid.regular(10), "conservative", { totals = true, quiet = true }).shape[2]  --> 18
        c:regrid(grid.regular(5), "bilinear").shape[2]  --> 36
        """
    ) { cube, call in
      let options = try call.options(3)
      let method = try call.argument(2, "method", default: RegriddingMethod.conservative)
      let regridded = try cube.regridded(to: call.argument(1, "grid"), method, keepsTotals: options.value("totals", default: false))
      if try !options.value("quiet", default: false), let note = try cube.massCheck(regridded) {
        StandardStream.output.write("regrid, \(method.rawValue): \(note)\n")
      }
      return regridded
    },
    .method("coarsen", "(n: integer) -> Cube", "area-weighted means of blocks of n × n cells",
      example: "c:coarsen(2).shape[2]  --> 15"
    ) { cube, call in
      try cube.coarsened(by: call.argument(1, "n"))
    },
  ]

  private static let statistics: [LuaMember<Cube>] = [
    (Statistic.mean, "mean; weighted by area over lat and lon unless {weights=false}"), (.sum, "plain sum of the values; totals over area are integrals"),
    (.std, "standard deviation, dividing by n"), (.min, "smallest value"), (.max, "largest value"), (.median, "middle value"),
  ].map { statistic, summary in
    .method(
      statistic.rawValue, "(dim?: string|string[], {weights: boolean = true}) -> Cube|number",
      summary + "; over \"time\", \"lat\", \"lon\", \"member\" or a list, a number over all; missing values are skipped and counted"
    ) { cube, call in
      let (names, weighted) = try reduction(call, of: cube)
      let reduced = try cube.reduced(statistic, over: names, weighted: weighted)
      return reduced.dimensions.isEmpty ? LuaResults(try Double(reduced.value())) : LuaResults(reduced)
    }
  }

  private static let timeTools: [LuaMember<Cube>] = [
    .method("msc", "({by?: string}) -> Cube", "mean seasonal cycle, by \"day\" or \"month\": 29 February goes with the 28th",
      example: """
        c:msc { by = "month" }.shape[1]  --> 12
        """
    ) { cube, call in
      try cube.meanSeasonalCycle(by: period(call))
    },
    .method("amplitude", "({by?: string}) -> Cube", "peak-to-trough range of the mean seasonal cycle",
      example: "c:amplitude():mean() > 0  --> true"
    ) { cube, call in
      try cube.amplitude(by: period(call))
    },
    .method("anomaly", "({by?: string}) -> Cube", "departure from the mean seasonal cycle",
      example: """
        math.abs(c:anomaly { by = "month" }:mean()) < 1e-6  --> true
        """
    ) { cube, call in try cube.anomaly(by: period(call)) },
    .method("monthly", "(how: string = \"mean\") -> Cube", "\"mean\" or \"sum\" of each month; the sum of a rate is mean × days",
      example: """
        total = c:monthly("sum")
        total.units, total.shape[1]  --> gC m-2 month-1  36
        """
    ) { cube, call in
      try cube.monthly(call.argument(1, "how", default: Aggregation.mean))
    },
    .method("annual", "(how: string = \"mean\") -> Cube", "\"mean\" or \"sum\" of each year; the sum of a rate is mean × days",
      example: "c:annual().shape[1]  --> 3"
    ) { cube, call in
      try cube.annual(call.argument(1, "how", default: Aggregation.mean))
    },
    .method("detrend", "() -> Cube", "without its linear trend over time; the mean stays",
      example: """
        c:detrend():mean("time").dims[1]  --> lat
        """
    ) { cube, _ in try cube.detrended() },
  ]

  private static let output: [LuaMember<Cube>] = [
    .method(
      "integral", "(regions?: Regions, {unit?: string}) -> Series",
      "area-weighted totals of a flux per area over land fractions, PgC per time step unless a unit is given; the 18 RECCAP2 regions by default",
      example: """
        nee = c:monthly():integral(r)
        nee.unit, #nee.regions  --> PgC month-1  18
        c:monthly():integral(r, { unit = "PgC yr-1" }):sel { region = "BRA" }.unit  --> PgC yr-1
        """
    ) { cube, call in
      let unit = try (call.options(2).value("unit") as String?).map { try Unit($0, at: call.place) }
      let regions = try call.argument(1, "regions") as RegionSet?
      return try cube.integral(regions ?? RegionSet.reccap2(on: cube.grid), unit: unit)
    },
    .method("tensor", "() -> Tensor", "all values, float32, dimensions named, missing ones NaN",
      example: """
        c:tensor():named { "t", "y", "x" }.names[1]  --> t
        c:mean("time"):tensor():isnan():sum():item() > 0  --> true
        """
    ) { cube, _ in
      let shape = Shape(cube.shape)
      return try Tensor.makeFloats(shape, names: cube.dimensions, at: "cube:tensor") {
        try cube.readAll(into: UnsafeMutableBufferPointer(start: $0, count: shape.count))
      }
    },
    .method("save", "(path: string, {deflate: integer = 1}) -> Cube", "writes CF-1.8 netCDF-4, all or nothing",
      example: """
        c:mean("time"):save("mean.nc")
        cube.open("mean.nc").units  --> gC m-2 d-1
        """
    ) { cube, call in
      try cube.save(call.argument(1, "path"), deflate: call.options(2).value("deflate", default: 1))
      return cube
    },
    .method(
      "plot", "({title?: string, label?: string, range?: number[], palette?: string, width?: number}) -> Figure",
      "a map, the mean over time where there is time; the line through time of a cube at one place",
      example: """
        c:plot { title = "Mean NEE" }:save("nee.pdf")
        c:at(48.7, 2.2):plot().panels  --> 1
        """
    ) { cube, call in
      guard cube.time != nil, cube.grid.cellCount == 1 || cube.dimensions == ["time"] else { return try mapFigure(cube, call.options(1), call.place) }
      let options = try call.options(1), curve = try Curve("", cube, colour: .line(0), at: call.place)
      return try Figure.lines([curve], title: options.value("title", default: ""), x: Axis("", ticks: .integers),
        y: Axis(options.value("label", default: cube.axisLabel), range: figureRange(options))).with(width: figureWidth(options))
    },
    .method("doctor", "() -> string", "latitude order, longitude range, calendar, gaps, unit, a guess at the sign",
      example: "print(c:doctor())"
    ) { cube, _ in try cube.doctor() },
  ]

  private static let operators: [LuaMember<Cube>] = [
    (LuaOperator.add, CubeOperation.add, "sum"), (.subtract, .subtract, "difference"), (.multiply, .multiply, "product"),
    (.divide, .divide, "quotient"),
  ].map { symbol, operation, word in
    .operator(symbol, "(left: Cube|number, right: Cube|number) -> Cube", "\(word) of cubes on one grid and time, or with a number; lazy") { call in
      if let number = call.argument(2, if: Double.self) { return try (call.argument(1, "left") as Cube).combined(operation, with: number) }
      let right: Cube = try call.argument(2, "right")
      if let number = call.argument(1, if: Double.self) { return right.combined(operation, with: number, isReversed: true) }
      return try (call.argument(1, "left") as Cube).combined(operation, with: right)
    }
  } + [
    .operator(.negate, "(cube: Cube) -> Cube", "each value times -1") { call in
      (try call.argument(1, "cube") as Cube).combined(.multiply, with: -1)
    }
  ]
}

/// `{time = {"2001-01", "2001-12"}, lat = {-20, 20}, region = "BRA"}`.
private func selection(_ cube: Cube, _ options: LuaOptions) throws -> CubeSelection {
  var selection = CubeSelection()
  func pair<V>(_ name: String, _ values: [V]?) throws -> (V, V)? {
    guard let values else { return nil }
    guard let first = values.first, let last = values.last, values.count <= 2 else {
      throw options.mismatch(name, "a list of \(values.count)", expected: "two ends, such as {1, 2}")
    }
    return (first, last)
  }
  func degrees(_ name: String) throws -> (Double, Double)? {
    let ends = try options.value(name) as [Double]?
    if let ends, ends.count != 2 || ends.contains(where: { !$0.isFinite }) {
      throw options.mismatch(name, "a list of \(ends.count)", expected: "two numbers of degrees, such as {-20, 20}")
    }
    return try pair(name, ends)
  }
  if let (a, b) = try pair("time", (options.value("time") as LuaOneOrMany<String>?)?.values) {
    let calendar = cube.time?.calendar ?? .standard
    let place = options.call.place
    let first = try CalendarDate(a, calendar: calendar, at: place), second = try CalendarDate(b, calendar: calendar, at: place)
    let (early, late) = first <= second ? (a, b) : (b, a)
    selection.dates = (
      try CalendarDate(early, calendar: calendar, at: place), try CalendarDate(late, asEnd: true, calendar: calendar, at: place))
  }
  selection.years = try pair("year", (options.value("year") as LuaOneOrMany<Int>?)?.values)
  selection.months = (try options.value("month") as LuaOneOrMany<Int>?)?.values
  selection.latitudes = try degrees("lat")
  selection.longitudes = try degrees("lon")
  selection.labels = (try options.value("member") as LuaOneOrMany<String>?)?.values
  selection.region = try options.value("region")
  return selection
}

private func period(_ call: LuaCall) throws -> CyclePeriod? { try call.options(1).value("by") }

/// `"time"`, `{"lat", "lon"}`, `{"lat", weights = false}`, `{weights = false}`.
private func reduction(_ call: LuaCall, of cube: Cube) throws -> (names: [String], weighted: Bool) {
  var names: [String] = []
  var weighted = true
  if let name = call.argument(1, if: String.self) {
    names = [name]
  } else if call.has(1) {
    let table = try call.table(1, "dim")
    if let wrong = table.names.first(where: { $0 != "weights" }) {
      throw FluxError("unknown option '\(wrong)'\(NearestName.hint(wrong, among: ["weights"]))", at: call.place, remedy: "Valid: weights.")
    }
    names = try call.argument(1, "dim")
    do { weighted = try table.field("weights", as: Bool.self) ?? true } catch {
      throw FluxError("option 'weights' is \(error.came)", at: call.place, expected: error.expected)
    }
  }
  // The further dimension answers to "member" whatever the file calls it.
  names = names.map { $0 == "member" ? cube.leading?.name ?? $0 : $0 }
  return (names, try call.options(2).value("weights", default: weighted))
}

extension RegriddingMethod: LuaEnum {}
extension Aggregation: LuaEnum {}
extension CyclePeriod: LuaEnum {}
extension Substance: LuaEnum {}

extension NetCDFValue {
  /// Text, a number, or a list of either.
  fileprivate var luaValue: any LuaPushable {
    switch self {
    case .text(let text): text
    case .strings(let texts): texts
    case .numbers(let numbers, _): numbers.count == 1 ? numbers[0] : numbers
    }
  }
}
