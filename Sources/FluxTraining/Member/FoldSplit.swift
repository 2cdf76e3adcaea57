import FluxCore
import FluxModels
import FluxObjective
import FluxObservations
import FluxOperators

/// The sites and windows that one fold trains and validates on, and the model it starts from.
struct FoldSplit {
  let fold: Int
  let towers: TowerDays
  /// Rows of the samples.
  let training, validation: [Int]
  /// By kind.
  let trainingWindows, heldOut: [String: [Window]]
  let start: any SurfaceModel

  init(_ plan: TrainingPlan, _ fold: Int) throws {
    self.fold = fold
    towers = TowerDays(plan.samples)
    var training: [Int] = [], validation: [Int] = []
    for row in 0..<plan.samples.count {
      let mine = plan.folds.fold[Int(plan.samples.siteIndex[row])]
      if mine == fold { validation.append(row) } else if mine != Folds.test { training.append(row) }
    }
    guard plan.samples.count == 0 || !training.isEmpty && !validation.isEmpty else {
      throw FluxError(
        "fold \(fold + 1) has \(training.count) training and \(validation.count) validation samples", at: "trainer",
        expected: "at least one of each", remedy: "Ask for fewer folds.")
    }
    self.training = training
    self.validation = validation
    let all = try plan.windows(), held = try plan.heldOut(fold: fold, of: all)
    heldOut = held
    let kinds = try plan.kinds()
    trainingWindows = Dictionary(uniqueKeysWithValues: kinds.map { kind in
      (kind, (all[kind] ?? []).filter { held[kind]?.contains($0) != true })
    })
    let seed = plan.memberSeed(fold: fold)
    let seen = training.isEmpty ? try Self.samples(plan, trainingWindows) : try towers.samples(training)
    start = try plan.model.fresh(seed: seed, fittedTo: seen)
  }

  /// What a run without towers is fitted to: the samples of its first linear operator's first window.
  private static func samples(_ plan: TrainingPlan, _ windows: [String: [Window]]) throws -> Samples {
    for source in plan.terms.flatMap(\.term.operators) {
      guard let linear = source as? any LinearFluxOperator, let window = windows[source.windowKind]?.first else { continue }
      return try linear.rows(window).samples
    }
    throw FluxError(
      "a run without towers, and no operator that says what it samples", at: "trainer", expected: "towers, or a bridge")
  }

  /// The windows that a validation score is computed on, by kind: those held out, or the training's where there are none.
  var judged: [String: [Window]] {
    trainingWindows.mapValues { $0 }.merging(heldOut.filter { !$0.value.isEmpty }) { $1 }
  }

  /// One window of each kind for a step, round after round.
  func windows(step: Int) -> [Window] {
    trainingWindows.values.compactMap { $0.isEmpty ? nil : $0[step % $0.count] }
  }

  /// All windows that are trained on.
  var allTrainingWindows: [Window] {
    trainingWindows.values.flatMap { $0 }.sorted { ($0.kind, $0.number) < ($1.kind, $1.number) }
  }

  /// Batches of towers in an epoch; without towers the longest round of windows.
  func stepsPerEpoch(batch: Int) -> Int {
    guard !training.isEmpty else { return max(1, trainingWindows.values.map(\.count).max() ?? 1) }
    return max(1, Int((Double(training.count) / Double(batch)).rounded()))
  }

  /// Some of the training rows as a batch; nil without towers.
  ///
  /// - Parameter siteWeight: one weight a site. Shape `[site]`.
  func batch(_ rows: [Int], siteWeight: [Float]) throws -> TowerBatch? {
    training.isEmpty ? nil : try towers.batch(rows, siteWeight: siteWeight)
  }
}
