import FluxCore
import FluxModels
import FluxObjective
import FluxOperators
import FluxTensor
import Glibc

/// A member in training.
final class Member {
  private let plan: TrainingPlan, split: FoldSplit, variant: TrainingPlan.Variant
  private let objective: Objective
  let model: any SurfaceModel
  private let optimizer: any ActiveOptimizer
  private var weightingOptimizer: (any ActiveOptimizer)?
  /// Log-variances after each step. Shape `[step][term]`.
  private var history: [[Double]] = []
  private var stepCount = 0, epoch = 0
  /// Steps of the epoch so far, and the sums of their losses.
  private var epochSteps = 0, epochSums: [Double] = []
  private var best: (score: Double, epoch: Int, weights: [Double])?
  private let validation: TowerBatch?
  private let siteWeight: [Float]

  init(_ plan: TrainingPlan, _ split: FoldSplit, _ variant: TrainingPlan.Variant) throws {
    self.plan = plan
    self.split = split
    self.variant = variant
    objective = try plan.objective(variant)
    model = try split.start.clone()
    optimizer = try plan.optimizer.begin(Array(model.parameters), learningRate: nil)
    validation = try split.batch(split.validation, siteWeight: split.towers.siteWeights(split.validation))
    siteWeight = split.towers.siteWeights(split.training)
  }

  /// Where the member stands, between two steps.
  var state: MemberState {
    MemberState(
      variant: variant.name, fold: split.fold, epoch: epoch, steps: stepCount, epochSteps: epochSteps,
      epochSums: epochSums, weights: model.weights, optimizer: optimizer.state,
      weightingOptimizer: weightingOptimizer?.state ?? [], firstLosses: objective.firstLosses,
      weighting: objective.active?.parameters.map { $0.doubles()[0] } ?? [],
      weightingState: objective.active?.state ?? [], history: history.flatMap { $0 }, bestEpoch: best?.epoch ?? 0,
      bestScore: best?.score ?? 0, bestWeights: best?.weights ?? [])
  }

  /// Goes on from a state of this variant and fold.
  ///
  /// - Throws: ``FluxError`` for one that does not fit.
  func restore(_ state: MemberState) throws {
    try model.parameters.set(state.weights)
    try optimizer.restore(state.optimizer)
    stepCount = state.steps
    epoch = state.epoch
    epochSteps = state.epochSteps
    epochSums = state.epochSums
    if state.bestEpoch > 0 { best = (state.bestScore, state.bestEpoch, state.bestWeights) }
    try objective.begin(state.firstLosses, epoch: epoch, of: plan.epochs)
    guard let weighting = objective.active else { return }
    guard weighting.parameters.count == state.weighting.count else {
      throw FluxError(
        "a weighting of \(state.weighting.count) parameters", at: "trainer", expected: "\(weighting.parameters.count)")
    }
    try beginWeightingOptimizer()
    try Tape.withoutRecording {
      for (parameter, value) in zip(weighting.parameters, state.weighting) {
        try parameter.assign(Tensor.scalar(value, parameter.dtype))
      }
    }
    try weighting.restore(state.weightingState)
    try weightingOptimizer?.restore(state.weightingOptimizer)
    let width = max(1, state.weighting.count), rows = stride(from: 0, to: state.history.count - width + 1, by: width)
    history = rows.map { Array(state.history[$0..<($0 + width)]) }
  }

  /// Trains to the end and takes the weights of the best epoch.
  ///
  /// - Throws: as ``MemberTask/train(from:_:)``.
  func train(_ watch: MemberTask.Watch) throws -> TrainedMember {
    let stepsPerEpoch = split.stepsPerEpoch(batch: plan.batch)
    let allSteps = min(plan.maximumSteps, plan.epochs * stepsPerEpoch)
    while epochSteps > 0 || stepCount < allSteps && !isExhausted {
      if epochSteps == 0 {
        epoch += 1
        epochSums = objective.terms.map { _ in 0 }
        try objective.active?.begin(epoch: epoch, of: plan.epochs)
      }
      let began = MonotonicClock.seconds
      try trainEpoch(stepsPerEpoch, allSteps, watch)
      let record = try endEpoch(isLast: stepCount >= allSteps, seconds: MonotonicClock.seconds - began)
      try watch.epoch(record, self)
    }
    if let best { try model.parameters.set(best.weights) }
    return TrainedMember(
      variant: variant.name, fold: split.fold, seed: plan.seed, replicate: plan.replicate, model: model,
      epoch: best?.epoch ?? 0, steps: stepCount, heldOut: split.heldOut.values.flatMap { $0 },
      weightsConverged: weightsConverged)
  }

