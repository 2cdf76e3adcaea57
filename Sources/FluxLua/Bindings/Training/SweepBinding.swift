import FluxCore
import FluxData
import FluxDrivers
import FluxObjective
import FluxTraining
import LuaRuntime

/// A sweep that is declared but not yet started.
public final class SweepHandle: LuaExposed {
  private let sweep: Trainer
  private let drivers: DriverStore?

  init(_ sweep: Trainer, _ drivers: DriverStore?) {
    self.sweep = sweep
    self.drivers = drivers
  }

  public static let luaType = LuaType<SweepHandle>("Sweep", "variants × seeds × replicates × folds, declared", members: [
    .method("train", "() -> Result", "trains every member; Ctrl-C stops and gives the finished ones, result.complete is false then") { s, call in
      let progress = Progress("sweep"), sweep = s.sweep
      defer { sweep.log?.complain() }
      sweep.onProgress = { progress.update($0, "\($1)") }
      defer { progress.finish() }
      let result = try sweep.train()
      if result.members.count < result.expected {
        call.session.answerInterrupt()
        progress.finish()
        StandardStream.error.write("sweep: interrupted, \(result.members.count) of \(result.expected) members are finished\n")
      }
      let samples = sweep.cells.first?.plan.samples, isOne = result.foldsBySeed.count == 1
      return ResultHandle(result, samples: samples, folds: isOne ? sweep.cells.first?.plan.folds : nil, drivers: s.drivers, terms: sweep.cells.first?.plan.terms.map(\.term) ?? [])
    },
    .property("cells", "string[]", "what is trained on every fold, in its order") { $0.sweep.cells.map(\.label) },
  ])
  public var luaDescription: String {
    "Sweep of \(sweep.cells.count): \(sweep.cells.reduce(0) { $0 + $1.plan.folds.count }) members, \(sweep.cells.first?.plan.samples.count ?? 0) site-days"
  }
}

/// What a variant may set in place of the sweep's own.
private let variantOptions = ["model", "terms", "weighting", "optimizer", "batch", "epochs", "max_steps", "select", "patience", "schedule"]

let sweepFunction = LuaModule.Member.function(
  "sweep", "({\(planOptions), variants: table, seeds: integer[] = {1}, replicates: integer = 1}) -> Sweep",
  "variants × seeds × replicates × folds as one run; a variant sets in place of the others' model, terms (names or a table), weighting, optimizer, batch, epochs, max_steps, select, patience or schedule",
  example: """
    declared = trainer.sweep {
      model = m, towers = days, folds = 2, epochs = 1, max_steps = 1, seeds = { 1, 2 },
      terms = { ec = objective.mse(), sites = objective.mse { weight = "site" } },
      variants = { days = { terms = { "ec" } }, sites = { terms = { "sites" }, optimizer = optim.sgd() } },
    }
    swept = declared:train()
    #swept.members, #swept:at { variant = "days", seed = 2 }  --> 8  2
    swept:table().columns[1]  --> variant
    """
) { call in
  let base = try call.options(1), names = try base.tableNames("variants")
  guard !names.isEmpty else {
    throw FluxError("option 'variants' names none", at: call.place, expected: "a table of names, each with what it sets: { huber = { terms = { \"ec\" } } }")
  }
  let all: [String: Term] = try base.required("terms"), samples = try AttachedSamples(base).samples
  let seeds: [Int] = try base.value("seeds", default: [base.value("seed", default: 1)]), replicates = try base.value("replicates", default: 1)
  guard replicates > 0, !seeds.isEmpty, Set(seeds).count == seeds.count else {
    throw FluxError("\(seeds.count) seeds, \(replicates) replicates", at: call.place, expected: "at least one of each, and every seed once")
  }
  let kept = try checkpointing(base)
  var cells: [Trainer.Cell] = []
  for name in names.sorted() {
    let own = try base.overlaid("variants", name, allowed: variantOptions)
    // Terms are chosen by name from the sweep's, or given anew.
    let names = own.value("terms", if: [String].self) ?? []
    let terms: [String: Term] = try names.isEmpty ? own.required("terms") : all
    let chosen = names.isEmpty ? Array(terms.keys) : names
    let ordered = sortedTermNames(terms).filter(chosen.contains)
    if let stray = chosen.first(where: { terms[$0] == nil }) {
      throw FluxError("variant '\(name)' names no term '\(stray)'\(NearestName.hint(stray, among: Array(terms.keys)))", at: call.place,
        expected: "one of \(terms.keys.sorted().joined(separator: ", "))")
    }
    for seed in seeds {
      for replicate in 0..<replicates {
        var plan = try trainingPlan(call, own, [.init(name, terms: ordered)], samples: samples, seed: UInt64(bitPattern: Int64(seed)),
          terms: terms.filter { ordered.contains($0.key) })
        plan.replicate = replicate
        cells.append(.init(plan, checkpoint: kept.map {
          var one = $0
          one.path = checkpointPath($0.path, "\(name)-seed\(seed)-replicate\(replicate + 1)")
          return one
        }))
      }
    }
  }
  let sweep = Trainer(cells)
  if let path = try base.value("log", as: String.self) { sweep.log = try RunLog(path: path) }
  if let callback = try base.value("on_epoch", as: LuaFunction.self) { sweep.onEpoch = { try report($0, $1, to: callback) } }
  return SweepHandle(sweep, try base.value("drivers"))
}

/// `run.nc` → `run-huber-seed1-replicate1.nc`: each cell is kept in a file of its own.
private func checkpointPath(_ path: String, _ cell: String) -> String {
  let safe = String(cell.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
  return path.hasSuffix(".nc") ? "\(path.dropLast(3))-\(safe).nc" : "\(path)-\(safe).nc"
}
