import FluxBridge
import FluxCore
import FluxData
import FluxDrivers
import FluxModel
import FluxObjective
import FluxTensor
import FluxTraining
import LuaRuntime

extension TrainingPlan.Selection: LuaEnum {}

/// Whether a checkpoint must be of the plan that goes on from it.
enum Resumption: String, CaseIterable, LuaEnum {
  case same, force
}

/// A training run that is declared but not yet started.
public final class TrainerHandle: LuaExposed {
  private let trainer: Trainer
  private let drivers: DriverStore?

  init(_ trainer: Trainer, _ drivers: DriverStore?) {
    self.trainer = trainer
    self.drivers = drivers
  }

  public static let luaType = LuaType<TrainerHandle>("Trainer", "a training run, declared", members: [
    .method("train", "() -> Result", "trains every member; Ctrl-C stops and gives the finished ones, result.complete is false then",
      example: """
        run = trainer.single {
          model = m, towers = days, folds = 2, epochs = 1, max_steps = 1, terms = { ec = objective.mse() },
        }
        done = run:train()
        done.complete, #done.model  --> true  2
        """
    ) { t, call in
      let progress = Progress("training")
      defer { progress.finish() }
      t.trainer.onProgress = { progress.update($0) }
      let result = try t.trainer.train(), all = t.trainer.plan.folds.count * t.trainer.plan.variants.count
      if result.members.count < all {
        call.session.answerInterrupt()
        let kept = t.trainer.checkpoint.map { "; \($0.path) holds them and where the next stood" } ?? ""
        StandardStream.error.write("trainer: interrupted, \(result.members.count) of \(all) members are finished\(kept)\n")
      }
      return ResultHandle(result, t.trainer.plan, t.drivers)
    },
  ])
  public var luaDescription: String {
    let plan = trainer.plan
    return "Trainer: \(plan.variants.map(\.name).joined(separator: " and ")), \(plan.folds.count) folds, \(plan.epochs) epochs, \(plan.samples.count) site-days"
  }
}

/// Site-days with drivers, however the script gave them.
struct AttachedSamples {
  let samples: SiteDays
  let notes: [String]

  /// The option `towers`: site-days, or towers to which the option `drivers` is attached.
  init(_ options: LuaOptions) throws {
    if let samples = options.value("towers", if: SiteDays.self) {
      (self.samples, notes) = (samples, [])
      return
    }
    let towers: TowerSet = try options.required("towers")
    let attached = try towers.attach(options.required("drivers", as: DriverStore.self))
    (samples, notes) = (attached.samples, attached.notes)
  }
}

private let planOptions = """
  model: Model, towers: Towers|SiteDays, drivers?: Drivers, folds: integer|Folds = 10, terms: table, weighting?: Weighting, \
  optimizer?: Optimizer, batch: integer = 10000, epochs: integer = 60, max_steps?: integer, holdout_years: integer|integer[] = 2, \
  test_sites: number = 0.1, select: string|function = "sum", patience?: integer, seed: integer = 1, schedule?: Schedule|function, on_epoch?: function, \
  checkpoint?: string, checkpoint_every: number = 30, resume: string = "same"
  """

let trainerModule = LuaModule("trainer", "training: folds, members, variants", types: [TrainerHandle.luaType, ResultHandle.luaType], [
  .function("paired", "({\(planOptions), baseline: string[] = {\"ec\"}}) -> Trainer",
    "EC and EC-ATM from equal weights on equal batches (Fig. 1); baseline names the terms that EC sees",
    example: """
      run = trainer.paired {
        model = m, towers = days, drivers = d, folds = 2, epochs = 1, max_steps = 1, holdout_years = 1,
        terms = { ec = objective.mse(), atm = objective.regional { bridge = b, target = T } },
        weighting = objective.kendall(), optimizer = optim.adam { lr = 0.003 },
        on_epoch = function(e) assert(e.train.ec > 0) end,
      }
      pair = run:train()
      #pair.ec, #pair.ec_atm  --> 2  2
      """
  ) { call in
    let options = try call.options(1), names = try termNames(options)
    let baseline: [String] = try options.value("baseline", default: ["ec"])
    return try declare(call, options, [.init("ec", terms: names.filter(baseline.contains)), .init("ec_atm", terms: names)])
  },
  .function("single", "({\(planOptions)}) -> Trainer", "one model on any set of terms; result.model is its ensemble",
    example: """
      run = trainer.single {
        model = m, towers = days, folds = 2, epochs = 1, max_steps = 1, terms = { ec = objective.mse() },
      }
      #run:train().model  --> 2
      """
  ) { call in
    let options = try call.options(1)
    return try declare(call, options, [.init("model", terms: termNames(options))])
  },
])

