import FluxCore
import FluxData
import FluxModels
import FluxObjective
import FluxObservations
import FluxTensor
import Glibc

/// Trains every variant of a plan on every fold.
public final class Trainer {
  public let plan: TrainingPlan
  /// Called after each epoch; may throw to stop.
  public var onEpoch: ((EpochRecord) throws -> Void)?
  /// Called after each step with the share of all work that is done, 0 to 1, and where the run stands.
  public var onProgress: ((Double, TrainingStatus) -> Void)?
  /// Where epochs and errors are noted down.
  public var log: RunLog?
  /// The model in training, while ``onEpoch`` is called.
  public private(set) var current: MultilayerPerceptron?

  /// Where the run is kept; a run found there is gone on with. ``Checkpointing``
  public var checkpoint: Checkpointing?

  public init(_ plan: TrainingPlan) { self.plan = plan }

  /// - Returns: every member; after Ctrl-C those that were finished, the checkpoint holding the one in training too.
  /// - Throws: ``FluxError`` for a plan that cannot be trained, a checkpoint of another one, or a loss that is not finite, naming
  ///   the step and the term; ``Interrupted`` on Ctrl-C before a member was finished.
  public func train() throws -> TrainingResult {
    try plan.check()
    let keeper = try checkpoint.map { try CheckpointKeeper($0, plan) }
    var run = keeper?.run ?? Checkpoint()
    let count = plan.folds.count * plan.variants.count
    try log?.start(PlanIdentity.of(plan), members: count, finished: run.finished.count, epochsKept: run.records.count)
    do {
      while run.finished.count < count { try trainNext(&run, of: count, keeper) }
    } catch {
      log?.stop(error)
      try keeper?.save(run)
      guard error is Interrupted, !run.finished.isEmpty else { throw error }
    }
    if run.finished.count == count { log?.write("end", [("members", .integer(count))]) }
    return TrainingResult(plan, members: run.finished, records: run.records)
  }

  private func trainNext(_ run: inout Checkpoint, of count: Int, _ keeper: CheckpointKeeper?) throws {
    let number = run.finished.count, variant = plan.variants[number % plan.variants.count]
    let member = try MemberRun(plan, FoldSplit(plan, number / plan.variants.count), variant)
    if let state = run.running { try member.restore(state) }
    current = member.model
    defer { current = nil }
    let mine = { (record: EpochRecord?) in record?.variant == variant.name && record?.fold == number / self.plan.variants.count + 1 ? record : nil }
    let trained = try member.train { record in
      run.records.append(record)
      log?.epoch(record)
      run.running = member.state
      if let keeper, keeper.isDueAfterStep() { try keeper.save(run) }
      try onEpoch?(record)
    } onStep: {
      guard let keeper else { return }
      let isDue = keeper.isDueAfterStep()
      guard isDue || Interrupt.isPending else { return }
      run.running = member.state
      if isDue { try keeper.save(run) }
    } progress: { share, epoch in
      onProgress?((Double(number) + share) / Double(count), TrainingStatus(variant: variant.name, fold: number / plan.variants.count + 1,
        folds: plan.folds.count, epoch: epoch, epochs: plan.epochs, last: mine(run.records.last)))
    }
    log?.member(trained)
    run.finished.append(trained)
    run.running = nil
    if let keeper, keeper.isDue || run.finished.count == count { try keeper.save(run) }
  }
}

/// The sites and years that one fold trains and validates on, and the weights it starts from.
struct FoldSplit {
  let fold: Int
  /// Rows of the samples.
  let training, validation: [Int]
  let trainingYears, heldOutYears: [Int]
  let start: MultilayerPerceptron

  init(_ plan: TrainingPlan, _ fold: Int) throws {
    self.fold = fold
    var training: [Int] = [], validation: [Int] = []
    for row in 0..<plan.samples.count {
      let mine = plan.folds.fold[Int(plan.samples.siteIndex[row])]
      if mine == fold { validation.append(row) } else if mine != Folds.test { training.append(row) }
    }
    guard !training.isEmpty, !validation.isEmpty else {
      throw FluxError("fold \(fold + 1) has \(training.count) training and \(validation.count) validation samples", at: "trainer",
        expected: "at least one of each", remedy: "Ask for fewer folds.")
    }
    (self.training, self.validation) = (training, validation)
    let heldOut = plan.needsYears ? try plan.holdoutYears(fold: fold) : []
    heldOutYears = heldOut
    trainingYears = plan.years.filter { !heldOut.contains($0) }
    start = try MultilayerPerceptron(inputs: plan.model.inputs, hidden: plan.model.hidden, activation: plan.model.activation,
      seed: plan.memberSeed(fold: fold), dtype: plan.model.dtype)
    start.normalisation = plan.samples.drivers.withUnsafeBufferPointer {
      Normalisation(of: $0.baseAddress!, drivers: plan.samples.driverCount, rows: training)
    }
  }

  /// Rows of the samples as a batch.
  ///
  /// - Parameter siteWeight: one weight a site. Shape `[site]`.
  static func batch(_ samples: SiteDays, _ rows: [Int], siteWeight: [Float]) throws -> TrainingStep.Batch {
    let width = samples.driverCount
    let x = try Tensor.makeFloats([rows.count, width], names: ["sample", "driver"], at: "trainer") { out in
      samples.drivers.withUnsafeBufferPointer { drivers in
        for (i, row) in rows.enumerated() {
          (out + i * width).update(from: drivers.baseAddress! + row * width, count: width)
        }
      }
    }
    return TrainingStep.Batch(x: x, observed: try Tensor(rows.map { samples.nee[$0] }, names: ["sample"]),
      weight: try Tensor(rows.map { samples.weight[$0] }, names: ["sample"]),
      siteWeight: try Tensor(rows.map { siteWeight[Int(samples.siteIndex[$0])] }, names: ["sample"]), rows: rows, samples: samples)
  }

  /// 1 / days of each site among `rows`, scaled to a mean of 1 over them. Shape `[site]`.
  static func siteWeights(_ samples: SiteDays, _ rows: [Int]) -> [Float] {
    var counts = [Double](repeating: 0, count: samples.sites.count)
    for row in rows { counts[Int(samples.siteIndex[row])] += 1 }
    let present = Double(counts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) })
    return counts.map { $0 > 0 ? Float(Double(rows.count) / (present * $0)) : 0 }
  }
}
