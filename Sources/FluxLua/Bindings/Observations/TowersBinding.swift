import FluxCore
import FluxData
import FluxDrivers
import FluxObservations
import FluxTensor
import LuaRuntime

/// `towers.open(…)`: eddy-covariance sites.
let towersModule = LuaModule(
  "towers", "eddy-covariance towers: FLUXNET2015, ONEFlux, La Thuile and AmeriFlux files",
  types: [TowerSet.luaType, SiteDays.luaType, Folds.luaType],
  [
    .function(
      "open",
      "(paths: string|string[], {sites?: string, qc: number = 0.75, variable?: string, columns?: string|table, drivers?: string[], skip_bad: boolean = false, quiet: boolean = false}) -> Towers",
      "reads files or folders and says what was dropped, and why; `qc` is the smallest fraction of good half-hours, `columns` a network's name or {nee=\"FC\", qc=\"FC_QC\", tair=\"TA\"}",
      example: """
        table_of_sites = "example/towers/sites.csv"
        all = towers.open("example/towers", { sites = table_of_sites, qc = 0.75, quiet = true })
        all.site_count == t.site_count  --> true
        """
    ) { call in
      let paths = try call.argument(1, "paths") as LuaOneOrMany<String>
      let given = try call.options(2)
      var options = TowerSet.Options()
      options.sites = try given.value("sites")
      options.minimumQuality = try given.value("qc", default: 0.75)
      options.variable = try given.value("variable")
      options.drivers = try given.value("drivers")
      options.skipsBadFiles = try given.value("skip_bad", default: false)
      if let name = given.value("columns", if: String.self) {
        options.columns = try .preset(named: name)
      } else if let map = try given.value("columns") as [String: String]? {
        options.columns = TowerColumns(map: map)
      }
      let towers = try TowerSet.open(paths.values, options: options)
      if try !given.value("quiet", default: false) { StandardStream.output.write(towers.report.description + "\n") }
      return towers
    }
  ])

private let selectionSignature = "({igbp?: string|string[], sites?: string|string[], lat?: number[], lon?: number[]}) -> Towers"

/// The first argument, `{igbp = "EBF", lat = {-20, 20}}`.
func towerSelection(_ call: LuaCall) throws -> TowerSelection {
  let options = try call.options(1)
  func range(_ name: String) throws -> ClosedRange<Double>? {
    guard let ends = try options.value(name) as [Double]? else { return nil }
    guard ends.count == 2, !ends[0].isNaN, !ends[1].isNaN else {
      throw options.mismatch(name, "a list of \(ends.count)", expected: "two numbers, such as {-20, 20}")
    }
    return min(ends[0], ends[1])...max(ends[0], ends[1])
  }
  return TowerSelection(
    igbp: (try options.value("igbp") as LuaOneOrMany<String>?)?.values,
    sites: (try options.value("sites") as LuaOneOrMany<String>?)?.values, latitude: try range("lat"), longitude: try range("lon"))
}

