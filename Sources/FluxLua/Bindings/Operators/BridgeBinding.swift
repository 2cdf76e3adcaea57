import FluxDocument
import FluxOperators
import FluxCore
import FluxData
import FluxDrivers
import FluxEvaluation
import FluxModels
import FluxTensor
import LuaRuntime

extension Refit: LuaEnum {}
extension SeasonalStrata.Scale: LuaEnum {}
extension StratifiedDraw.Allocation: LuaEnum {}

/// An observation operator as scripts hold it, whatever kind it is.
public final class BridgeHandle: LuaExposed {
  let bridge: any ObservationOperator
  public init(_ bridge: any ObservationOperator) { self.bridge = bridge }

  /// The operator as what has a capability.
  ///
  /// - Throws: ``FluxError`` for one that has not.
  func asked<Capability>(_ place: String, for _: Capability.Type = Capability.self) throws -> Capability {
    guard let able = bridge as? Capability else {
      throw FluxError(
        "this bridge has no sparse models", at: place, expected: "a bridge made by bridge.regional")
    }
    return able
  }

  /// The operator as one of regional months.
  ///
  /// - Throws: ``FluxError`` for one with other axes.
  func regional(_ place: String) throws -> any RegionalOperator {
    guard let regional = bridge as? any RegionalOperator else {
      let axes = bridge.axes.map(\.description).joined(separator: " × ")
      throw FluxError("the bridge predicts \(axes)", at: place, expected: "one whose predictions are [region, month]")
    }
    return regional
  }

  /// What the options ask the operator for: the year, or the window of its own kind.
  ///
  /// - Throws: ``FluxError`` when it needs one that is not given.
  func window(_ options: LuaOptions) throws -> Window {
    let name = bridge.windowKind == Window.yearKind ? "year" : "window"
    let number: Int = try bridge.needsWindow ? options.required(name) : options.value(name, default: 0)
    return Window(bridge.windowKind, number)
  }

