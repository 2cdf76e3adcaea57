import FluxCore
import FluxData
import FluxDrivers
import FluxEvaluation
import FluxModel
import FluxTensor
import LuaRuntime

let metricsModule = LuaModule("metrics", "agreement of runs with a reference", types: [Table.luaType], [
  pairwise("pearson", "correlation; NaN when one side does not vary",
    example: "metrics.pearson(tensor{1, 2, 3}, tensor{2, 4, 6})  --> 1.0", Metrics.pearson),
  pairwise("rmse", "root mean squared difference, in the values' unit",
    example: "metrics.rmse(tensor{1, 2}, tensor{1, 4}) ^ 2  --> 2.0") { Metrics.rmse($0, $1) },
  pairwise("bias", "mean of modelled minus observed",
    example: "metrics.bias(tensor{1, 2, 0 / 0}, tensor{1, 4, 5})  --> -1.0", Metrics.bias),
  pairwise("r2", "1 - Σ(m-o)² / Σ(o-ō)², the Nash–Sutcliffe efficiency",
    example: "metrics.r2(tensor{2, 2, 2}, tensor{1, 2, 3})  --> 0.0", Metrics.r2),
  pairwise("nnse", "1 / (2 - r2): 1 is perfect, 0.5 the observed mean (Fig. 4)",
    example: "metrics.nnse(tensor{2, 2, 2}, tensor{1, 2, 3})  --> 0.5", Metrics.nnse),
  .function("iav", "(annual: Tensor) -> number", "standard deviation (n - 1) of detrended annual totals; NaN below 10 years",
    example: """
      tensor.seed(1)
      metrics.iav(tensor.randn { 30 }) > 0  --> true
      metrics.iav(tensor.randn { 5 })  --> nan
      """
  ) { call in
    Metrics.iav(try call.argument(1, "annual", as: Tensor.self).doubles())
  },
  .function("regional", "({runs: table, reference: Series, regions?: Regions, years?: integer[]}) -> Table",
    "Tables 2 and 3: runs (series or ensembles) against a reference, by region and for the globe",
    example: """
      mean = T:mean("member")
      scores = metrics.regional { runs = { ec_atm = result.ec_atm }, reference = mean, regions = r }
      scores.scores.ec_atm.globe.monthly_rmse > 0  --> true
      """
  ) { call in
    let options = try call.options(1)
    var reference: Series = try options.required("reference")
    let years: [Int]? = try options.value("years")
    if let years, years.count == 2 { reference = try reference.selecting(years: years[0]...years[1]) }
    let rows = try runs(call, options, as: LuaReference.self).map { name, run in
      try RegionalMetrics(run: name, series(run, reference, options, call), reference: reference)
    }
    return rows.table(reference: reference)
  },
  .function("sites", "({runs: table, towers: SiteDays, by: string = \"igbp\"}) -> Table",
    "Fig. 8, Table C2: predictions (tensors [sample]) against towers, by class and over all days",
    example: """
      print(metrics.sites { runs = { ec = result:at_towers("ec") }, towers = days })
      """
  ) { call in
    let options = try call.options(1), samples: SiteDays = try options.required("towers")
    guard try options.value("by", default: "igbp") == "igbp" else { throw options.mismatch("by", "another word", expected: "'igbp'") }
    let given = try runs(call, options, as: Tensor.self).map { ($0, $1.doubles()) }
    if let odd = given.first(where: { $0.1.count != samples.count }) {
      throw FluxError("run '\(odd.0)' has \(odd.1.count) values", at: call.place, expected: "\(samples.count), one a sample")
    }
    return SiteMetrics.table(given, samples)
  },
  .function("cross_validation", "({runs: table, towers: SiteDays, draws: integer = 1000, seed: integer = 1}) -> Table",
    "predictions out of fold (tensors [sample]): R² and RMSE of days, site means, cycles and anomalies, by class, with intervals over sites",
    example: """
      ec = result:at_towers("ec")
      print(metrics.cross_validation { runs = { ec = ec }, towers = days, draws = 10 })
      """
  ) { call in
    let options = try call.options(1), samples: SiteDays = try options.required("towers")
    let given = try runs(call, options, as: Tensor.self).map { ($0, $1.doubles()) }
    if let odd = given.first(where: { $0.1.count != samples.count }) {
      throw FluxError("run '\(odd.0)' has \(odd.1.count) values", at: call.place, expected: "\(samples.count), one a sample")
    }
    return CrossValidation.table(given, samples, draws: try options.value("draws", default: 1000),
      seed: UInt64(bitPattern: Int64(try options.value("seed", default: 1))))
  },
  .function("linear_fit", "(towers: SiteDays, folds: Folds) -> Tensor", "NEE [sample] by a linear fit per class that has not seen the site",
    example: "metrics.linear_fit(days, result.folds).names[1]  --> sample"
  ) { call in
    try Tensor(LinearFit.outOfFold(call.argument(1, "towers"), call.argument(2, "folds")), names: ["sample"])
  },
  .function("pixels", "({runs: table, reference: Cube, regions: Regions}) -> Table",
    "error of the mean map and of its months (monthly cubes), gC m-2 d-1, weighted by land area",
    example: """
      ec = result.ec:forward(d):mean("member")
      scores = metrics.pixels { runs = { ec = ec }, reference = truth.nee:monthly(), regions = r }
      scores.scores.ec.globe.rmse > 0  --> true
      """
  ) { call in
    let options = try call.options(1)
    let reference: Cube = try options.required("reference"), regions: RegionSet = try options.required("regions")
    return PixelMetrics.table(try runs(call, options, as: Cube.self).map { ($0, try PixelMetrics($1, reference: reference, regions: regions)) },
      reference: reference.longName)
  },
  .function("fitted_offset", "({run: Cube, target: Series, regions: Regions}) -> Cube",
    "the run plus one constant per region and month of the year, fitted to the target: the control of every twin table",
    example: """
      ec = result.ec:forward(d):mean("member")
      metrics.fitted_offset { run = ec, target = T, regions = r }.units  --> gC m-2 d-1
      """
  ) { call in
    let options = try call.options(1)
    let run: Cube = try options.required("run"), regions: RegionSet = try options.required("regions")
    return try FittedOffset.apply(run, totals: run.integral(regions), target: options.required("target"), regions: regions)
  },
])

