import FluxObservations
import FluxOperators
import FluxCore
import FluxData
import FluxDrivers
import FluxModels
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
      let trainer = t.trainer
      trainer.onProgress = { progress.update($0, "\($1)") }
      defer { trainer.log?.complain() }
      defer { progress.finish() }
      let result = try trainer.train()
      if result.members.count < result.expected {
        call.session.answerInterrupt()
        progress.finish()
        let kept = trainer.checkpoint.map { "; \($0.path) holds them and where the next stood" } ?? ""
        StandardStream.error.write(
          "trainer: interrupted, \(result.members.count) of \(result.expected) members are finished\(kept)\n")
      }
      return ResultHandle(result, samples: trainer.plan.samples, folds: trainer.plan.folds, drivers: t.drivers, terms: trainer.plan.terms.map(\.term))
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

  /// The option `towers`: site-days, or towers to which the option `drivers` is attached; none for a run without them.
  init(_ options: LuaOptions) throws {
    guard options.has("towers") else {
      samples = SiteDays(sites: [], driverNames: [], siteIndex: [], days: [], drivers: [], nee: [])
      notes = []
      return
    }
    if let samples = options.value("towers", if: SiteDays.self) {
      (self.samples, notes) = (samples, [])
      return
    }
    let towers: TowerSet = try options.required("towers")
    let attached = try towers.attach(options.required("drivers", as: DriverStore.self))
    (samples, notes) = (attached.samples, attached.notes)
  }
}

let planOptions = """
  model: Model, towers?: Towers|SiteDays, drivers?: Drivers, folds: integer|Folds = 10, terms: table, weighting?: Weighting, \
  optimizer?: Optimizer, batch: integer = 10000, epochs: integer = 60, max_steps?: integer, holdout_years: integer|integer[] = 2, \
  test_sites: number = 0.1, select: string|function = "sum", patience?: integer, seed: integer = 1, schedule?: Schedule|function, on_epoch?: function, \
  checkpoint?: string, checkpoint_every: number = 30, checkpoint_steps?: integer, resume: string = "same", log?: string, gap_every?: integer
  """