  public static let luaType = LuaType<BridgeHandle>("Bridge", "an observation operator: flux → what is observed", members: [
    .property("regions", "string[]", "the rows of a prediction") { $0.bridge.labels },
    .method(
      "predict", "(m: Model, {year?: integer, window?: integer}) -> Tensor",
      "on the tape, [region, month], PgC month-1; only a linear bridge needs no year, one that is not cut by years a window",
      example: """
        months = b:predict(m, { year = 2002 })
        months.names[1], months.names[2], months.shape[2]  --> region  month  12
        """
    ) { b, call in
      let model: AnyModel = try call.argument(1, "m")
      return try b.bridge.predict(model.model, b.window(call.options(2)))
    },
    .method("jacobian", "(m: Model, {year?: integer, window?: integer}) -> Tensor",
      "how a prediction moves with each weight of the model, in the order of m:parameters(), off the tape, [region, month, weight]",
      example: """
        pulls = b:jacobian(m, { year = 2002 })
        pulls.names[3], pulls.shape[1] == #b.regions, pulls.shape[2]  --> weight  true  12
        """
    ) { b, call in
      let model: AnyModel = try call.argument(1, "m")
      guard let made = try b.bridge.linearised(model.model, b.window(call.options(2))) else {
        throw FluxError(
          "a bridge of a script's function", at: call.place,
          expected: "one that knows its Jacobian: bridge.regional, exact, linear or load")
      }
      let rows = made.values.shape.dimensions, weights = made.jacobian.count / max(1, made.values.count)
      return try Tensor(made.jacobian, shape: Shape(rows + [weights]))
        .named((made.values.names ?? b.bridge.axes.map(\.name)) + ["weight"])
    },
    .method("only", "(codes: string[]) -> Bridge", "for some regions only, in the given order",
      example: """
        table.concat(b:only { "EU", "BRA" }.regions, " ")  --> EU BRA
        """
    ) { b, call in BridgeHandle(try b.bridge.selecting(call.argument(1, "codes"))) },
    .method("pixels", "(region: string) -> table", "contributing pixels: a list of {lat, lon, weight}, weight in PgC d-1 per (gC m-2 d-1)",
      example: """
        pixel = b:pixels("BRA")[1]
        pixel.lat < 10, pixel.weight ~= 0  --> true  true
        """
    ) { b, call in
      let code: String = try call.argument(1, "region")
      let bridge: any Sampled = try b.asked("Bridge:pixels"), grid = bridge.grid
      let region = try LabelChoice.places(of: [code], among: bridge.regions)[0]
      return LuaTable(items: zip(bridge.contributingCells[region], bridge.contributingWeights[region]).map { cell, theta in
        let lat = grid.latitudes[grid.row(ofCell: cell)], lon = grid.longitudes[grid.column(ofCell: cell)]
        return LuaTable(fields: ["lat": lat, "lon": lon, "weight": theta])
      })
    },
    .method("score", "() -> table", "by region: gain, intercept, r2, r2_cv and more",
      example: """
        brazil = b:score().BRA
        string.format("%.3f", brazil.gain)  --> 1.000
        """
    ) { b, _ in
      let bridge: any Reported = try b.asked("Bridge:score")
      return Dictionary(uniqueKeysWithValues: bridge.scores.map { label, figures in
        var table = LuaTable()
        table.fields = figures.map { name, value in
          (name: name, value: counts.contains(name) ? Int(value) as any LuaPushable : value)
        }
        return (label, table)
      })
    },
    .method("report", "() -> Table", "by region: pixels, clusters, candidates, contributing pixels, α, gain, intercept, R², and plant types where pft was given",
      example: "print(b:report())"
    ) { b, _ in try b.asked("Bridge:report", for: (any Reported).self).report },
    .method("gap", "(m: Model, {years?: integer[]}) -> Series", "the sparse bridge minus the exact integral of a model, PgC month-1 by region and month",
      example: """
        wrong = b:gap(m, { years = { 2002, 2002 } })
        #wrong.regions, wrong.unit  --> 18  PgC month-1
        """
    ) { b, call in
      let model: AnyModel = try call.argument(1, "m"), ends: [Int]? = try call.options(2).value("years")
      if let ends, ends.count != 2 || ends[0] > ends[1] {
        throw FluxError("years is {\(ends.map(String.init).joined(separator: ", "))}", at: call.place, expected: "{first, last}")
      }
      let bridge: any Gapped = try b.asked("Bridge:gap")
      return try bridge.gap(model.model, years: ends.map { Array($0[0]...$0[1]) })
    },
    .method("robustness", "({runs: integer = 1000, seed: integer = 1}) -> frequency: Cube, table: Table",
      "candidates drawn anew `runs` times: how often each pixel is chosen (paper Fig. B2), how many, and which plants grow there (Figs. B3, B4)",
      example: """
        often, drawn = b:only { "BRA" }:robustness { runs = 3 }
        often.name  --> selection_frequency
        """
    ) { b, call in
      let options = try call.options(1), progress = Progress("robustness")
      defer { progress.finish() }
      let seed = UInt64(bitPattern: Int64(try options.value("seed", default: 1)))
      let bridge: any Redrawn = try b.asked("Bridge:robustness"), runs = try options.value("runs", default: 1000)
      let found = try bridge.robustness(runs: runs, seed: seed) { progress.update($0) }
      return LuaResults(found.frequency, found.table)
    },
    .method("save", "(path: string)", "one netCDF file with pixels, weights, scores and what it was made from; bridge.load reads it",
      example: """
        b:save("bridge.nc")
        """
    ) { b, call in try b.asked("Bridge:save", for: (any Filed).self).save(to: call.argument(1, "path")) },
  ])

