import FluxCore
import FluxData
import FluxDocument
import FluxDrivers
import FluxEvaluation
import FluxObservations
import LuaRuntime

extension DriverStore {
  /// `d:consistency(towers)`.
  static let consistency = LuaMember<DriverStore>.method(
    "consistency",
    "(towers: Towers|SiteDays, {regions?: Regions, drivers?: string[], from: string = \"grid\", reach?: number, area: boolean = true}) -> Table",
    "how far the land is from what the towers show a model, by driver and region: means, standard deviations, their standardised difference (land minus towers), Kolmogorov and Smirnov's distance, share of the land outside the towers' 1-99 % range; `from` is that of towers:attach",
    example: """
      report = d:consistency(t, { regions = r, drivers = { "Tair", "WAI2" } })
      report.columns[1], report.scores.Tair.globe.ks < 1  --> driver  true
      """
  ) { store, call in
    let options = try call.options(2), reach: Double? = try options.value("reach")
    let samples: SiteDays
    if let given = call.argument(1, if: SiteDays.self) { samples = given } else {
      let towers: TowerSet = try call.argument(1, "towers")
      samples = try towers.attach(store, from: DriverSource(named: options.value("from", default: "grid")), within: reach).samples
    }
    return try DriverConsistency(
      store, samples, regions: options.value("regions") ?? RegionSet.reccap2(on: store.grid), drivers: options.value("drivers"),
      isAreaWeighted: options.value("area", default: true), within: reach
    ).table
  }
}
