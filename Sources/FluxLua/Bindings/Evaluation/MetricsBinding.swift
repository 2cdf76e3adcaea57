import FluxCore
import FluxData
import FluxDocument
import FluxDrivers
import FluxEvaluation
import FluxModels
import FluxObservations
import FluxTensor
import LuaRuntime

let metricsModule = LuaModule("metrics", "agreement of runs with a reference", types: [Table.luaType], pairwiseMetrics + regionalMetrics + siteMetrics + [
  .function("cross_validation", "({runs: table, towers: SiteDays, order?: string[], draws: integer = 1000, seed: integer = 1}) -> Table",
    "predictions out of fold (tensors [sample]): R² and RMSE of days, site means, cycles and anomalies, by class, with intervals over sites",
    example: """
      ec = result:at_towers("ec")
      print(metrics.cross_validation { runs = { ec = ec }, towers = days, draws = 10 })
      """
  ) { call in
    let options = try call.options(1), samples: SiteDays = try options.required("towers")
    let given = try sampleRuns(options, samples)
    return CrossValidation.table(given, samples, draws: try options.value("draws", default: 1000),
      seed: UInt64(bitPattern: Int64(try options.value("seed", default: 1))))
  },
  .function("linear_fit", "(towers: SiteDays, folds: Folds) -> Tensor", "NEE [sample] by a linear fit per class that has not seen the site",
    example: "metrics.linear_fit(days, result.folds).names[1]  --> sample"
  ) { call in
    try Tensor(LinearFit.outOfFold(call.argument(1, "towers"), call.argument(2, "folds")), names: ["sample"])
  },
  .function("pixels", "({runs: table, reference: Cube, regions: Regions, order?: string[]}) -> Table",
    "error of the mean map and of its months (monthly cubes), gC m-2 d-1, weighted by land area",
    example: """
      ec = result.ec:forward(d):mean("member")
      scores = metrics.pixels { runs = { ec = ec }, reference = truth.nee:monthly(), regions = r }
      scores.scores.ec.globe.rmse > 0  --> true
      """
  ) { call in
    let options = try call.options(1)
    let reference: Cube = try options.required("reference"), regions: RegionSet = try options.required("regions")
    return PixelMetrics.table(try namedRuns(options, as: Cube.self).map { ($0.name, try PixelMetrics($0.value, reference: reference, regions: regions)) },
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
