import FluxCore
import FluxModels
import FluxObjective

/// The members of one plan, one after another, kept in a checkpoint between two steps.
final class CellRun {
  private let cell: Trainer.Cell
  private let log: RunLog?
  private let onEpoch: ((EpochRecord, any SurfaceModel) throws -> Void)?
  private let onProgress: (Double, TrainingStatus) -> Void

  init(
    _ cell: Trainer.Cell, log: RunLog?, onEpoch: ((EpochRecord, any SurfaceModel) throws -> Void)?,
    onProgress: @escaping (Double, TrainingStatus) -> Void
  ) {
    self.cell = cell
    self.log = log
    self.onEpoch = onEpoch
    self.onProgress = onProgress
  }

  /// - Throws: as ``Trainer/train()``.
  func train() throws -> TrainingResult {
    let plan = cell.plan
    try plan.check()
    let keeper = try cell.checkpoint.map { try CheckpointKeeper($0, plan) }
    var run = keeper?.run ?? Checkpoint()
    try log?.start(
      PlanIdentity.of(plan), members: cell.memberCount, finished: run.finished.count, epochsKept: run.records.count)
    do {
      while run.finished.count < cell.memberCount { try trainNext(&run, keeper) }
    } catch {
      log?.stop(error)
      try keeper?.save(run)
      guard error is Interrupted, !run.finished.isEmpty else { throw error }
    }
    if run.finished.count == cell.memberCount { log?.write("end", [("members", .integer(cell.memberCount))]) }
    return TrainingResult(plan, members: run.finished, records: run.records)
  }

  private func trainNext(_ run: inout Checkpoint, _ keeper: CheckpointKeeper?) throws {
    let plan = cell.plan, number = run.finished.count
    let task = MemberTask(
      plan: plan, fold: number / plan.variants.count, variant: plan.variants[number % plan.variants.count])
    // The watch changes the run while the task goes on, and is gone before the run is looked at again.
    let running = run.running
    var kept = run, last: EpochRecord?
    defer { run = kept }
    let trained = try task.train(from: running, MemberTask.Watch(
      epoch: { [log, onEpoch] record, member in
        kept.records.append(record)
        last = record
        log?.epoch(record)
        kept.running = member.state
        if let keeper, keeper.isDueAfterStep() { try keeper.save(kept) }
        try onEpoch?(record, member.model)
      },
      step: { member in
        guard let keeper else { return }
        let isDue = keeper.isDueAfterStep()
        guard isDue || Interrupt.isPending else { return }
        kept.running = member.state
        if isDue { try keeper.save(kept) }
      },
      progress: { [onProgress, count = cell.memberCount] share, epoch in
        onProgress((Double(number) + share) / Double(count), TrainingStatus(
          variant: task.variant.name, fold: task.fold + 1, folds: plan.folds.count, epoch: epoch, epochs: plan.epochs,
          last: last))
      }))
    log?.member(trained)
    kept.finished.append(trained)
    kept.running = nil
    if let keeper, keeper.isDue || kept.finished.count == cell.memberCount { try keeper.save(kept) }
  }
}
