import FluxOperators
import FluxCore
import FluxData
import FluxModels
import FluxObjective
import FluxTensor
import Glibc

/// The training of one variant on one fold.
final class MemberRun {
  private let plan: TrainingPlan, split: FoldSplit, variant: TrainingPlan.Variant
  private let terms: [any ObjectiveTerm]
  let model: MultilayerPerceptron
  private let optimizer: any ActiveOptimizer
  private var weighting: (any ActiveWeighting)?
  private var weightingOptimizer: (any ActiveOptimizer)?
  /// Log-variances after each step. Shape `[step][term]`.
  private var history: [[Double]] = []
  private var stepCount = 0, epoch = 0
  /// Steps of the epoch so far, and the sums of their losses.
  private var epochSteps = 0, epochSums: [Double] = []
  private var firstLosses: [Double] = []
  private var best: (score: Double, epoch: Int, weights: [Double])?
  private let validation: TrainingStep.Batch
  private let siteWeight: [Float]

  init(_ plan: TrainingPlan, _ split: FoldSplit, _ variant: TrainingPlan.Variant) throws {
    self.plan = plan
    self.split = split
    self.variant = variant
    terms = try variant.terms.map(plan.term)
    model = try split.start.clone()
    optimizer = try plan.optimizer.begin(model.parameters, learningRate: nil)
    validation = try FoldSplit.batch(plan.samples, split.validation, siteWeight: FoldSplit.siteWeights(plan.samples, split.validation))
    siteWeight = FoldSplit.siteWeights(plan.samples, split.training)
  }

  /// Where the member stands, between two steps.
  var state: MemberState {
    MemberState(variant: variant.name, fold: split.fold, epoch: epoch, steps: stepCount, epochSteps: epochSteps, epochSums: epochSums,
      weights: model.weights, optimizer: optimizer.state, weightingOptimizer: weightingOptimizer?.state ?? [], firstLosses: firstLosses, weighting: weighting?.parameters.map { $0.doubles()[0] } ?? [],
      weightingState: weighting?.state ?? [], history: history.flatMap { $0 }, bestEpoch: best?.epoch ?? 0, bestScore: best?.score ?? 0, bestWeights: best?.weights ?? [])
  }

  /// Goes on from a state of this variant and fold.
  ///
  /// - Throws: ``FluxError`` for one that does not fit.
  func restore(_ state: MemberState) throws {
    try model.setWeights(state.weights)
    try optimizer.restore(state.optimizer)
    (stepCount, epoch, epochSteps, epochSums) = (state.steps, state.epoch, state.epochSteps, state.epochSums)
    if state.bestEpoch > 0 { best = (state.bestScore, state.bestEpoch, state.bestWeights) }
    firstLosses = state.firstLosses
    guard terms.count > 1, !state.firstLosses.isEmpty else { return }
    try beginWeighting()
    guard let weighting, weighting.parameters.count == state.weighting.count else {
      throw FluxError("a weighting of \(state.weighting.count) parameters", at: "trainer", expected: "\(weighting?.parameters.count ?? 0)")
    }
    try Tape.withoutRecording {
      for (parameter, value) in zip(weighting.parameters, state.weighting) { try parameter.assign(Tensor.scalar(value, parameter.dtype)) }
    }
    try weighting.restore(state.weightingState)
    try weightingOptimizer?.restore(state.weightingOptimizer)
    let width = max(1, state.weighting.count)
    history = stride(from: 0, to: state.history.count - width + 1, by: width).map { Array(state.history[$0..<($0 + width)]) }
  }

