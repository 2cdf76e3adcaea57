import FluxCore
import FluxData
import FluxDocument
import FluxEvaluation
import FluxObservations
import FluxTensor
import LuaRuntime

extension SiteMetrics.Grouping: LuaEnum {}

/// Runs against towers: Fig. 8, Table C2.
let siteMetrics: [LuaModule.Member] = [
  .function("sites", "({runs: table, towers: SiteDays, by: string = \"igbp\", order?: string[], beside?: string, draws: integer = 0, seed: integer = 1}) -> Table",
    "Fig. 8, Table C2: predictions (tensors [sample]) against towers, by class (or site, with by) and over all days",
    example: """
      print(metrics.sites { runs = { ec = result:at_towers("ec") }, towers = days, draws = 100 })
      """
  ) { call in
    let options = try call.options(1), samples: SiteDays = try options.required("towers")
    let (draws, seed) = try bootstrapOptions(options, draws: 0)
    return SiteMetrics.table(try sampleRuns(options, samples), samples, by: try options.value("by", default: .igbp), draws: draws, seed: seed, paper: try besidePaper(options))
  },
  .function("table_c2", "({runs: table, towers: SiteDays, order?: string[], beside?: string, draws: integer = 0, seed: integer = 1}) -> Table",
    "the towers by plant functional type as the paper's Fig. C2 has them, as a table: RMSE and R, a column a run",
    example: """
      c2 = metrics.table_c2 { runs = { ec = result:at_towers("ec") }, towers = days, beside = "paper" }
      c2.scores.ec.all.rmse > 0  --> true
      """
  ) { call in
    let options = try call.options(1), samples: SiteDays = try options.required("towers")
    let (draws, seed) = try bootstrapOptions(options, draws: 0)
    return SiteMetrics.tableC2(try sampleRuns(options, samples), samples, draws: draws, seed: seed, paper: try besidePaper(options))
  },
]

/// The option `runs` as predictions, one a sample.
func sampleRuns(_ options: LuaOptions, _ samples: SiteDays) throws -> [(name: String, values: [Double])] {
  try namedRuns(options, as: Tensor.self).map { run in
    let values = run.value.doubles()
    guard values.count == samples.count else {
      throw FluxError("run '\(run.name)' has \(values.count) values", at: options.call.place, expected: "\(samples.count), one a sample")
    }
    return (name: run.name, values: values)
  }
}