/// The names in the option `terms`, towers before atmosphere, then by name: the same order in every run.
private func termNames(_ options: LuaOptions) throws -> [String] {
  let terms: [String: Term] = try options.required("terms")
  return terms.sorted { a, b in
    a.value.term.isAtmospheric != b.value.term.isAtmospheric ? !a.value.term.isAtmospheric : a.key < b.key
  }.map(\.key)
}

private func declare(_ call: LuaCall, _ options: LuaOptions, _ variants: [TrainingPlan.Variant]) throws -> TrainerHandle {
  let terms: [String: Term] = try options.required("terms")
  let attached = try AttachedSamples(options), drivers: DriverStore? = try options.value("drivers")
  let seed = UInt64(bitPattern: Int64(try options.value("seed", default: 1)))
  let folds: Folds
  if let given = options.value("folds", if: Folds.self) { folds = given } else {
    folds = try Folds.bySite(attached.samples.sites, dayCounts: attached.samples.countBySite, count: options.value("folds", default: 10), seed: seed,
      testFraction: options.value("test_sites", default: 0.1))
  }
  var plan = TrainingPlan(model: try options.required("model"), samples: attached.samples, folds: folds,
    terms: try termNames(options).map { (name: $0, term: terms[$0]!.term) }, variants: variants)
  if let weighting = try options.value("weighting", as: WeightingChoice.self) { plan.weighting = weighting.weighting }
  if let optimizer = try options.value("optimizer", as: OptimizerChoice.self) { plan.optimizer = optimizer.optimizer }
  plan.batch = try options.value("batch", default: 10_000)
  plan.epochs = try options.value("epochs", default: 60)
  plan.maximumSteps = try options.value("max_steps", default: Int.max)
  if let list = options.value("holdout_years", if: [Int].self) { plan.holdout = .years(list) } else {
    plan.holdout = .count(try options.value("holdout_years", default: 2))
  }
  if options.typeName("select") == "function" {
    let choose: LuaFunction = try options.required("select")
    plan.score = { figures in try choose.call(ResultHandle.table(figures), returning: Double.self, "the score of an epoch") }
  } else {
    plan.select = try options.value("select", default: .sum)
  }
  plan.patience = try options.value("patience")
  plan.seed = seed
  plan.years = try commonYears(terms.values.map(\.term), drivers, call.place)
  let epochs = plan.epochs
  if let schedule = options.value("schedule", if: ScheduleChoice.self)?.schedule {
    plan.schedule = { schedule.factor($0, of: epochs) }
  } else if let schedule = try options.value("schedule", as: LuaFunction.self) {
    plan.schedule = { try schedule.call($0, epochs, returning: Double.self, "the factor of the learning rate") }
  }
  if let path = call.session.scriptPath { plan.script = ContentHash(file: path)?.description ?? path }
  let trainer = Trainer(plan)
  if let path = try options.value("checkpoint", as: String.self) {
    trainer.checkpoint = Checkpointing(path: path, interval: try options.value("checkpoint_every", default: 30),
      isForced: try options.value("resume", default: Resumption.same) == .force)
  }
  if let callback = try options.value("on_epoch", as: LuaFunction.self) {
    trainer.onEpoch = { record in try callback.call(ResultHandle.table(record)) }
  }
  return TrainerHandle(trainer, drivers)
}

/// The years with twelve months of drivers and of every regional target.
private func commonYears(_ terms: [any ObjectiveTerm], _ drivers: DriverStore?, _ place: String) throws -> [Int] {
  let targets = terms.compactMap { ($0 as? RegionalTerm)?.target } + terms.compactMap { ($0 as? ScriptedTerm)?.ownTarget }
  var years: Set<Int>?
  if let drivers {
    years = Set(Dictionary(grouping: drivers.time.months(), by: \.year).filter { $0.value.count == 12 }.keys)
  }
  for target in targets {
    let mine = Set(try target.wholeYears.filter(target.hasValues))
    years = years.map { $0.intersection(mine) } ?? mine
  }
  return (years ?? []).sorted()
}