private func pairwise(
  _ name: String, _ summary: String, example: String, _ body: @escaping @Sendable ([Double], [Double]) -> Double
) -> LuaModule.Member {
  .function(name, "(modelled: Tensor, observed: Tensor) -> number", summary + "; missing pairs are left out", example: example) { call in
    let a: Tensor = try call.argument(1, "modelled"), b: Tensor = try call.argument(2, "observed")
    guard a.shape == b.shape else { throw FluxError("shapes \(a.shape) and \(b.shape)", at: call.place, expected: "equal shapes") }
    return body(a.doubles(), b.doubles())
  }
}

/// The option `runs`, by name.
private func runs<V: LuaReadable>(_ call: LuaCall, _ options: LuaOptions, as: V.Type) throws -> [(String, V)] {
  let given: [String: V] = try options.required("runs")
  guard !given.isEmpty else { throw FluxError("runs is empty", at: call.place, expected: "at least one run, runs={ec=…}") }
  return given.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
}

/// A run as regional months: a series as it is, an ensemble run over its drivers.
private func series(_ run: LuaReference, _ reference: Series, _ options: LuaOptions, _ call: LuaCall) throws -> Series {
  if let series = run.read(as: Series.self) { return series }
  guard let ensemble = run.read(as: Ensemble.self) else {
    throw FluxError("a run is a \(run.typeName)", at: call.place, expected: "a Series or an Ensemble")
  }
  guard let drivers = ensemble.drivers else {
    throw FluxError("the ensemble does not know its drivers", at: call.place, expected: "a series", remedy: "Use ensemble:integral(drivers, regions).")
  }
  let regions = try options.value("regions") ?? RegionSet.reccap2(on: drivers.grid).only(reference.regions)
  return try ForwardRun.integral(ensemble.members, drivers, regions)
}
