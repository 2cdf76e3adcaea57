import FluxCore
import FluxData
import FluxFigures
import FluxTensor
import LuaRuntime

/// What draws any data.
let generalFigures: [LuaModule.Member] = [
  .function(
    "map", "(map: Cube, {title?: string, label?: string, range?: number[], palette?: string, width?: number}) -> Figure",
    "a map with coastlines, the mean over time where there is time; colours diverge around zero where values have both signs",
    example: """
      f = figure.map(c, { title = "Mean NEE", range = { -2, 2 } })
      f:save("mean.png")
      """
  ) { call in try mapFigure(call.argument(1, "map"), call.options(2), call.place) },
  .function(
    "points",
    "({lat: Tensor, lon: Tensor, values: Tensor, title?: string, label?: string, range?: number[], palette?: string, width?: number}) -> Figure",
    "places on a map, each coloured by its number; of their surroundings where they lie close together",
    example: """
      lat, lon = tensor { 51, -3 }, tensor { 13, -60 }
      f = figure.points { lat = lat, lon = lon, values = tensor { 1.2, 0.8 }, label = "RMSE" }
      f:save("places.png")
      """
  ) { call in
    let options = try call.options(1)
    let lat: Tensor = try options.required("lat"), lon: Tensor = try options.required("lon"), values: Tensor = try options.required("values")
    guard lat.shape.count == lon.shape.count, lat.shape.count == values.shape.count else {
      throw FluxError("\(lat.shape.count) latitudes, \(lon.shape.count) longitudes and \(values.shape.count) values", at: call.place, expected: "as many of each")
    }
    return try Figure.points(
      longitudes: lon.doubles(), latitudes: lat.doubles(), values: values.doubles(), title: options.value("title", default: ""),
      label: options.value("label", default: ""), range: figureRange(options), palette: options.value("palette"), at: call.place
    ).finished(options)
  },
  .function(
    "lines",
    "({runs: table, x?: Tensor, region?: string|string[], title?: string, xlabel?: string, ylabel?: string, order?: string[], width?: number}) -> Figure",
    "curves of series (ensembles as mean ± standard deviation), of cubes at a place or of tensors; a panel for each region",
    example: """
      figure.lines { runs = { inversions = T }, region = { "BRA", "EU" } }:save("two.pdf")
      figure.lines { runs = { a = tensor { 1, 3, 2 } }, xlabel = "step" }.panels  --> 1
      """
  ) { call in try linesFigure(call.options(1), call.place) },
  .function(
    "cycle", "({runs: table, region?: string|string[], ylabel?: string, order?: string[], width?: number}) -> Figure",
    "mean seasonal cycles of monthly series, ensembles as mean ± standard deviation (Fig. 3); all regions and the globe by default (Fig. C1)",
    example: """
      figure.cycle { runs = { inversions = T }, region = { "BRA", "EU", "globe" } }:save("cycles.pdf")
      """
  ) { call in
    let options = try call.options(1), runs = try namedRuns(options, as: Series.self).map { (name: $0.name, series: $0.value) }
    let regions = (try options.value("region") as LuaOneOrMany<String>?)?.values
    return try Figure.cycles(runs, regions: regions, label: options.value("ylabel"), at: call.place).finished(options)
  },
  .function(
    "bars", "({runs: table, labels?: string[], errors?: table, title?: string, ylabel?: string, order?: string[], width?: number}) -> Figure",
    "bars side by side: a tensor of heights for each run, with error bars of half length `errors`",
    example: """
      f = figure.bars { runs = { ec = tensor { 1, 2 } }, labels = { "BRA", "EU" }, ylabel = "PgC yr⁻¹" }
      f:save("bars.pdf")
      """
  ) { call in
    let options = try call.options(1), runs = try namedRuns(options, as: Tensor.self).map { (name: $0.name, heights: $0.value.doubles()) }
    let labels: [String] = try options.value("labels", default: [])
    try RunStyle.check(runs.map(\.name), areBars: true, at: call.place)
    if labels.isEmpty, let odd = runs.first(where: { $0.heights.count != runs[0].heights.count }) {
      throw FluxError("run '\(runs[0].name)' has \(runs[0].heights.count) values, run '\(odd.name)' \(odd.heights.count)", at: call.place, expected: "as many of each run",
        remedy: "A place without a value is NaN: it has no bar.")
    }
    if !labels.isEmpty, let odd = runs.first(where: { $0.heights.count != labels.count }) {
      throw FluxError("run '\(odd.name)' has \(odd.heights.count) values", at: call.place, expected: "\(labels.count), one for each label")
    }
    let errors: [String: Tensor] = try options.value("errors", default: [:])
    for (name, error) in errors {
      guard let run = runs.first(where: { $0.name == name }) else {
        throw FluxError("errors of '\(name)'\(NearestName.hint(name, among: runs.map(\.name)))", at: call.place, expected: "names of runs")
      }
      guard error.shape.count == run.heights.count else {
        throw FluxError("\(error.shape.count) errors of run '\(name)'", at: call.place, expected: "\(run.heights.count), one for each bar")
      }
      let lengths = error.doubles()
      if let odd = lengths.firstIndex(where: { $0 < 0 }) {
        throw FluxError("errors of run '\(name)': [\(odd + 1)] is \(lengths[odd])", at: call.place, expected: "0 or more, half the length of the error bar", remedy: "A bar without one has NaN.")
      }
    }
    return try Figure.bars(labels: labels, runs: runs, errors: errors.mapValues { $0.doubles() }, title: options.value("title", default: ""),
      label: options.value("ylabel", default: "")).finished(options)
  },
  .function(
    "scatter",
    "({x: Tensor, y: Tensor, title?: string, xlabel?: string, ylabel?: string, unit?: string, range?: number[], bins: integer = 70, compare: boolean = true, width?: number}) -> Figure",
    "pairs of numbers: points, or counts in boxes beyond 1500 pairs; `compare` gives both axes one range, the line y = x, R and RMSE",
    example: """
      tensor.seed(1)
      figure.scatter { x = tensor.randn { 2000 }, y = tensor.randn { 2000 } }:save("cloud.pdf")
      """
  ) { call in
    let options = try call.options(1), x: Tensor = try options.required("x"), y: Tensor = try options.required("y")
    guard x.shape.count == y.shape.count else { throw FluxError("x has \(x.shape.count) values, y has \(y.shape.count)", at: call.place, expected: "as many of both") }
    let present = zip(x.doubles(), y.doubles()).reduce(0) { $0 + ($1.0.isFinite && $1.1.isFinite ? 1 : 0) }
    guard present > 0 else {
      throw FluxError("of \(x.shape.count) pairs none has two finite numbers", at: call.place, expected: "at least one", remedy: "A pair with a missing value (NaN) is left out: look at x and y first.")
    }
    let bins = try options.value("bins", default: 70)
    guard (0...1000).contains(bins) else { throw options.mismatch("bins", "\(bins)", expected: "1 to 1000, or 0 for points") }
    return try Figure.scatter(
      x: x.doubles(), y: y.doubles(), xLabel: options.value("xlabel", default: ""), yLabel: options.value("ylabel", default: ""),
      title: options.value("title", default: ""), range: figureRange(options), boxes: bins, isComparison: options.value("compare", default: true),
      unit: options.value("unit", default: "")
    ).finished(options)
  },
  .function(
    "heatmap",
    "(matrix: Tensor, {rows?: string[], columns?: string[], title?: string, xlabel?: string, ylabel?: string, label?: string, range?: number[], palette?: string, width?: number}) -> Figure",
    "a tensor [row, column] as coloured boxes, the first row at the top",
    example: """
      f = figure.heatmap(tensor { { 1, 0.2 }, { 0.2, 1 } }, { rows = { "EC", "EC-ATM" }, label = "R" })
      f:save("matrix.pdf")
      """
  ) { call in try heatmapFigure(call.argument(1, "matrix"), call.options(2), call.place) },
  .function(
    "grid", "(figures: table, {title?: string, width?: number}) -> Figure", "figures side by side and below each other: {{a, b}, {c, d}}",
    example: """
      a, b = figure.map(c), figure.lines { runs = { inversions = T } }
      figure.grid { { a, b } }.panels  --> 2
      """
  ) { call in
    let table = try call.table(1, "figures"), options = try call.options(2)
    var rows: [[Figure]] = []
    for i in 0..<table.count {
      let row = try table.withTable(at: i + 1) { row in
        try (0..<row.count).map { j in
          do throws(LuaMismatch) { return try row.item(j + 1, as: Figure.self) } catch {
            throw FluxError("item [\(i + 1)][\(j + 1)] is \(error.came)", at: call.place, expected: "a Figure")
          }
        }
      }
      guard let row else { throw FluxError("item [\(i + 1)] is a \(table.typeName(at: i + 1))", at: call.place, expected: "a list of figures, {{a, b}, {c, d}}") }
      rows.append(row)
    }
    guard rows.contains(where: { !$0.isEmpty }) else { throw FluxError("no figures", at: call.place, expected: "rows of figures, {{a, b}, {c, d}}") }
    return try Figure.grid(rows).with(title: options.value("title")).finished(options)
  },
]

