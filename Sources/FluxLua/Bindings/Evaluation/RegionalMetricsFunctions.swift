import FluxCore
import FluxData
import FluxDocument
import FluxDrivers
import FluxEvaluation
import FluxModels
import FluxTensor
import LuaRuntime

/// Runs against a reference, by region: Tables 2 and 3.
let regionalMetrics: [LuaModule.Member] = [
  .function("regional", "(\(regionalOptions)) -> Table",
    "Tables 2 and 3 in one: runs (series or ensembles) against a reference, by region and for the globe",
    example: """
      mean = T:mean("member")
      scores = metrics.regional { runs = { ec_atm = result.ec_atm }, reference = mean, regions = r }
      scores.scores.ec_atm.globe.monthly_rmse > 0  --> true
      """
  ) { call in
    let given = try RegionalOptions(call)
    return given.runs.table(reference: given.reference, paper: given.isBesidePaper)
  },
  .function("table_2", "(\(regionalOptions)) -> Table",
    "Table 2 in its own layout: R and RMSE of months and of mean seasonal cycles, a column a run",
    example: """
      members = { ec = T:sel { member = "CTE" } }
      print(metrics.table_2 { runs = members, reference = T, beside = "paper" })
      """
  ) { call in
    let given = try RegionalOptions(call)
    return given.runs.table2(reference: given.reference, paper: given.isBesidePaper)
  },
  .function("table_3", "(\(regionalOptions)) -> Table",
    "Table 3 in its own layout: R and RMSE of annual totals, a column a run",
    example: """
      members = { ec = T:sel { member = "CTE" } }
      table3 = metrics.table_3 { runs = members, reference = T, draws = 20 }
      table3.scores.ec.BRA.annual_rmse_low >= 0  --> true
      """
  ) { call in
    let given = try RegionalOptions(call)
    return given.runs.table3(reference: given.reference, paper: given.isBesidePaper)
  },
  .value("published", "table", "the numbers that the paper prints, on the real Earth 2001–2017: by run (ec_atm, ec, fluxcom), then region, globe or towers, then measure",
    example: """
      metrics.published.ec_atm.BRA.monthly_r, metrics.published.ec.globe.nee  --> 0.787  -20.28
      """
  ) { _ in PublishedResults.all },
]

private let regionalOptions =
  "{runs: table, reference: Series, regions?: Regions, years?: integer[], order?: string[], beside?: string, draws: integer = 0, seed: integer = 1}"

/// What the three functions take alike.
private struct RegionalOptions {
  let runs: [RegionalMetrics]
  let reference: Series
  let isBesidePaper: Bool

  init(_ call: LuaCall) throws {
    let options = try call.options(1)
    var reference: Series = try options.required("reference")
    if let years: [Int] = try options.value("years") {
      guard years.count == 2, years[0] <= years[1] else { throw options.mismatch("years", "{\(years.map(String.init).joined(separator: ", "))}", expected: "{first, last}") }
      reference = try reference.selecting(years: years[0]...years[1])
    }
    let (draws, seed) = try bootstrapOptions(options, draws: 0)
    isBesidePaper = try besidePaper(options)
    runs = try namedRuns(options, as: LuaReference.self).map { name, run in
      try RegionalMetrics(run: name, series(run, reference, options, call), reference: reference, draws: draws, seed: seed)
    }
    self.reference = reference
  }
}

/// The options `draws` and `seed`.
func bootstrapOptions(_ options: LuaOptions, draws: Int) throws -> (draws: Int, seed: UInt64) {
  let draws = try options.value("draws", default: draws)
  guard (0...1_000_000).contains(draws) else { throw options.mismatch("draws", "\(draws)", expected: "0 for no intervals, 1000 for good ones") }
  return (draws, UInt64(bitPattern: Int64(try options.value("seed", default: 1))))
}

/// The option `beside`.
func besidePaper(_ options: LuaOptions) throws -> Bool {
  guard let word: String = try options.value("beside") else { return false }
  guard word == "paper" else { throw options.mismatch("beside", "'\(word)'", expected: "\"paper\"") }
  return true
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