  /// - Parameters:
  ///   - onEpoch: told after each epoch, when ``state`` is whole.
  ///   - onStep: told before each step, when it is too.
  ///   - progress: told after each.
  func train(_ onEpoch: (EpochRecord) throws -> Void, onStep: () throws -> Void, progress: (_ share: Double, _ epoch: Int) -> Void) throws -> TrainedMember {
    let stepsPerEpoch = max(1, Int((Double(split.training.count) / Double(plan.batch)).rounded()))
    let allSteps = min(plan.maximumSteps, plan.epochs * stepsPerEpoch)
    while epochSteps > 0 || stepCount < allSteps && !isExhausted {
      if epochSteps == 0 {
        epoch += 1
        epochSums = terms.map { _ in 0 }
        try weighting?.begin(epoch: epoch, of: plan.epochs)
      }
      let began = MonotonicClock.seconds
      let factor = try plan.schedule(epoch)
      var random = RandomStream(seed: plan.memberSeed(fold: split.fold), purpose: "batches \(epoch)")
      let order = random.permutation(split.training.count)
      for batch in min(epochSteps, stepsPerEpoch)..<stepsPerEpoch where stepCount < allSteps {
        if epochSteps > 0 { try onStep() }
        try Interrupt.check()
        let from = order.count * batch / stepsPerEpoch, to = order.count * (batch + 1) / stepsPerEpoch
        let losses = try step(FoldSplit.batch(plan.samples, order[from..<to].map { split.training[$0] }, siteWeight: siteWeight), factor)
        for i in losses.indices { epochSums[i] += losses[i] }
        epochSteps += 1
        progress(Double(stepCount) / Double(allSteps), epoch)
      }
      let train = epochSums.map { $0 / Double(epochSteps) }, valid = try validate(epoch)
      let score = try score(valid, train)
      (epochSteps, epochSums) = (0, [])
      if plan.select == .last && plan.score == nil || best == nil || score < best!.score { best = (score, epoch, model.weights) }
      var gap: (total: Double, largest: Double)?
      if let every = plan.gapEvery, epoch % every == 0 || stepCount >= allSteps { gap = try bridgeGap() }
      try onEpoch(EpochRecord(variant: variant.name, fold: split.fold + 1, epoch: epoch, train: named(train), valid: named(valid),
        weights: weighting?.weights ?? [], score: score, seconds: MonotonicClock.seconds - began, gap: gap?.total ?? .nan, largestGap: gap?.largest ?? .nan,
        seed: plan.seed, replicate: plan.replicate))
    }
    if let best { try model.setWeights(best.weights) }
    return TrainedMember(variant: variant.name, fold: split.fold, seed: plan.seed, replicate: plan.replicate, model: model, epoch: best?.epoch ?? 0, steps: stepCount,
      heldOutYears: split.heldOutYears, weightsConverged: weightsConverged)
  }

  /// Whether the score has not become better for too long.
  private var isExhausted: Bool {
    guard let patience = plan.patience, let best else { return false }
    return epoch - best.epoch >= patience
  }

  private func step(_ batch: TrainingStep.Batch, _ factor: Double) throws -> [Double] {
    let years = split.trainingYears, year = years.isEmpty ? 0 : years[stepCount % years.count]
    // A step of its own: what it has predicted is kept, and holds for one set of weights.
    func fresh() -> TrainingStep {
      TrainingStep(model: model, batch: batch, year: year, years: years, epoch: epoch, fold: split.fold + 1, isTraining: true,
        keepsJacobians: optimizer.wantsJacobian)
    }
    let step = fresh()
    var ofPredictions: [Int] = []
    let losses = try terms.indices.map { i in
      let asked = step.askedPredictions
      defer { if step.askedPredictions > asked { ofPredictions.append(i) } }
      return try terms[i].evaluate(step)
    }
    let values = try losses.map { try $0.item() }
    stepCount += 1
    if firstLosses.isEmpty { firstLosses = values }
    try checkLosses(values)
    var total = losses[0]
    if terms.count > 1 {
      if weighting == nil { try beginWeighting() }
      total = try weighting!.combine(losses)
    }
    try total.backward()
    if step.linearised.isEmpty {
      try optimizer.step(factor: factor) {
        let step = fresh(), again = try terms.map { try $0.evaluate(step) }
        // The weights stay as they are within a step, so that its loss is one function.
        let total = try again.count > 1 ? FixedWeighting.total(again, weighting!.weights) : again[0]
        try total.backward()
        return try total.item()
      }
    } else {
      try optimizer.step(factor: factor, predictions: predictions(of: step, ofPredictions))
    }
    try checkWeights()
    try weightingOptimizer?.step(factor: 1)
    if let weighting, !weighting.parameters.isEmpty { history.append(weighting.parameters.map { $0.doubles()[0] }) }
    return values
  }

  /// What the terms at some places make of a step's predictions, the terms' weights as they are.
  private func predictions(of step: TrainingStep, _ places: [Int]) throws -> Predictions {
    let leaves = step.linearised.map(\.leaf), weights = weighting?.weights ?? [1]
    return Predictions(values: leaves.flatMap { $0.doubles() }, jacobian: step.linearised.flatMap(\.jacobian)) { [terms] values in
      var next = 0
      let inputs = try leaves.map { leaf in
        defer { next += leaf.count }
        return try Tensor(Array(values[next..<(next + leaf.count)]), shape: leaf.shape, dtype: leaf.dtype).named(leaf.names ?? [])
      }
      let (value, gradients) = try Tensor.valueAndGradients(at: inputs) { inputs in
        let again = step.replacing(inputs)
        return try FixedWeighting.total(places.map { try terms[$0].evaluate(again) }, places.map { weights[$0] })
      }
      return (try value.item(), gradients.flatMap { $0.doubles() })
    }
  }

  /// How many times its size in the first step a loss may grow to.
  private static let divergence = 1e6

