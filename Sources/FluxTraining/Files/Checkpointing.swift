import FluxCore
import Glibc

/// Where and how often a run is kept.
public struct Checkpointing: Sendable {
  public var path: String
  /// Seconds between two writes, at the end of a step; 0 writes after each.
  public var interval: Double
  /// Steps between two writes, where that is sooner.
  public var steps: Int?
  /// Go on from a run of another plan, as far as its arrays fit.
  public var isForced: Bool

  public init(path: String, interval: Double = 30, steps: Int? = nil, isForced: Bool = false) {
    (self.path, self.interval, self.steps, self.isForced) = (path, interval, steps, isForced)
  }
}

/// Writes a run when it is time, and finds the one that was written before.
final class CheckpointKeeper {
  /// The run that was found, or an empty one.
  let run: Checkpoint
  private let settings: Checkpointing, plan: TrainingPlan, identity: [PlanIdentity.Entry]
  private var lastSave: Double, steps = 0

  /// - Throws: ``FluxError`` for a file that is no run, is damaged or is of another plan, and for a folder that cannot be written:
  ///   before anything is trained.
  init(_ settings: Checkpointing, _ plan: TrainingPlan) throws {
    (self.settings, self.plan) = (settings, plan)
    identity = try PlanIdentity.of(plan)
    if access(settings.path, F_OK) == 0 {
      run = try Checkpoint(path: settings.path, plan: plan)
      if !settings.isForced { try PlanIdentity.check(run.identity, against: identity, at: settings.path) }
    } else {
      run = Checkpoint()
    }
    lastSave = MonotonicClock.seconds
    try save(run)
  }

  /// Whether one more step makes it time to write.
  func isDueAfterStep() -> Bool {
    steps += 1
    return isDue
  }

  /// Whether it is time to write.
  var isDue: Bool { MonotonicClock.seconds - lastSave >= settings.interval || settings.steps.map { steps >= $0 } ?? false }

  func save(_ run: Checkpoint) throws {
    var run = run
    run.identity = identity
    try run.save(to: settings.path, plan: plan)
    (lastSave, steps) = (MonotonicClock.seconds, 0)
  }
}