  /// The steps of an epoch that are still to be done.
  private func trainEpoch(_ stepsPerEpoch: Int, _ allSteps: Int, _ watch: MemberTask.Watch) throws {
    let factor = try plan.schedule(epoch)
    var random = RandomStream(seed: plan.memberSeed(fold: split.fold), purpose: "batches \(epoch)")
    let order = random.permutation(split.training.count)
    for batch in min(epochSteps, stepsPerEpoch)..<stepsPerEpoch where stepCount < allSteps {
      if epochSteps > 0 { try watch.step(self) }
      try Interrupt.check()
      let from = order.count * batch / stepsPerEpoch, to = order.count * (batch + 1) / stepsPerEpoch
      let rows = order[from..<to].map { split.training[$0] }
      let losses = try step(split.batch(rows, siteWeight: siteWeight), factor)
      for i in losses.indices { epochSums[i] += losses[i] }
      epochSteps += 1
      watch.progress(Double(stepCount) / Double(allSteps), epoch)
    }
  }

  /// Judges the weights as they are at the end of an epoch.
  private func endEpoch(isLast: Bool, seconds: Double) throws -> EpochRecord {
    let train = epochSums.map { $0 / Double(epochSteps) }
    let valid = try objective.judge(model, validation, windows: split.judged, epoch: epoch, fold: split.fold + 1)
    let score = try score(valid, train)
    epochSteps = 0
    epochSums = []
    if plan.select == .last && plan.score == nil || best.map({ score < $0.score }) ?? true {
      best = (score, epoch, model.weights)
    }
    return EpochRecord(
      variant: variant.name, fold: split.fold + 1, epoch: epoch, train: named(train), valid: named(valid),
      weights: objective.weights, score: score, seconds: seconds, diagnoses: try diagnoses(isLast: isLast),
      seed: plan.seed, replicate: plan.replicate)
  }

  /// Whether the score has not become better for too long.
  private var isExhausted: Bool {
    guard let patience = plan.patience, let best else { return false }
    return epoch - best.epoch >= patience
  }

  private func step(_ batch: TowerBatch?, _ factor: Double) throws -> [Double] {
    let windows = split.windows(step: stepCount), all = split.allTrainingWindows
    let problem = StepProblem(objective, epoch: epoch, of: plan.epochs) { [self] values in
      stepCount += 1
      try checkLosses(values)
    } fresh: { [model, epoch, split] keepsJacobians in
      TrainingStep(
        model: model, batch: batch, windows: windows, allWindows: all, epoch: epoch, fold: split.fold + 1,
        isTraining: true, keepsJacobians: keepsJacobians)
    }
    try optimizer.step(problem, factor: factor)
    guard let losses = problem.losses else {
      throw FluxError(
        "optimiser '\(plan.optimizer.identity)' asked for no gradient", at: "trainer",
        expected: "one that asks for gradients or losses in every step")
    }
    try checkWeights()
    try beginWeightingOptimizer()
    try weightingOptimizer?.step(GivenGradients(), factor: 1)
    if let weighting = objective.active, !weighting.parameters.isEmpty {
      history.append(weighting.parameters.map { $0.doubles()[0] })
    }
    return losses
  }

  /// How many times its size in the first step a loss may grow to.
  private static let divergence = 1e6