  public var luaDescription: String {
    let count = (bridge as? any Sampled)?.contributingCells.reduce(0) { $0 + $1.count }
    let axis = bridge.axes.first?.description ?? "nothing"
    return "Bridge [\(axis)]" + (count.map { ", \($0) contributing pixels" } ?? "")
  }
  public var luaTree: String { outline.description }
}

/// Scores that are whole numbers.
private let counts: Set<String> = ["pixels", "candidates", "strata"]

let bridgeModule = LuaModule("bridge", "observation operators: flux → what is observed", types: [BridgeHandle.luaType], [
  .function("regional", """
    ({reference: Cube, regions: Regions, drivers?: Drivers, candidates: integer = 150, clusters: integer, r2: number = 0.99, \
    refit: string = "conserving", area: boolean = true, probes: integer = 48, allocation: string = "proportional", scale: string = "zscore", \
    window: integer|string, landmarks: integer = 1500, pft: Cube, seed: integer = 1}) -> Bridge
    """, "sparse linear models of each region's total (paper §3.4); r2=0.95, refit='none' is the paper's; without drivers for its report alone",
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
    builder.strata.count = try options.value("clusters")
    builder.strata.scale = try options.value("scale", default: .zscore)
    if options.has("window") { builder.strata.window = try options.window(length: 0) ?? .max }
    builder.strata.landmarks = max(2, try options.value("landmarks", default: builder.strata.landmarks))
    builder.allocation = try options.value("allocation", default: .proportional)
    builder.cover = try options.value("pft", as: Cube.self).map { try PlantTypeCover($0, at: call.place) }
    builder.r2 = try options.value("r2", default: 0.99)
    builder.refit = try options.value("refit", default: .conserving)
    builder.area = try options.value("area", default: true)
    builder.seed = UInt64(bitPattern: Int64(try options.value("seed", default: 1)))
    let progress = Progress("bridge")
    defer { progress.finish() }
    let reference: Cube = try options.required("reference"), regions: RegionSet = try options.required("regions")
    let given: DriverStore? = try options.value("drivers")
    // Networks of no driver are constants, which a conserving refit brings out as it is.
    builder.probes = try options.value("probes", default: given == nil ? 0 : builder.probes)
    let drivers = try given ?? RegionalBridgeBuilder.landAlone(regions, reference)
    return BridgeHandle(try builder.build(reference: reference, regions: regions, drivers: drivers) { done, all in
      progress.update(Double(done) / Double(all))
    })
  },
  .function("exact", "({regions: Regions, drivers: Drivers, days: integer|string = \"all\", seed: integer = 1}) -> Bridge",
    "the true integral over every land pixel of each region; days=n looks at n days of each month, drawn anew each time, without bias",
    example: """
      exact = bridge.exact { regions = r:only { "BRA", "EU" }, drivers = d }
      exact:predict(m, { year = 2001 }).shape[2]  --> 12
      """
  ) { call in
    let options = try call.options(1)
    if let word = options.value("days", if: String.self), word != "all" {
      throw options.mismatch("days", "'\(word)'", expected: "days of each month, or \"all\"")
    }
    let days = options.value("days", if: String.self) == nil ? try options.value("days", as: Int.self) : nil
    return BridgeHandle(try ExactBridge(regions: options.required("regions"), drivers: options.required("drivers"), days: days,
      seed: UInt64(bitPattern: Int64(options.value("seed", default: 1)))))
  },
  .function("load", "(path: string, {regions: Regions, drivers: Drivers}) -> Bridge",
    "a bridge saved by b:save, for the regions and drivers that it was made for; others are refused",
    example: """
      b:save("bridge.nc")
      bridge.load("bridge.nc", { regions = r, drivers = d })  -- regions all, as it was built
      """
  ) { call in
    let options = try call.options(2)
    return BridgeHandle(try BridgeFile.load(call.argument(1, "path"), regions: options.required("regions"), drivers: options.required("drivers")))
  },
  scriptedBridge,
  linearBridge,
] + similarityMembers + clustersMembers + lassoMembers)
