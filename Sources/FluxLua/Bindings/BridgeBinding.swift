import FluxBridge
import FluxCore
import FluxData
import FluxDrivers
import FluxEvaluation
import FluxModel
import FluxTensor
import LuaRuntime

extension Refit: LuaEnum {}

/// An observation operator as scripts hold it, whatever kind it is.
public final class BridgeHandle: LuaExposed {
  let bridge: any ObservationOperator
  init(_ bridge: any ObservationOperator) { self.bridge = bridge }

  private func regional(_ place: String) throws -> RegionalBridge {
    guard let regional = bridge as? RegionalBridge else {
      throw FluxError("this bridge has no sparse models", at: place, expected: "a bridge made by bridge.regional")
    }
    return regional
  }

  public static let luaType = LuaType<BridgeHandle>("Bridge", "an observation operator: flux → what is observed", members: [
    .property("regions", "string[]", "the rows of a prediction") { $0.bridge.regions },
    .method("predict", "(m: Model, {year?: integer}) -> Tensor", "on the tape, [region, month], PgC month-1; only a linear bridge needs no year",
      example: """
        months = b:predict(m, { year = 2002 })
        months.names[1], months.names[2], months.shape[2]  --> region  month  12
        """
    ) { b, call in
      let model: MultilayerPerceptron = try call.argument(1, "m")
      let options = try call.options(2)
      return try b.bridge.predict(model, year: b.bridge.hasYears ? options.required("year") : options.value("year", default: 0))
    },
    .method("only", "(codes: string[]) -> Bridge", "for some regions only, in the given order",
      example: """
        table.concat(b:only { "EU", "BRA" }.regions, " ")  --> EU BRA
        """
    ) { b, call in BridgeHandle(try b.bridge.only(call.argument(1, "codes"))) },
    .method("pixels", "(region: string) -> table", "contributing pixels: a list of {lat, lon, weight}, weight in PgC d-1 per (gC m-2 d-1)",
      example: """
        pixel = b:pixels("BRA")[1]
        pixel.lat < 10, pixel.weight ~= 0  --> true  true
        """
    ) { b, call in
      let code: String = try call.argument(1, "region")
      let bridge = try b.regional("Bridge:pixels").only([code]), grid = bridge.drivers.grid, model = bridge.models[0]
      return LuaTable(items: zip(model.cells, model.theta).map { cell, theta in
        LuaTable(fields: ["lat": grid.latitudes[grid.row(ofCell: cell)], "lon": grid.longitudes[grid.column(ofCell: cell)], "weight": theta])
      })
    },
    .method("score", "() -> table", "by region: gain, intercept, r2, r2_cv and more",
      example: """
        brazil = b:score().BRA
        string.format("%.3f", brazil.gain)  --> 1.000
        """
    ) { b, _ in
      let bridge = try b.regional("Bridge:score")
      return Dictionary(uniqueKeysWithValues: bridge.models.map { m in
        (m.code, LuaTable(fields: [
          "gain": m.quality.gain, "intercept": m.intercept * 365.25, "r2": m.quality.r2, "r2_cv": m.quality.r2CrossValidated,
          "r2_anomalies": m.quality.r2Anomalies, "r2_annual": m.quality.r2Annual, "alpha": m.quality.alpha, "gap": m.quality.gap,
          "pixels": m.pixels.count, "candidates": m.quality.candidates, "strata": m.quality.strata,
        ]))
      })
    },
    .method("report", "() -> Table", "pixels, gain, intercept and R² by region",
      example: "print(b:report())"
    ) { b, _ in try b.regional("Bridge:report").report },
  ])

  public var luaDescription: String {
    let count = (bridge as? RegionalBridge)?.models.reduce(0) { $0 + $1.pixels.count }
    return "Bridge [region \(bridge.regions.count)]" + (count.map { ", \($0) contributing pixels" } ?? "")
  }
}

let bridgeModule = LuaModule("bridge", "observation operators: flux → what is observed", types: [BridgeHandle.luaType], [
  .function("regional", """
    ({reference: Cube, regions: Regions, drivers: Drivers, candidates: integer = 150, clusters: integer = 24, r2: number = 0.99, \
    refit: string = "conserving", area: boolean = true, probes: integer = 0, seed: integer = 1}) -> Bridge
    """, "sparse linear models of each region's total (paper §3.4); r2=0.95, refit='none' is the paper's",
    example: """
      made = bridge.regional {
        reference = c, regions = r:only { "BRA", "EU" }, drivers = d, candidates = 60, clusters = 6,
      }
      table.concat(made.regions, " ")  --> BRA EU
      """
  ) { call in
    let options = try call.options(1)
    var builder = RegionalBridgeBuilder()
    builder.candidates = try options.value("candidates", default: 150)
    builder.strata = try options.value("clusters", default: 24)
    builder.r2 = try options.value("r2", default: 0.99)
    builder.refit = try options.value("refit", default: .conserving)
    builder.probes = try options.value("probes", default: builder.probes)
    builder.area = try options.value("area", default: true)
    builder.seed = UInt64(bitPattern: Int64(try options.value("seed", default: 1)))
    let progress = Progress("bridge")
    defer { progress.finish() }
    return BridgeHandle(try builder.build(reference: options.required("reference"), regions: options.required("regions"),
      drivers: options.required("drivers")) { done, all in progress.update(Double(done) / Double(all)) })
  },
  .function("exact", "({regions: Regions, drivers: Drivers}) -> Bridge",
    "the true integral over every land pixel of each region, in place of a sparse model of it",
    example: """
      exact = bridge.exact { regions = r:only { "BRA", "EU" }, drivers = d }
      exact:predict(m, { year = 2001 }).shape[2]  --> 12
      """
  ) { call in
    let options = try call.options(1)
    return BridgeHandle(try ExactBridge(regions: options.required("regions"), drivers: options.required("drivers")))
  },
  linearBridge,
] + similarityMembers + clustersMembers + lassoMembers)
