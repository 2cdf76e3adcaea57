import FluxCore
import FluxData
import FluxFigures
import FluxTensor
import LuaRuntime

/// `series.open(path)`: regional time series from files; most come from integrals and inversions.
let seriesModule = LuaModule(
  "series", "regional time series: what integrals, targets and predictions are", types: [Series.luaType],
  [
    .function("open", "(path: string, variable?: string) -> Series", "what series:save wrote",
      example: """
        T:save("target.nc")
        series.open("target.nc").unit  --> PgC month-1
        """
    ) { call in
      try Series.open(call.argument(1, "path"), variable: call.argument(2, "variable"))
    },
    .function(
      "new",
      "({[1]: Tensor, time: Time, regions: string[]|Regions, unit: string, members?: string[], name: string = \"series\"}) -> Series",
      "a series of a tensor [region, time] or [member, region, time]",
      example: """
        own = series.new {
          tensor.zeros { 18, 36 }, time = T.time, regions = r, unit = "PgC month-1", name = "nothing",
        }
        own:annual().unit  --> PgC yr-1
        """
    ) { call in
      let options = try call.options(1)
      guard let values = try options.item(1) as Tensor? else {
        throw FluxError("the values are missing", at: call.place, expected: "a Tensor as the first item")
      }
      let set = options.value("regions", if: RegionSet.self)
      return try Series(
        name: options.value("name", default: "series"), unit: Unit(options.required("unit"), at: call.place),
        time: options.required("time"), regions: set?.codes ?? options.required("regions"), regionArea: set?.area,
        members: options.value("members"), values: values.doubles(), at: call.place)
    },
  ])

extension Series: LuaExposed {
  public static let luaType = LuaType<Series>(
    "Series", "regional time series, one or an ensemble", members: seriesProperties + seriesMethods + seriesOperators)

  public var luaDescription: String { description }
  public var luaTree: String { tree }
  public var nativeByteCount: Int { values.count * 8 }
}

private let seriesProperties: [LuaMember<Series>] = [
  .property("values", "Tensor", "[region, time] or [member, region, time], float64, NaN where missing",
    example: """
      table.concat(T.values.names, " ")  --> member region time
      T:mean("member").values:sum("region").shape[1]  --> 36
      """
  ) { series in
    try Tensor(series.values, shape: Shape(series.shape), names: series.dimensions)
  },
  .property("name", "string", "short name") { $0.name },
  .property("unit", "string", "unit of the values, positive to the atmosphere") { $0.unit.description },
  .property("regions", "string[]", "region codes") { $0.regions },
  .property("area", "Tensor?", "land area [region], m², where known") { series in
    try series.regionArea.map { try Tensor($0, names: ["region"]) }
  },
  .property("time", "Time", "the dates") { $0.time },
  .property("members", "string[]?", "names of the members; nil for a single series",
    example: "#T.members  --> 5"
  ) { $0.members },
  .property("range", "Series", "maximum minus minimum over the members present; missing when fewer than two",
    example: "T.range.values:nanmean():item() > 0  --> true"
  ) { $0.range },
  .property("notes", "string[]", "what a reader should know: missing cells, years left out, months filled") { $0.notes },
]