  private func checkLosses(_ values: [Double]) throws {
    let place = "in step \(stepCount) (\(variant.name), fold \(split.fold + 1), epoch \(epoch))"
    if let i = values.firstIndex(where: { !$0.isFinite }) {
      throw FluxError(
        "term '\(variant.terms[i])' is \(values[i]) \(place)", at: "trainer", expected: "a finite loss",
        remedy: "Look for missing values in its input, or lower the learning rate.")
    }
    let firstLosses = objective.firstLosses, first = firstLosses.map(abs).max() ?? 0
    if first > 0, let i = values.firstIndex(where: { abs($0) > Self.divergence * first }) {
      throw FluxError(
        "term '\(variant.terms[i])' has grown to \(values[i]) \(place), from \(firstLosses[i]) in the first",
        at: "trainer", expected: "a loss that falls",
        remedy: "The run diverges: lower the learning rate, or let it rise by optim.warmup{…}.")
    }
  }

  /// Before they are kept: what is on disk is finite always.
  private func checkWeights() throws {
    guard !model.weights.allSatisfy(\.isFinite) else { return }
    throw FluxError(
      "weights of the model are not finite after step \(stepCount) (\(variant.name), fold \(split.fold + 1), epoch \(epoch))",
      at: "trainer", expected: "finite gradients of \(variant.terms.joined(separator: ", "))",
      remedy: "Lower the learning rate, or look for a gradient without bound.")
  }

  /// Gives a weighting that learns an optimiser, once.
  private func beginWeightingOptimizer() throws {
    guard weightingOptimizer == nil, let weighting = objective.active, !weighting.parameters.isEmpty else { return }
    weightingOptimizer = try plan.optimizer.forWeighting.begin(
      weighting.parameters, learningRate: weighting.learningRate)
  }

  /// How far the first operator that can tell is from its exact counterpart, every so many epochs and at the end.
  private func diagnoses(isLast: Bool) throws -> [(name: String, value: Double)] {
    guard let every = plan.gapEvery, epoch % every == 0 || isLast,
      let source = objective.terms.lazy.compactMap(\.gapped).first
    else { return [] }
    return try source.diagnoses(model, years: (plan.windows()[Window.yearKind] ?? []).map(\.number))
  }

  /// - Throws: ``FluxError`` when nothing can be compared.
  private func score(_ valid: [Double], _ train: [Double]) throws -> Double {
    let place = "of epoch \(epoch) (\(variant.name), fold \(split.fold + 1))"
    if let function = plan.score {
      let chosen = try function(ValidationFigures(
        epoch: epoch, fold: split.fold + 1, variant: variant.name, valid: named(valid), train: named(train),
        weights: objective.weights))
      guard chosen.isNaN else { return chosen }
      throw FluxError(
        "the score \(place) is nan", at: "select", expected: "a number; the smallest wins",
        remedy: "Give math.huge for an epoch that must not win.")
    }
    let isWindowed = objective.isWindowed
    func logs(_ counts: (_ isWindowed: Bool) -> Bool) -> Double {
      zip(valid, isWindowed).reduce(0) { counts($1.1) ? $0 + log($1.0) : $0 }
    }
    let chosen = switch plan.select {
    case .ec: logs { !$0 }
    case .atm: isWindowed.contains(true) ? logs { $0 } : logs { _ in true }
    case .sum: logs { _ in true }
    case .total: zip(valid, objective.weights.isEmpty ? [1] : objective.weights).reduce(0) { $0 + $1.0 * $1.1 }
    case .last: -Double(epoch)
    }
    guard chosen.isNaN else { return chosen }
    let losses = named(valid).map { "\($0.term) = \($0.loss)" }.joined(separator: ", ")
    throw FluxError(
      "the score '\(plan.select.rawValue)' \(place) is nan, from validation losses \(losses)", at: "trainer",
      expected: plan.select == .total ? "losses that are numbers" : "losses above 0, whose logarithms are added",
      remedy: "Choose select = \"total\", or a function of the epoch's figures.")
  }

  private var weightsConverged: Bool {
    guard let last = history.last else { return true }
    let before = history[max(0, history.count - 1 - max(1, history.count / 10))]
    return zip(last, before).allSatisfy { abs($0 - $1) < 0.05 }
  }

  private func named(_ losses: [Double]) -> [(term: String, loss: Double)] {
    zip(variant.terms, losses).map { (term: $0, loss: $1) }
  }
}