extension TowerSet: LuaExposed {
  public static let luaType = LuaType<TowerSet>(
    "Towers", "eddy-covariance sites with their daily NEE and what was measured beside it",
    members: [
      .property("nee", "Tensor", "NEE of every kept site-day [sample], gC m⁻² d⁻¹, positive to the atmosphere",
        example: "t.nee.shape[1] == t.day_count  --> true"
      ) { towers in
        try Tensor(towers.nee, names: ["sample"])
      },
      .property("drivers", "string[]", "columns measured beside NEE") { $0.driverNames },
      .property("qc", "number", "smallest fraction of good half-hours for which a day is kept") { $0.minimumQuality },
      .property("report", "string", "what was dropped, and why; the kept fraction by month and class") { $0.report.description },
      .property("site_count", "integer", "sites") { $0.records.count },
      .property("day_count", "integer", "kept site-days") { $0.report.days.kept },
      .method("sites", "() -> table[]", "one table a site: id, lat, lon, elevation (m), igbp, days, first, last",
        example: """
          first = t:sites()[1]
          type(first.id), type(first.lat)  --> string  number
          """
      ) { towers, _ in
        LuaTable(items: zip(towers.records, towers.dayCounts).map { record, days in
          LuaTable(fields: [
            "id": record.site.id, "lat": record.site.latitude, "lon": record.site.longitude, "elevation": record.site.elevation,
            "igbp": record.site.igbp, "days": days, "first": record.firstDay.description,
            "last": record.day(max(0, record.dayCount - 1)).description,
          ])
        })
      },
      .method("msc", "() -> Tensor", "each site's mean seasonal cycle of NEE from its kept days, [site, slot], 46 slots of eight days; NaN where none was kept",
        example: "t:msc().shape[2]  --> 46"
      ) { towers, _ in
        try Tensor(towers.meanSeasonalCycles(), shape: [towers.records.count, SeasonalSlots.count], names: ["site", "slot"])
      },
      .method("only", selectionSignature, "the sites for which all conditions hold",
        example: """
          t:only { igbp = "EBF", lat = { -23.5, 23.5 } }.site_count < t.site_count  --> true
          """
      ) { towers, call in try towers.only(towerSelection(call)) },
      .method("except", selectionSignature, "all sites but those for which all conditions hold",
        example: """
          rest = t:except { igbp = { "CRO", "WET" } }
          rest.site_count < t.site_count  --> true
          """
      ) { towers, call in
        try towers.except(towerSelection(call))
      },
      .method("with_qc", "(qc: number) -> Towers", "the same sites judged by another smallest fraction of good half-hours",
        example: "t:with_qc(0.9).day_count <= t.day_count  --> true"
      ) { towers, call in
        try towers.withQuality(call.argument(1, "qc"))
      },
      .method(
        "folds", "(count: integer|string = 10, {seed: integer = 1, group_km: number = 50, test_sites: number = 0}) -> Folds",
        "folds of sites for cross-validation, from a seed or a file of site,fold; neighbours within group_km share one (0: plain)",
        example: """
          folds = t:folds(10, { seed = 1, group_km = 50 })
          folds.count  --> 10
          """
      ) { towers, call in
        let options = try call.options(2)
        if let path = call.argument(1, if: String.self) { return try towers.folds(path) }
        return try towers.folds(
          call.argument(1, "count", default: 10), seed: UInt64(bitPattern: Int64(options.value("seed", default: 1))),
          groupKilometres: options.value("group_km", default: 50), testFraction: options.value("test_sites", default: 0))
      },
      .method(
        "split", "(folds: Folds, k: integer) -> training: Towers, held_out: Towers",
        "the sites of all folds but k, and those of fold k; test sites are in neither",
        example: """
          training, held_out = t:split(t:folds(5), 1)
          training.site_count + held_out.site_count == t.site_count  --> true
          """
      ) { towers, call in
        let folds = try call.argument(1, "folds") as Folds
        let (training, heldOut) = try towers.split(folds, call.argument(2, "k") - 1)
        return LuaResults(training, heldOut)
      },
      .method(
        "attach", "(drivers: Drivers|string[], {from: string = \"grid\", reach?: number}) -> SiteDays, notes: string[]",
        "samples with the drivers of each site's land pixel (`from` grid, tower or mixed; `reach` in km for sites at sea), or with the towers' own columns: tair, tair_mean30 (causal mean), tair_diff30, rpot, clearness, warmth, frost, warm_light, latitude, igbp",
        example: """
          samples = t:attach(d)
          samples.x.names[1], samples.x.names[2], samples.x.shape[2]  --> sample  driver  10
          """
      ) { towers, call in
        let options = try call.options(2)
        guard let store = call.argument(1, if: DriverStore.self) else {
          return LuaResults(try towers.attach(call.argument(1, "drivers") as [String]), [String]())
        }
        let attached = try towers.attach(
          store, from: DriverSource(named: options.value("from", default: "grid")), within: options.value("reach"))
        return LuaResults(attached.samples, attached.notes)
      },
    ])

  public var luaDescription: String { "Towers [site \(records.count), day \(report.days.kept)]" }
  public var luaTree: String { description }
  public var nativeByteCount: Int { records.reduce(0) { $0 + $1.dayCount * 4 * (2 + $1.drivers.count) } }
}