private let seriesMethods: [LuaMember<Series>] = [
  .method(
    "sel", "({years?: integer|integer[], months?: integer|integer[], region?: string|string[], member?: string|string[]}) -> Series",
    "a part: years {first, last}, any months; a single member loses its dimension",
    example: """
      summers = T:sel { years = { 2001, 2002 }, months = { 6, 7, 8 }, region = "BRA", member = "CTE" }
      summers.time.count  --> 6
      """
  ) { series, call in
    let options = try call.options(1)
    let years = (try options.value("years") as LuaOneOrMany<Int>?)?.values
    if let years, !(1...2).contains(years.count) {
      throw options.mismatch("years", "a list of \(years.count)", expected: "one year, or the first and the last")
    }
    let region = try options.value("region") as LuaOneOrMany<String>?
    let range = years.map { min($0[0], $0[$0.count - 1])...max($0[0], $0[$0.count - 1]) }
    let months = (try options.value("months") as LuaOneOrMany<Int>?)?.values
    if let one = options.value("member", if: String.self) {
      return try series.member(one).selecting(years: range, months: months, regions: region?.values)
    }
    return try series.selecting(years: range, months: months, regions: region?.values, members: options.value("member"))
  },
  .method("only", "(regions: string|string[]) -> Series", "these regions, in the order given",
    example: """
      table.concat(T:only { "EU", "BRA" }.regions, " ")  --> EU BRA
      """
  ) { series, call in
    try series.only((call.argument(1, "regions") as LuaOneOrMany<String>).values)
  },
  .method("relabel", "(codes: string[]) -> Series", "the same rows under other region codes: a user's names, or a control that must fail",
    example: """
      pair = T:only { "EU", "BRA" }
      table.concat(pair:relabel { "BRA", "EU" }.regions, " ")  --> BRA EU
      """
  ) { series, call in try series.relabelled(call.argument(1, "codes")) },
  .method("annual", "() -> Series", "one value a year: totals per step are summed, rates averaged by days",
    example: """
      a = T:annual()
      a.unit, a.time.count  --> PgC yr-1  3
      """
  ) { series, _ in try series.annual() },
  .method("monthly", "() -> Series", "one value a month: totals per step are summed, rates averaged by days") { series, _ in try series.monthly() },
  .method("msc", "() -> Series", "mean seasonal cycle: 12 months, or 365 days",
    example: "T:msc().time.count  --> 12"
  ) { series, _ in try series.meanSeasonalCycle() },
  .method("anomaly", "() -> Series", "departures from the mean seasonal cycle",
    example: "math.abs(T:anomaly().values:nanmean():item()) < 1e-9  --> true"
  ) { series, _ in try series.anomaly() },
  .method("detrend", "() -> Series", "without its straight line through time; the mean stays") { series, _ in series.detrended() },
  .method("mean", "(dim: string = \"member\") -> Series", "the mean over the members present",
    example: """
      T:mean("member"):annual().values.rank  --> 2
      """
  ) { series, call in
    try requireMember(call, series)
    return series.memberMean()
  },
  .method("std", "(dim: string = \"member\") -> Series", "the standard deviation (n - 1) over the members present",
    example: """
      T:std("member").values:nanmean():item() > 0  --> true
      """
  ) { series, call in
    try requireMember(call, series)
    return series.memberStandardDeviation()
  },
  .method("total", "() -> Series", "the sum over all regions, as one region 'globe'",
    example: "T:total().regions[1]  --> globe"
  ) { series, _ in series.total() },
  .method("to", "(unit: string) -> Series", "in another unit; months and years have the calendar's own days",
    example: """
      T:to("TgC month-1").unit  --> TgC month-1
      """
  ) { series, call in
    try series.converted(to: Unit(call.argument(1, "unit"), at: call.place))
  },
  .method(
    "plot", "({region?: string|string[], title?: string, ylabel?: string, width?: number}) -> Figure",
    "lines through time, a panel for each region asked for, their sum by default; ensembles as mean ± standard deviation",
    example: """
      T:plot { region = { "BRA", "EU" } }:save("inversions.pdf")
      """
  ) { series, call in
    let options = try call.options(1), wanted = (try options.value("region") as LuaOneOrMany<String>?)?.values
    return try Figure.lines([(name: "", series: series)], regions: wanted ?? (series.regions.count == 1 ? series.regions : ["globe"]),
      label: options.value("ylabel"), at: call.place).with(title: options.value("title"), width: figureWidth(options))
  },
  .method("save", "(path: string)", "writes netCDF-4, which series.open reads",
    example: """
      T:save("target.nc")
      """
  ) { series, call in try series.save(call.argument(1, "path")) },
  .method("csv", "(path: string)", "writes a table: a line for each time (and member), a column for each region",
    example: """
      T:mean("member"):csv("target.csv")
      """
  ) { series, call in
    try series.csv(call.argument(1, "path"))
  },
]

private func requireMember(_ call: LuaCall, _ series: Series) throws {
  let dimension = try call.argument(1, "dim", default: "member")
  guard dimension == "member" else {
    throw FluxError(
      "dimension '\(dimension)'\(NearestName.hint(dimension, among: ["member"]))", at: call.place, expected: "\"member\"",
      remedy: "For other dimensions use the tensor: s.values:mean(\"time\").")
  }
  guard series.members != nil else {
    throw FluxError("a series without members", at: call.place, expected: "an ensemble, with the dimensions [member, region, time]")
  }
}

private let seriesOperators: [LuaMember<Series>] = [
  arithmetic(.add, "the sum; the right side is converted to the left's unit, a number is in the series' unit", { try $0 + $1 }, { $0 + $1 }),
  arithmetic(.subtract, "the difference; the right side is converted to the left's unit", { try $0 - $1 }, { $0 - $1 }),
  arithmetic(.multiply, "the product with a number or a series without unit", { try $0 * $1 }, { $0 * $1 }),
  .operator(.divide, "(left: Series, right: Series|number) -> Series", "the ratio; without unit when both sides have one") { call in
    let left = try call.argument(1, "left") as Series
    if let number = call.argument(2, if: Double.self) { return left / number }
    return try left / (call.argument(2, "right") as Series)
  },
  .operator(.negate, "(series: Series) -> Series", "with the other sign") { call in -(try call.argument(1, "series") as Series) },
]

/// An operator between two series, or a series and a number on either side.
private func arithmetic(
  _ symbol: LuaOperator, _ summary: String, _ both: @escaping @Sendable (Series, Series) throws -> Series,
  _ numbers: @escaping @Sendable (Double, Double) -> Double
) -> LuaMember<Series> {
  .operator(symbol, "(left: Series|number, right: Series|number) -> Series", summary) { call in
    if let number = call.argument(1, if: Double.self) {
      return try (call.argument(2, "right") as Series).map { numbers(number, $0) }
    }
    let left = try call.argument(1, "left") as Series
    if let number = call.argument(2, if: Double.self) { return left.map { numbers($0, number) } }
    return try both(left, call.argument(2, "right"))
  }
}