  private func checkLosses(_ values: [Double]) throws {
    let place = "in step \(stepCount) (\(variant.name), fold \(split.fold + 1), epoch \(epoch))"
    if let i = values.firstIndex(where: { !$0.isFinite }) {
      throw FluxError("term '\(variant.terms[i])' is \(values[i]) \(place)",
        at: "trainer", expected: "a finite loss", remedy: "Look for missing values in its input, or lower the learning rate.")
    }
    let first = firstLosses.map(abs).max() ?? 0
    if first > 0, let i = values.firstIndex(where: { abs($0) > Self.divergence * first }) {
      throw FluxError("term '\(variant.terms[i])' has grown to \(values[i]) \(place), from \(firstLosses[i]) in the first", at: "trainer",
        expected: "a loss that falls", remedy: "The run diverges: lower the learning rate, or let it rise by optim.warmup{…}.")
    }
  }

  /// Before they are kept: what is on disk is finite always.
  private func checkWeights() throws {
    guard !model.weights.allSatisfy(\.isFinite) else { return }
    throw FluxError("weights of the model are not finite after step \(stepCount) (\(variant.name), fold \(split.fold + 1), epoch \(epoch))",
      at: "trainer", expected: "finite gradients of \(variant.terms.joined(separator: ", "))", remedy: "Lower the learning rate, or look for a gradient without bound.")
  }

  private func beginWeighting() throws {
    let fresh = try plan.weighting.begin(terms: variant.terms, losses: firstLosses)
    weighting = fresh
    try fresh.begin(epoch: max(1, epoch), of: plan.epochs)
    if !fresh.parameters.isEmpty { weightingOptimizer = try plan.optimizer.forWeighting.begin(fresh.parameters, learningRate: fresh.learningRate) }
  }

  /// Every term at the validation sites, atmospheric ones averaged over the held-out years
  /// (over the training years when none is held out).
  private func validate(_ epoch: Int) throws -> [Double] {
    try Tape.withoutRecording {
      let years = split.heldOutYears.isEmpty ? split.trainingYears : split.heldOutYears
      var sums = [Double](repeating: 0, count: terms.count)
      for (i, year) in (years.isEmpty ? [0] : years).enumerated() {
        let step = TrainingStep(model: model, batch: validation, year: year, years: years, epoch: epoch, fold: split.fold + 1,
          isTraining: false)
        for (k, term) in terms.enumerated() where i == 0 || term.isAtmospheric { sums[k] += try term.evaluate(step).item() }
      }
      return zip(sums, terms).map { $1.isAtmospheric ? $0 / Double(max(1, years.count)) : $0 }
    }
  }

  /// The sparse bridge minus the exact integral over the plan's years, PgC yr⁻¹: of all regions, and of the one where it is largest.
  private func bridgeGap() throws -> (total: Double, largest: Double)? {
    guard let bridge = terms.lazy.compactMap({ $0.observationOperator as? RegionalBridge }).first(where: { $0.mask != nil }) else { return nil }
    let series = try bridge.gap(model, years: plan.years), months = series.time.count, years = Double(max(1, plan.years.count))
    let byRegion = series.regions.indices.map { r in (0..<months).reduce(0.0) { $0 + series[0, r, time: $1] } / years }
    return (byRegion.reduce(0, +), byRegion.max { abs($0) < abs($1) } ?? .nan)
  }

  /// - Throws: ``FluxError`` when nothing can be compared.
  private func score(_ valid: [Double], _ train: [Double]) throws -> Double {
    let place = "of epoch \(epoch) (\(variant.name), fold \(split.fold + 1))"
    if let function = plan.score {
      let chosen = try function(ValidationFigures(epoch: epoch, fold: split.fold + 1, variant: variant.name, valid: named(valid), train: named(train),
        weights: weighting?.weights ?? []))
      guard chosen.isNaN else { return chosen }
      throw FluxError("the score \(place) is nan", at: "select", expected: "a number; the smallest wins", remedy: "Give math.huge for an epoch that must not win.")
    }
    func logs(_ counts: (any ObjectiveTerm) -> Bool) -> Double {
      zip(valid, terms).reduce(0) { counts($1.1) ? $0 + log($1.0) : $0 }
    }
    let chosen = switch plan.select {
    case .ec: logs { !$0.isAtmospheric }
    case .atm: terms.contains { $0.isAtmospheric } ? logs(\.isAtmospheric) : logs { _ in true }
    case .sum: logs { _ in true }
    case .total: zip(valid, weighting?.weights ?? [1]).reduce(0) { $0 + $1.0 * $1.1 }
    case .last: -Double(epoch)
    }
    guard chosen.isNaN else { return chosen }
    throw FluxError("the score '\(plan.select.rawValue)' \(place) is nan, from validation losses \(named(valid).map { "\($0.term) = \($0.loss)" }.joined(separator: ", "))",
      at: "trainer", expected: plan.select == .total ? "losses that are numbers" : "losses above 0, whose logarithms are added",
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
