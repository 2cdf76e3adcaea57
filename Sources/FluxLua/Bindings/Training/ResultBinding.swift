import FluxCore
import FluxData
import FluxDocument
import FluxDrivers
import FluxModels
import FluxObjective
import FluxObservations
import FluxTensor
import FluxTraining
import LuaRuntime

/// What a training run came to, as scripts hold it.
public final class ResultHandle: LuaExposed {
  let result: TrainingResult
  /// What a run knows beside its result, and a file of it does not.
  let samples: SiteDays?, drivers: DriverStore?, terms: [any ObjectiveTerm]
  private let folds: Folds?

  init(_ result: TrainingResult, samples: SiteDays? = nil, folds: Folds? = nil, drivers: DriverStore? = nil, terms: [any ObjectiveTerm] = []) {
    self.result = result
    self.terms = terms
    self.samples = samples
    self.folds = folds
    self.drivers = drivers
  }

  public static let luaType = LuaType<ResultHandle>("Result", "what a training run came to", members: [
    .property("complete", "boolean", "whether every member was trained to its end") { r in
      r.result.members.count == r.result.expected
    },
    .property("weights_converged", "boolean", "whether every learned log-variance moved less than 0.05 over the last tenth of the steps") { $0.result.weightsConverged },
    .property("curves", "table[]", "one table an epoch: variant, fold, seed, replicate, epoch, train, valid, weights, score, seconds, gap",
      example: """
        first = result.curves[1]
        first.variant, first.fold, first.epoch, first.train.ec > 0  --> ec  1  1  true
        """
    ) { r in
      LuaTable(items: r.result.records.map(table))
    },
    .property("members", "table[]", "one table a member: variant, fold, seed, replicate, epoch, steps, held_out_years, weights_converged, model",
      example: """
        result.members[1].variant, #result.members[1].held_out_years  --> ec  1
        """
    ) { r in
      LuaTable(items: r.result.members.map { m in
        LuaTable(fields: ["variant": m.variant, "fold": m.fold + 1, "seed": Int(bitPattern: UInt(m.seed)), "replicate": m.replicate + 1, "epoch": m.epoch,
          "steps": m.steps, "held_out_years": m.heldOutYears, "weights_converged": m.weightsConverged, "model": AnyModel(m.model)])
      })
    },
    .property("ec", "Ensemble", "trained on the baseline's terms") { r in try r.ensemble("ec") },
    .property("ec_atm", "Ensemble", "trained on all terms",
      example: """
        result.ec_atm:integral(d, r):mean("member").unit  --> PgC month-1
        """
    ) { r in try r.ensemble("ec_atm") },
    .property("model", "Ensemble", "of trainer.single") { r in try r.ensemble("model") },
    .index("(variant: string) -> Ensemble", "a variant by the name that the script gave it",
      example: """
        run = trainer.paired {
          model = m, towers = days, drivers = d, folds = 2, epochs = 1, max_steps = 1, holdout_years = 1,
          terms = { ec = objective.mse(), atm = objective.regional { bridge = b, target = T } },
          names = { "towers", "both" },
        }
        pair = run:train()
        #pair.towers, #pair.both  --> 2  2
        """
    ) { r, call in try r.named(call.argument(1, "variant")) },
    .property("folds", "Folds?", "which site is in which fold; nil of a result from a file, or of several seeds") { $0.folds },
    .property("variants", "string[]", "their names") { $0.result.variants.map(\.name) },
    .property("settings", "table", "the plan in words and hashes, by name") { r in
      Dictionary(try r.result.settings().map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
    },
    .method("at", "({variant?: string, fold?: integer, seed?: integer, replicate?: integer}) -> Ensemble", "the members of which all that is given holds",
      example: """
        #result:at { variant = "ec", fold = 1 }, #result:at { fold = 2 }  --> 1  2
        """
    ) { r, call in try r.chosen(call) },
    .method("table", "() -> Table", "one row a variant and seed: members, epochs, the kept epochs' validation, mean over members, and their score",
      example: """
        result:table().columns[1]  --> variant
        """
    ) { r, _ in ResultTable.of(r.result) },
    .method("save", "(path: string)", "one netCDF file: every member's weights, the curves, folds, seeds, hashes and versions; trainer.load reads it",
      example: """
        result:save("result.nc")
        """
    ) { r, call in try RunFile.save(r.result, to: call.argument(1, "path")) },
    .method("at_towers", "(variant: string, {out_of_fold: boolean = true, towers?: SiteDays}) -> Tensor",
      "NEE at the run's own site-days, or at others, [sample]: by the member that held the site out, or by the mean of all",
      example: """
        metrics.rmse(result:at_towers("ec_atm"), days.nee) > 0  --> true
        """
    ) { r, call in
      let options = try call.options(2)
      return try r.atTowers(call.argument(1, "variant"), options.value("towers"), outOfFold: options.value("out_of_fold", default: true))
    },
    resultReport,
  ])

  /// A variant under a name that is no member of the type.
  private func named(_ name: String) throws -> Ensemble {
    let variants = result.variants.map(\.name)
    if variants.contains(name) { return try ensemble(name) }
    let members = Self.luaType.declarations.filter(\.isNamed).map(\.name)
    throw FluxError(
      "Result has no member '\(name)'\(NearestName.hint(name, among: members + variants))", at: "Result.\(name)",
      expected: "a member, or one of the variants \(variants.joined(separator: ", "))",
      remedy: "help(object) lists its members.")
  }

  func ensemble(_ variant: String) throws -> Ensemble {
    let names = result.variants.map(\.name)
    guard names.contains(variant) else {
      throw FluxError("no variant '\(variant)'\(NearestName.hint(variant, among: names))", at: "Result", expected: names.joined(separator: ", "))
    }
    return Ensemble(result.members(of: variant).map(\.model), drivers: drivers)
  }

  /// NEE at every site-day of the plan; test sites, which no member held out, get the mean of all.
  private func atTowers(_ variant: String, _ given: SiteDays?, outOfFold: Bool) throws -> Tensor {
    _ = try ensemble(variant)
    guard let samples = given ?? samples else {
      throw FluxError("a result from a file has no site-days", at: "Result:at_towers", expected: "some with drivers",
        remedy: "Give them: towers = t:attach(d).")
    }
    return try Tensor(OutOfFold.predict(result, variant: variant, samples, outOfFold: outOfFold), names: ["sample"])
  }

  private func chosen(_ call: LuaCall) throws -> Ensemble {
    let options = try call.options(1), variant: String? = try options.value("variant"), fold: Int? = try options.value("fold")
    let seed: Int? = try options.value("seed"), replicate: Int? = try options.value("replicate")
    if let variant { _ = try ensemble(variant) }
    let members = result.members.filter { m in
      (variant == nil || m.variant == variant) && (fold == nil || m.fold + 1 == fold) && (replicate == nil || m.replicate + 1 == replicate)
        && (seed == nil || m.seed == UInt64(bitPattern: Int64(seed!)))
    }
    guard !members.isEmpty else {
      throw FluxError("no member is so", at: call.place, expected: "a seed of \(result.foldsBySeed.map { "\($0.seed)" }.joined(separator: ", ")) and a fold that was trained")
    }
    return Ensemble(members.map(\.model), drivers: drivers)
  }

  private static func named(_ list: [(term: String, loss: Double)]) -> [String: Double] {
    Dictionary(list.map { ($0.term, $0.loss) }, uniquingKeysWith: { a, _ in a })
  }

  /// Factors as a list in the order of the terms, and by their names.
  private static func weights(_ terms: [(term: String, loss: Double)], _ weights: [Double]) -> LuaTable {
    var table = LuaTable(items: weights)
    table.fields = zip(terms, weights).map { (name: $0.term, value: $1) }
    return table
  }

  static func table(_ record: EpochRecord) -> LuaTable {
    LuaTable(fields: ["variant": record.variant, "fold": record.fold, "seed": Int(bitPattern: UInt(record.seed)), "replicate": record.replicate + 1,
      "epoch": record.epoch, "train": named(record.train), "valid": named(record.valid), "weights": weights(record.train, record.weights),
      "score": record.score, "seconds": record.seconds, "gap": record.diagnosis("gap")])
  }

  /// What a selection function sees: the validation's losses by name, and the rest beside them.
  static func table(_ figures: ValidationFigures) -> LuaTable {
    LuaTable(fields: ["variant": figures.variant, "fold": figures.fold, "epoch": figures.epoch, "train": named(figures.train),
      "valid": named(figures.valid), "weights": weights(figures.valid, figures.weights)])
  }

  public var luaDescription: String {
    "Result: \(result.variants.map(\.name).joined(separator: " and ")), \(result.members.count) members, \(result.records.count) epochs"
  }
  public var luaTree: String { outline.description }
}
