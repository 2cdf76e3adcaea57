import FluxCore
import FluxData
import FluxDrivers
import FluxModels
import FluxTraining

/// A variant's members over the whole drivers: the mean map of each month, and every member's regional totals.
struct RunTotals {
  let name: String
  /// Mean over members, gC m⁻² d⁻¹. Shape `[month, lat, lon]`.
  let nee: Cube
  /// PgC month⁻¹. Shape `[member, region, month]`.
  let series: Series

  /// Each member is run once and forgotten: memory holds one member's maps and their sum.
  ///
  /// - Returns: nothing without drivers or regions.
  static func of(_ result: TrainingResult, _ drivers: DriverStore?, _ regions: RegionSet?, progress: (Double) -> Void)
    throws -> [RunTotals]
  {
    guard let drivers, let regions else { return [] }
    var done = 0
    return try result.variants.compactMap { variant -> RunTotals? in
      let members = result.members(of: variant.name)
      guard !members.isEmpty else { return nil }
      var sum: [Double] = [], values: [Double] = [], axes: (grid: Grid, time: TimeAxis)?, first: Series?
      for member in members {
        try Interrupt.check()
        let run = try ForwardRun(member.model, drivers)
        let cube = try Cube(name: "nee", values: run.nee, grid: run.grid, time: run.time, unit: "gC m-2 d-1")
        let totals = try cube.integral(regions)
        if sum.isEmpty { sum = [Double](repeating: 0, count: run.nee.count) }
        for i in sum.indices { sum[i] += Double(run.nee[i]) }
        values += totals.values
        (axes, first) = ((run.grid, run.time), totals)
        done += 1
        progress(Double(done) / Double(max(1, result.members.count)))
      }
      guard let axes, let first else { return nil }
      let n = Double(members.count)
      let nee = try Cube(
        name: "nee", values: sum.map { Float($0 / n) }, grid: axes.grid, time: axes.time, unit: "gC m-2 d-1",
        longName: "net ecosystem exchange")
      let series = try Series(
        name: "nee", unit: first.unit, time: first.time, regions: first.regions, regionArea: first.regionArea,
        members: (1...members.count).map { "member \($0)" }, values: values)
      return RunTotals(name: variant.name, nee: nee, series: series)
    }
  }
}