/// The figure of `figure.map` and of a cube's `plot`.
func mapFigure(_ cube: Cube, _ options: LuaOptions, _ place: String) throws -> Figure {
  try Figure.map(
    cube, title: options.value("title"), label: options.value("label"), range: figureRange(options), palette: options.value("palette"), at: place
  ).finished(options)
}

func heatmapFigure(_ matrix: Tensor, _ options: LuaOptions, _ place: String) throws -> Figure {
  guard matrix.shape.rank == 2 else {
    throw FluxError("a tensor of shape \(matrix.shape), of rank \(matrix.shape.rank)", at: place, expected: place == "Tensor:plot" ? "rank 1, a curve, or rank 2, [row, column]" : "rank 2, [row, column]")
  }
  guard matrix.shape.count > 0 else { throw FluxError("a tensor of shape \(matrix.shape) holds no value", at: place, expected: "at least one") }
  let values = matrix.doubles().map(Float.init), rows = matrix.shape[0], columns = matrix.shape[1]
  func names(_ option: String, _ count: Int) throws -> [String] {
    let names: [String] = try options.value(option, default: [])
    guard names.isEmpty || names.count == count else { throw options.mismatch(option, "a list of \(names.count)", expected: "\(count) words, or none") }
    return names
  }
  let scale = try ColourScale(
    of: values, label: options.value("label", default: ""), range: figureRange(options),
    palette: ColourScale.checked(options.value("palette"), at: place))
  return try Figure.heatmap(
    values, rows: rows, columns: columns, rowNames: names("rows", rows), columnNames: names("columns", columns), title: options.value("title", default: ""),
    x: options.value("xlabel", default: matrix.names?[1] ?? ""), y: options.value("ylabel", default: matrix.names?[0] ?? ""), colours: scale
  ).finished(options)
}