extension SiteDays: LuaExposed {
  public static let luaType = LuaType<SiteDays>(
    "SiteDays", "samples of a model: site-days with NEE and drivers",
    members: [
      .property("drivers", "string[]", "names of the drivers") { $0.driverNames },
      .property("x", "Tensor", "drivers [sample, driver], in their own units",
        example: "days.x.shape[2]  --> 10"
      ) { samples in
        try Tensor(samples.drivers, shape: Shape([samples.count, samples.driverCount]), names: ["sample", "driver"])
      },
      .property("nee", "Tensor", "NEE [sample], gC m⁻² d⁻¹, positive to the atmosphere") { try Tensor($0.nee, names: ["sample"]) },
      .property("weight", "Tensor", "weight in a loss [sample]") { try Tensor($0.weight, names: ["sample"]) },
      .property("site", "Tensor", "which of the sites [sample], from 1") { samples in
        try Tensor(samples.siteIndex.map { Float($0 + 1) }, names: ["sample"])
      },
      .property("count", "integer", "samples") { $0.count },
      .property("dropped", "table", "days left out because a driver was missing, by driver") { $0.dropped },
      .method("msc", "({min_days: integer = 10}) -> SiteDays",
        "the mean year of each site: one sample a month, NEE and drivers averaged over all its days there; months of fewer days are left out",
        example: """
          cycle = days:msc { min_days = 5 }
          cycle.count <= 12 * t.site_count  --> true
          """
      ) { samples, call in
        try samples.meanSeasonalCycle(minimumDays: call.options(1).value("min_days", default: 10))
      },
      .method("by_site", "(power: number = 1) -> SiteDays", "weighted by days of the site to the power -power: 1 counts sites equally, 0 days, 0.5 between",
        example: """
          mean = days:by_site().weight:mean():item()
          math.abs(mean - 1) < 1e-3  --> true
          """
      ) { samples, call in
        let power: Double = try call.argument(1, "power", default: 1)
        guard (0...1).contains(power) else { throw call.mismatch(1, "power", expected: "a number in 0 … 1") }
        return samples.weightedBySite(power: power)
      },
    ])

  public var luaDescription: String { "SiteDays [sample \(count), driver \(driverCount)]" }
  public var luaTree: String {
    let left = dropped.sorted { $0.key < $1.key }.map { "\($0.value) without '\($0.key)'" }.joined(separator: ", ")
    return luaDescription + "\n├── drivers: \(driverNames.joined(separator: ", "))\n└── left out: \(left.isEmpty ? "none" : left)"
  }
  public var nativeByteCount: Int { count * (4 * driverCount + 16) }
}

extension Folds: LuaExposed {
  public static let luaType = LuaType<Folds>(
    "Folds", "which sites train and which judge",
    members: [
      .property("count", "integer", "folds") { $0.count },
      .property("days", "integer[]", "kept days of each fold") { $0.dayCounts },
      .property("leakage", "string", "neighbours that plain folds by site would part") { $0.leakage.description },
      .property("test_sites", "string[]", "sites kept out of every fold") { folds in folds.testSites.map { folds.sites[$0].id } },
      .method("of", "(site: string) -> integer?", "the fold of a site, from 1; nil for a test site",
        example: """
          folds = t:folds(5)
          folds:of(folds:sites(2)[1])  --> 2
          """
      ) { folds, call in
        let id = try call.argument(1, "site") as String
        guard let site = folds.sites.firstIndex(where: { $0.id == id }) else {
          throw FluxError("no site '\(id)'\(NearestName.hint(id, among: folds.sites.map(\.id)))", at: call.place, expected: "a site of the folds")
        }
        return folds.fold[site] == Folds.test ? nil : folds.fold[site] + 1 as Int?
      },
      .method("sites", "(k: integer) -> string[]", "the sites of fold k") { folds, call in
        let k = try call.argument(1, "k") as Int
        try folds.check(k - 1, at: call.place)
        return folds.validationSites(k - 1).map { folds.sites[$0].id }
      },
    ])

  public var luaDescription: String { "Folds [fold \(count), site \(sites.count)]" }
  public var luaTree: String { description }
}