let trainerModule = LuaModule("trainer", "training: folds, members, variants", types: [TrainerHandle.luaType, SweepHandle.luaType, ResultHandle.luaType], [
  .function("paired", "({\(planOptions), baseline: string[] = {\"ec\"}, names: string[] = {\"ec\", \"ec_atm\"}}) -> Trainer",
    "EC and EC-ATM from equal weights on equal batches (Fig. 1); baseline names the terms that EC sees, names calls the two otherwise",
    example: """
      run = trainer.paired {
        model = m, towers = days, drivers = d, folds = 2, epochs = 1, max_steps = 1, holdout_years = 1,
        terms = { ec = objective.mse(), atm = objective.regional { bridge = b, target = T } },
        weighting = objective.kendall(), optimizer = optim.adam { lr = 0.003 },
        on_epoch = function(e) assert(e.train.ec > 0 and e.model) end, log = "run.jsonl", gap_every = 1,
      }
      pair = run:train()
      pair.curves[1].gap, pair.curves[2].gap ~= nil  --> nil  true
      #pair.ec, #pair.ec_atm  --> 2  2
      """
  ) { call in
    let options = try call.options(1), terms = try termNames(options)
    let baseline: [String] = try options.value("baseline", default: ["ec"])
    let names: [String] = try options.value("names", default: ["ec", "ec_atm"])
    guard names.count == 2, names[0] != names[1] else {
      throw options.mismatch("names", "\(names.count) names", expected: "two that differ: { \"ec\", \"ec_stilt\" }")
    }
    let first = terms.filter(baseline.contains)
    return try declare(call, options, [.init(names[0], terms: first), .init(names[1], terms: terms)])
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
  sweepFunction,
  .function("load", "(path: string) -> Result", "what result:save wrote: members, curves, folds, settings",
    example: """
      result:save("result.nc")
      again = trainer.load("result.nc")
      #again.ec, again.curves[1].train.ec == result.curves[1].train.ec  --> 2  true
      """
  ) { call in ResultHandle(try RunFile.load(call.argument(1, "path"))) },
])

/// The names in the option `terms`, towers before atmosphere, then by name: the same order in every run.
func termNames(_ options: LuaOptions) throws -> [String] {
  sortedTermNames(try options.required("terms"))
}

func sortedTermNames(_ terms: [String: Term]) -> [String] {
  terms.sorted { a, b in
    let (first, second) = (a.value.term.looksAtTowersOnly, b.value.term.looksAtTowersOnly)
    return first != second ? first : a.key < b.key
  }.map(\.key)
}

private func declare(_ call: LuaCall, _ options: LuaOptions, _ variants: [TrainingPlan.Variant]) throws -> TrainerHandle {
  let drivers: DriverStore? = try options.value("drivers")
  let trainer = Trainer(try trainingPlan(call, options, variants, samples: AttachedSamples(options).samples, seed: seed(options)))
  trainer.checkpoint = try checkpointing(options)
  if let path = try options.value("log", as: String.self) { trainer.log = try RunLog(path: path) }
  if let callback = try options.value("on_epoch", as: LuaFunction.self) {
    trainer.onEpoch = { record, model in try report(record, model, to: callback) }
  }
  return TrainerHandle(trainer, drivers)
}

private func seed(_ options: LuaOptions) throws -> UInt64 { UInt64(bitPattern: Int64(try options.value("seed", default: 1))) }

/// The options `checkpoint`, `checkpoint_every`, `checkpoint_steps` and `resume`.
func checkpointing(_ options: LuaOptions) throws -> Checkpointing? {
  guard let path = try options.value("checkpoint", as: String.self) else { return nil }
  let seconds: Double = try options.value("checkpoint_every", default: 30), steps: Int? = try options.value("checkpoint_steps")
  guard seconds >= 0 else { throw options.mismatch("checkpoint_every", "\(seconds)", expected: "seconds, 0 or more") }
  if let steps, steps < 1 { throw options.mismatch("checkpoint_steps", "\(steps)", expected: "steps, 1 or more") }
  return Checkpointing(path: path, interval: seconds, steps: steps, isForced: try options.value("resume", default: Resumption.same) == .force)
}

/// A plan of the options that all trainers share.
func trainingPlan(
  _ call: LuaCall, _ options: LuaOptions, _ variants: [TrainingPlan.Variant], samples: SiteDays, seed: UInt64, terms given: [String: Term]? = nil
) throws -> TrainingPlan {
  let terms = try given ?? options.required("terms"), drivers: DriverStore? = try options.value("drivers")
  let folds: Folds
  if let given = options.value("folds", if: Folds.self) { folds = given } else if samples.count == 0 {
    folds = try Folds.withoutSites(count: options.value("folds", default: 10))
  } else {
    folds = try Folds.bySite(samples.sites, dayCounts: samples.countBySite, count: options.value("folds", default: 10), seed: seed,
      testFraction: options.value("test_sites", default: 0.1))
  }
  var plan = TrainingPlan(
    model: try options.required("model", as: AnyModel.self).model, samples: samples, folds: folds,
    terms: sortedTermNames(terms).map { (name: $0, term: terms[$0]!.term) }, variants: variants)
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
    plan.hasScript = true
    plan.score = { figures in try choose.call(ResultHandle.table(figures), returning: Double.self, "the score of an epoch") }
  } else {
    plan.select = try options.value("select", default: .sum)
  }
  plan.patience = try options.value("patience")
  plan.gapEvery = try options.value("gap_every")
  plan.seed = seed
  plan.covered = drivers.map(wholeYears)
  let epochs = plan.epochs
  if options.has("schedule"), !plan.optimizer.hasLearningRate {
    throw options.mismatch("schedule", "given with an optimiser that has no learning rate", expected: "one that has, as optim.adam()",
      remedy: "Leave it out: the rule finds the length of its steps itself.")
  }
  if let schedule = options.value("schedule", if: ScheduleChoice.self)?.schedule {
    plan.schedule = { schedule.factor($0, of: epochs) }
  } else if let schedule = try options.value("schedule", as: LuaFunction.self) {
    plan.hasScript = true
    plan.schedule = { try schedule.call($0, epochs, returning: Double.self, "the factor of the learning rate") }
  }
  if let path = call.session.scriptPath { plan.script = ContentHash(file: path)?.description ?? path }
  return plan
}

/// Calls `on_epoch`: the epoch's figures, and the model as it is, e.model.
func report(_ record: EpochRecord, _ model: any SurfaceModel, to callback: LuaFunction) throws {
  var table = ResultHandle.table(record)
  table.fields.append((name: "model", value: AnyModel(try model.clone())))
  try callback.call(table)
}

extension RunLog {
  /// Says on standard error that lines are missing, where they are.
  func complain() {
    if let failure { StandardStream.error.write("trainer: the log \(path) ends early: \(failure)\n") }
  }
}

/// The years with twelve months of drivers.
private func wholeYears(_ drivers: DriverStore) -> [Window] {
  Dictionary(grouping: drivers.time.months(), by: \.year).filter { $0.value.count == 12 }.keys.sorted().map { .year($0) }
}
