import FluxObservations
import FluxOperators
import FluxCore
import FluxData
import FluxFigures
import FluxTensor
import LuaRuntime

extension Figure.SiteMeasure: LuaEnum {}

/// The figures of the paper, one call each.
let paperFigures: [LuaModule.Member] = [
  .function(
    "regions", "(regions?: Regions, {width?: number}) -> Figure", "Fig. A1: the regions with their codes; the 18 RECCAP2 regions by default",
    example: "figure.regions(r, { width = 8.5 }).panels  --> 1"
  ) { call in try Figure.regions(call.argument(1, "regions") ?? RegionSet.reccap2()).finished(call.options(2)) },
  .function(
    "annual", "({runs: table, region: string = \"globe\", order?: string[], width?: number}) -> Figure",
    "Fig. 2: annual totals of series, their departures from a straight line, and their interannual variability where there are ten years",
    example: """
      figure.annual { runs = { inversions = T } }:save("annual.pdf")
      """
  ) { call in
    let options = try call.options(1)
    return try Figure.annual(seriesRuns(options), region: options.value("region", default: "globe"), at: call.place).finished(options)
  },
  .function(
    "efficiency", "({runs: table, reference: Series, order?: string[], width?: number}) -> Figure",
    "Fig. 4: nNSE = 1 / (2 - NSE) of monthly series in each region, ordered by the last run; 0.5 is as good as the mean",
    example: """
      figure.efficiency { runs = { CTE = T:sel { member = "CTE" } }, reference = T }.panels  --> 1
      """
  ) { call in
    let options = try call.options(1)
    return try Figure.efficiency(seriesRuns(options), reference: options.required("reference"), at: call.place).finished(options)
  },
  .function(
    "annual_maps", "({runs: table, order?: string[], width?: number}) -> Figure",
    "Fig. 5: mean and standard deviation over the years of each cube's annual flux",
    example: "figure.annual_maps { runs = { truth = truth.nee } }.panels  --> 2"
  ) { call in
    let options = try call.options(1)
    return try Figure.annualMaps(cubeRuns(options), at: call.place).finished(options)
  },
  .function(
    "monthly_maps", "({runs: table, months: integer[] = {1, 4, 7, 10}, order?: string[], width?: number}) -> Figure",
    "Fig. 6: mean maps of months, a column a run, and the first run minus the second",
    example: "figure.monthly_maps { runs = { a = c, b = truth.nee }, months = { 7 } }.panels  --> 3"
  ) { call in
    let options = try call.options(1), months: [Int] = try options.value("months", default: [1, 4, 7, 10])
    guard !months.isEmpty, months.allSatisfy((1...12).contains) else {
      throw options.mismatch("months", "{\(months.map(String.init).joined(separator: ", "))}", expected: "months from 1 to 12")
    }
    return try Figure.monthlyMaps(cubeRuns(options), months: months, at: call.place).finished(options)
  },
  .function(
    "correlation_maps", "({runs: table, reference: Cube, order?: string[], width?: number}) -> Figure",
    "Fig. 7: R of each pixel's months with the reference, and the first run's minus the second's",
    example: "figure.correlation_maps { runs = { c = c }, reference = truth.nee }.panels  --> 1"
  ) { call in
    let options = try call.options(1)
    return try Figure.correlationMaps(cubeRuns(options), reference: options.required("reference"), at: call.place).finished(options)
  },
  .function(
    "towers", "({runs: table, towers: SiteDays, order?: string[], width?: number}) -> Figure",
    "Fig. 8: modelled (tensors [sample]) against observed NEE of all tower days, as density",
    example: """
      figure.towers { runs = { ec = result:at_towers("ec") }, towers = days }.panels  --> 1
      """
  ) { call in
    let options = try call.options(1), samples: SiteDays = try options.required("towers")
    return try Figure.towers(sampleRuns(options, samples), samples).finished(options)
  },
  .function(
    "tower_classes", "({runs: table, towers: SiteDays, order?: string[], width?: number}) -> Figure",
    "Fig. C2: modelled (tensors [sample]) against observed NEE by land cover class",
    example: """
      figure.tower_classes { runs = { ec = result:at_towers("ec") }, towers = days }:save("classes.pdf")
      """
  ) { call in
    let options = try call.options(1), samples: SiteDays = try options.required("towers")
    return try Figure.towerClasses(sampleRuns(options, samples), samples).finished(options)
  },
  .function(
    "tower_map", "({runs: table, towers: SiteDays, measure: string = \"rmse\", order?: string[], width?: number}) -> Figure",
    "the towers on a map, coloured by the RMSE, bias or R of their days; a panel a run (tensors [sample])",
    example: """
      figure.tower_map { runs = { ec = result:at_towers("ec") }, towers = days }.panels  --> 1
      """
  ) { call in
    let options = try call.options(1), samples: SiteDays = try options.required("towers"), measure: Figure.SiteMeasure = try options.value("measure", default: .rmse)
    return try Figure.towerMap(sampleRuns(options, samples), samples, measure: measure, at: call.place).finished(options)
  },
  .function(
    "sites", "({runs: table, towers: SiteDays, sites: string[], order?: string[], width?: number}) -> Figure",
    "Fig. 9: modelled (tensors [sample]) against observed NEE at single towers, a row a tower",
    example: """
      one = t:sites()[1].id
      figure.sites { runs = { ec = result:at_towers("ec") }, towers = days, sites = { one } }.panels  --> 1
      """
  ) { call in
    let options = try call.options(1), samples: SiteDays = try options.required("towers"), sites: [String] = try options.required("sites")
    guard !sites.isEmpty else { throw options.mismatch("sites", "empty", expected: "identifiers of sites") }
    return try Figure.sites(sampleRuns(options, samples), samples, sites: sites, at: call.place).finished(options)
  },
  .function(
    "selection", "(frequency: Cube, {width?: number}) -> Figure", "Fig. B2: how often each pixel was chosen, on a logarithmic scale; of b:robustness()",
    example: """
      often = b:only { "BRA" }:robustness { runs = 3 }
      figure.selection(often).panels  --> 1
      """
  ) { call in try Figure.selection(call.argument(1, "frequency"), at: call.place).finished(call.options(2)) },
  .function(
    "plant_types", "(b: Bridge, pft: Cube, {width?: number}) -> Figure",
    "Fig. B3: which plants grow most at the contributing pixels of a bridge, outlined those of all pixels; pft holds fractions [type, lat, lon]",
    example: """
      figure.plant_types(b, pft):save("types.pdf")
      """
  ) { call in
    let shares = try plantTypes(call), (contributing, all) = shares.total
    return try Figure.plantTypes(shares.types, contributing: contributing, all: all).finished(call.options(3))
  },
  .function(
    "regional_plant_types", "(b: Bridge, pft: Cube, {width?: number}) -> Figure",
    "Fig. B4: the same region by region, a wide column of the contributing pixels beside a narrow one of all pixels",
    example: """
      figure.regional_plant_types(b, pft).panels  --> 1
      """
  ) { call in
    let shares = try plantTypes(call)
    return try Figure.plantTypes(shares.types, regions: shares.regions, contributing: shares.contributing.map(PlantTypeShares.shares),
      all: shares.all.map(PlantTypeShares.shares)).finished(call.options(3))
  },
]

private func plantTypes(_ call: LuaCall) throws -> PlantTypeShares {
  let bridge: BridgeHandle = try call.argument(1, "b")
  return try PlantTypeShares(bridge.asked(call.place, for: (any Sampled).self), call.argument(2, "pft"), at: call.place)
}

private func seriesRuns(_ options: LuaOptions) throws -> [(name: String, series: Series)] {
  try namedRuns(options, as: Series.self).map { (name: $0.name, series: $0.value) }
}

private func cubeRuns(_ options: LuaOptions) throws -> [(name: String, cube: Cube)] {
  try namedRuns(options, as: Cube.self).map { (name: $0.name, cube: $0.value) }
}
