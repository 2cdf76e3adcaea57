import FluxCore
import FluxData
import FluxDrivers
import FluxModel
import FluxTensor
import FluxTraining
import LuaRuntime

/// What a training run came to, as scripts hold it.
public final class ResultHandle: LuaExposed {
  let result: TrainingResult
  let plan: TrainingPlan

  private let drivers: DriverStore?

  init(_ result: TrainingResult, _ plan: TrainingPlan, _ drivers: DriverStore?) {
    self.result = result
    self.plan = plan
    self.drivers = drivers
  }

  public static let luaType = LuaType<ResultHandle>("Result", "what a training run came to", members: [
    .property("complete", "boolean", "whether every member was trained to its end") { r in
      r.result.members.count == r.plan.folds.count * r.plan.variants.count
    },
    .property("weights_converged", "boolean", "whether every learned log-variance moved less than 0.05 over the last tenth of the steps") { $0.result.weightsConverged },
    .property("curves", "table[]", "one table an epoch: variant, fold, epoch, train, valid, weights, score, seconds",
      example: """
        first = result.curves[1]
        first.variant, first.fold, first.epoch, first.train.ec > 0  --> ec  1  1  true
        """
    ) { r in
      LuaTable(items: r.result.records.map(table))
    },
    .property("members", "table[]", "one table a member: variant, fold, epoch, steps, held_out_years, weights_converged",
      example: """
        result.members[1].variant, #result.members[1].held_out_years  --> ec  1
        """
    ) { r in
      LuaTable(items: r.result.members.map { m in
        LuaTable(fields: ["variant": m.variant, "fold": m.fold + 1, "epoch": m.epoch, "steps": m.steps,
          "held_out_years": m.heldOutYears, "weights_converged": m.weightsConverged])
      })
    },
    .property("ec", "Ensemble", "trained on the baseline's terms") { r in try r.ensemble("ec") },
    .property("ec_atm", "Ensemble", "trained on all terms",
      example: """
        result.ec_atm:integral(d, r):mean("member").unit  --> PgC month-1
        """
    ) { r in try r.ensemble("ec_atm") },
    .property("model", "Ensemble", "of trainer.single") { r in try r.ensemble("model") },
    .property("folds", "Folds", "which site is in which fold") { $0.plan.folds },
    .method("at_towers", "(variant: string, {out_of_fold: boolean = true}) -> Tensor",
      "NEE at the run's own site-days, [sample]: by the member that held the site out, or by the mean of all",
      example: """
        metrics.rmse(result:at_towers("ec_atm"), days.nee) > 0  --> true
        """
    ) { r, call in
      try r.atTowers(call.argument(1, "variant"), outOfFold: call.options(2).value("out_of_fold", default: true))
    },
  ])

  func ensemble(_ variant: String) throws -> Ensemble {
    let names = plan.variants.map(\.name)
    guard names.contains(variant) else {
      throw FluxError("no variant '\(variant)'\(NearestName.hint(variant, among: names))", at: "Result", expected: names.joined(separator: ", "))
    }
    return Ensemble(result.members(of: variant).map(\.model), drivers: drivers)
  }

  /// NEE at every site-day of the plan; test sites, which no member held out, get the mean of all.
  private func atTowers(_ variant: String, outOfFold: Bool) throws -> Tensor {
    _ = try ensemble(variant)
    return try Tensor(OutOfFold.predict(result.members(of: variant), plan.samples, plan.folds, outOfFold: outOfFold), names: ["sample"])
  }

  private static func named(_ list: [(term: String, loss: Double)]) -> [String: Double] {
    Dictionary(list.map { ($0.term, $0.loss) }, uniquingKeysWith: { a, _ in a })
  }

  static func table(_ record: EpochRecord) -> LuaTable {
    LuaTable(fields: ["variant": record.variant, "fold": record.fold, "epoch": record.epoch, "train": named(record.train),
      "valid": named(record.valid), "weights": record.weights, "score": record.score, "seconds": record.seconds])
  }

  /// What a selection function sees: the validation's losses by name, and the rest beside them.
  static func table(_ figures: ValidationFigures) -> LuaTable {
    LuaTable(fields: ["variant": figures.variant, "fold": figures.fold, "epoch": figures.epoch, "train": named(figures.train),
      "valid": named(figures.valid), "weights": figures.weights])
  }

  public var luaDescription: String {
    "Result: \(plan.variants.map(\.name).joined(separator: " and ")), \(result.members.count) members, \(result.records.count) epochs"
  }
}
