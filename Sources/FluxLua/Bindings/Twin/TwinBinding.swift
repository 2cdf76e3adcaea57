import FluxCore
import FluxData
import FluxObservations
import FluxTensor
import FluxTwin
import LuaRuntime

/// `twin.archive{…}` and `twin.truth(path)`: the synthetic Earth.
let twinModule = LuaModule(
  "twin", "a synthetic Earth with a known truth, in the formats of the real one",
  types: [TwinArchive.luaType, TwinTruth.luaType, TwinTruth.Towers.luaType],
  [
    .function(
      "archive",
      """
      ({path: string, resolution: number = 2, years?: integer[], seed: integer = 1, bias?: table|number|boolean, \
      towers?: table, errors?: table|number, reference: boolean = true}) -> TwinArchive
      """,
      "writes an archive; `bias` false or 0 is the null twin, `towers` {BRA = 20, site_offset = 0}, `errors` {BRA = 0.5, scale = 2} in PgC yr⁻¹; `reference` trains the tower-only product",
      example: """
        made = twin.archive {
          path = "tiny", resolution = 10, years = { 2001, 2001 }, seed = 2, bias = false, reference = false,
        }
        made.nee < 0, made.expected_gap  --> true  0.0
        """
    ) { call in
      let options = try call.options(1)
      let path: String = try options.required("path")
      var parameters = TwinParameters()
      if let wanted = options.value("bias", if: Bool.self) {
        if !wanted { parameters.bias = .none }
      } else {
        try parameters.override(bias: scaleOrTable("bias", options))
      }
      if let towers: [String: Double] = try options.value("towers") { try parameters.override(towers: towers) }
      try parameters.override(errors: scaleOrTable("errors", options))
      let years: [Int] = try options.value("years", default: [2001, 2008])
      guard years.count == 2, years[0] <= years[1] else {
        throw options.mismatch(
          "years", "{\(years.map(String.init).joined(separator: ", "))}", expected: "the first and the last year, such as {2001, 2008}")
      }
      let seed: Int = try options.value("seed", default: 1)
      let bits = UInt64(bitPattern: Int64(seed))
      let trained = try options.value("reference", default: true)
      let progress = Progress("twin")
      defer { progress.finish() }
      return try TwinArchive.write(
        path: path, resolution: options.value("resolution", default: 2), years: years[0]...years[1], seed: bits, parameters: parameters,
        reference: trained ? TwinArchive.standardReference(seed: bits) : nil, onProgress: { progress.update($0, $1) })
    },
    .function(
      "drivers", "({path: string, resolution: number = 2, years?: integer[], seed: integer = 1})",
      "writes only the files of an archive that drivers are made of, some pixels at a time: for Earths that do not fit in memory",
      example: """
        twin.drivers { path = "weather", resolution = 10, years = { 2001, 2001 } }
        cube.open("weather/drivers/tair.nc").units  --> degC
        """
    ) { call in
      let options = try call.options(1), years: [Int] = try options.value("years", default: [2001, 2008])
      guard years.count == 2, years[0] <= years[1] else {
        throw options.mismatch(
          "years", "{\(years.map(String.init).joined(separator: ", "))}", expected: "the first and the last year, such as {2001, 2008}")
      }
      let progress = Progress("twin")
      defer { progress.finish() }
      try TwinArchive.writeDrivers(
        path: options.required("path"), resolution: options.value("resolution", default: 2), years: years[0]...years[1],
        seed: UInt64(bitPattern: Int64(options.value("seed", default: 1)))
      ) { progress.update($0) }
    },
    .function("truth", "(path: string) -> TwinTruth", "what an archive hides from the pipeline",
      example: """
        hidden = twin.truth("example")
        hidden.nee.units  --> gC m-2 d-1
        """
    ) { call in
      try TwinTruth.open(call.argument(1, "path"))
    },
  ])

/// `2` stands for `{scale = 2}`; nothing for no change.
private func scaleOrTable(_ name: String, _ options: LuaOptions) throws -> [String: Double] {
  if let scale = options.value(name, if: Double.self) { return ["scale": scale] }
  return try options.value(name) ?? [:]
}

extension TwinArchive: LuaExposed {
  public static let luaType = LuaType<TwinArchive>(
    "TwinArchive", "a synthetic Earth on disk",
    members: [
      .property("path", "string", "its folder") { $0.path },
      .property("report", "string", "the truth's own figures, and what towers would say of each region") { $0.report.description },
      .property("nee", "number", "global NEE, PgC yr⁻¹") { $0.report.nee },
      .property("gpp", "number", "global GPP, PgC yr⁻¹") { $0.report.gpp },
      .property("expected_gap", "number", "PgC yr⁻¹ by which the towers' biases, carried to all land, make the sink too strong") {
        $0.report.expectedGap
      },
    ])

  public var luaDescription: String { "TwinArchive \(path)" }
  public var luaTree: String { luaDescription + "\n" + report.description }
}

extension TwinTruth: LuaExposed {
  public static let luaType = LuaType<TwinTruth>(
    "TwinTruth", "what an archive hides from the pipeline",
    members: [
      .property("nee", "Cube", "net ecosystem exchange, gC m⁻² d⁻¹ of land, daily") { $0.nee },
      .property("gpp", "Cube", "gross primary productivity, gC m⁻² d⁻¹ of land, daily") { $0.gpp },
      .property("ter", "Cube", "ecosystem respiration, gC m⁻² d⁻¹ of land, daily") { $0.ter },
      .property("water", "Cube", "water index that the true vegetation feels, 0 dry … 1 full") { $0.water },
      .property("towers", "TwinTruthTowers", "true fluxes of the towers' days") { $0.towers },
      .property("path", "string", "the archive's folder") { $0.path },
      .method("at", "(samples: SiteDays) -> Tensor", "the landscape's true NEE of site-days [sample], gC m⁻² d⁻¹",
        example: "metrics.rmse(truth:at(days), days.nee) > 0  --> true"
      ) { truth, call in
        try Tensor(truth.towers.nee(call.argument(1, "samples") as SiteDays), names: ["sample"])
      },
    ])

  public var luaDescription: String { "TwinTruth \(path)" }
}

extension TwinTruth.Towers: LuaExposed {
  public static let luaType = LuaType<TwinTruth.Towers>(
    "TwinTruthTowers", "true fluxes of the towers' days",
    members: [
      .property("count", "integer", "site-days, kept or not") { $0.site.count },
      .method("nee", "(site: string, date: integer) -> number?", "the landscape's true NEE at a site on a day YYYYMMDD, gC m⁻² d⁻¹; nil when the twin has no such day") { towers, call in
        try towers.nee(site: call.argument(1, "site"), date: call.argument(2, "date")).map(Double.init)
      },
    ])

  public var luaDescription: String { "TwinTruthTowers [\(site.count)]" }
  public var nativeByteCount: Int { site.count * 40 }
}