private func linesFigure(_ options: LuaOptions, _ place: String) throws -> Figure {
  let runs = try namedRuns(options, as: LuaReference.self)
  let series = runs.compactMap { run in run.value.read(as: Series.self).map { (name: run.name, series: $0) } }
  if series.count == runs.count {
    let wanted = (try options.value("region") as LuaOneOrMany<String>?)?.values
    let regions = wanted ?? (series[0].series.regions.count == 1 ? series[0].series.regions : ["globe"])
    var figure = try Figure.lines(series, regions: regions, label: options.value("ylabel"), at: place)
    if let title: String = try options.value("title") { figure.title = title }
    return try figure.finished(options)
  }
  let given: Tensor? = try options.value("x")
  try RunStyle.check(runs.map(\.name), at: place)
  let colours = RunStyle.colours(runs.map(\.name))
  var time = Axis(), label = ""
  let curves = try runs.enumerated().map { i, run -> Curve in
    if let cube = run.value.read(as: Cube.self) {
      let curve = try Curve(run.name, cube, colour: colours[i], at: place), axis = cube.timeAxis
      if i > 0, !axis.isLike(time) {
        throw FluxError("run '\(run.name)' lies on other dates than run '\(runs[0].name)'", at: place, expected: "years, months of many years, or one year of months in all")
      }
      (time, label) = (axis, cube.axisLabel)
      return curve
    }
    guard let tensor = run.value.read(as: Tensor.self) else {
      throw FluxError("run '\(run.name)' is a \(run.value.typeName)", at: place, expected: "a Series, a Tensor, or a Cube at one place; all runs of one kind")
    }
    guard tensor.shape.rank == 1 else { throw FluxError("run '\(run.name)' has shape \(tensor.shape)", at: place, expected: "a tensor of rank 1") }
    let y = tensor.doubles(), x = given?.doubles() ?? y.indices.map { Double($0 + 1) }
    guard x.count == y.count else { throw FluxError("run '\(run.name)' has \(y.count) values, x has \(x.count)", at: place, expected: "as many of both") }
    return Curve(run.name, x: x, y: y, colour: colours[i])
  }
  time.label = try options.value("xlabel", default: "")
  return try Figure.lines(curves, title: options.value("title", default: ""), x: time, y: Axis(options.value("ylabel", default: label))).finished(options)
}

let tensorPlot: [LuaMember<Tensor>] = [
  .method(
    "plot", "({title?: string, xlabel?: string, ylabel?: string, label?: string, range?: number[], palette?: string, width?: number}) -> Figure",
    "a curve of a tensor of rank 1, coloured boxes of one of rank 2, the first row at the top",
    example: """
      tensor { 1, 4, 2, 3 }:plot { xlabel = "step", ylabel = "loss" }:save("loss.png")
      tensor { { 1, 0.2 }, { 0.2, 1 } }:plot { label = "R" }.panels  --> 1
      """
  ) { tensor, call in
    let options = try call.options(1)
    guard tensor.shape.rank == 1 else { return try heatmapFigure(tensor, options, call.place) }
    let y = tensor.doubles()
    return try Figure.lines(
      [Curve("", x: y.indices.map { Double($0 + 1) }, y: y, colour: RunStyle.colours([""])[0])], title: options.value("title", default: ""),
      x: Axis(options.value("xlabel", default: tensor.names?[0] ?? ""), ticks: .numbers), y: Axis(options.value("ylabel", default: ""))
    ).finished(options)
  }
]
