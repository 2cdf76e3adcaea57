import FluxCore
import FluxModels
import FluxObjective
import FluxOperators
import FluxTensor

/// What a plan is, in words and hashes: two plans with equal entries give equal results, bit for bit.
enum PlanIdentity {
  struct Entry: Equatable {
    let name, value: String
  }

  /// - Throws: what the schedule or a term throws.
  static func of(_ plan: TrainingPlan) throws -> [Entry] {
    var towers = ContentHash()
    towers.combine(plan.samples.drivers)
    towers.combine(plan.samples.nee)
    towers.combine(plan.samples.weight)
    towers.combine(plan.samples.siteIndex)
    var folds = ContentHash()
    folds.combine(plan.folds.fold)
    var schedule = ContentHash()
    schedule.combine(try (1...plan.epochs).map(plan.schedule))
    let entries: [(String, String)] = [
      ("seed", "\(plan.seed)"), ("model", plan.model.identity),
      ("variants", plan.variants.map { "\($0.name): \($0.terms.joined(separator: " + "))" }.joined(separator: "; ")),
      ("towers", "\(plan.samples.count) site-days, hash \(towers)"), ("folds", "\(plan.folds.count), hash \(folds)"),
      ("years", try years(plan)), ("batch", "\(plan.batch)"), ("epochs", "\(plan.epochs), at most \(plan.maximumSteps) steps"),
      ("optimizer", plan.optimizer.identity), ("weighting", try plan.weighting.identity(epochs: plan.epochs)),
      ("select", plan.score == nil ? plan.select.rawValue : "a function"), ("patience", plan.patience.map { "\($0)" } ?? "none"), ("schedule", "\(schedule)"),
      ("script", plan.script), ("replicate", "\(plan.replicate)"), ("gap_every", plan.gapEvery.map { "\($0)" } ?? "never"), ("terms", try terms(plan)),
    ]
    return entries.map { Entry(name: $0.0, value: $0.1) }
  }

  /// The years, and any other windows, in words.
  private static func years(_ plan: TrainingPlan) throws -> String {
    let all = try plan.windows(), years = (all[Window.yearKind] ?? []).map(\.number)
    let others = all.keys.sorted().filter { $0 != Window.yearKind }.map { "; \($0) \((all[$0] ?? []).map(\.number))" }
    return "\(years), held out \(plan.holdout)" + others.joined()
  }

  /// The terms at the first fold's first weights and batch: whatever changes a term, its data or its drivers changes these.
  private static func terms(_ plan: TrainingPlan) throws -> String {
    let split = try FoldSplit(plan, 0), rows = Array(split.training.prefix(plan.batch))
    let batch = try split.batch(rows, siteWeight: split.towers.siteWeights(split.training))
    return try Tape.withoutRecording {
      let step = TrainingStep(
        model: split.start, batch: batch, windows: split.windows(step: 0), allWindows: split.allTrainingWindows,
        epoch: 1, fold: 1, isTraining: false)
      return try plan.usedTerms.map { "\($0.name) \(try $0.term.evaluate(step).item())" }.joined(separator: ", ")
    }
  }

  /// - Throws: ``FluxError`` naming every entry that differs.
  static func check(_ found: [Entry], against plan: [Entry], at path: String) throws {
    let known = Dictionary(found.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
    let differences = plan.filter { known[$0.name] != $0.value }.map { "  \($0.name): \(known[$0.name] ?? "not told") in the file, \($0.value) now" }
    guard differences.isEmpty else {
      throw FluxError("the checkpoint is of another experiment:\n" + differences.joined(separator: "\n") + "\n ", at: path, expected: "one of this plan",
        remedy: "Name another file, or take over its members and weights all the same with resume = \"force\".")
    }
  }
}
