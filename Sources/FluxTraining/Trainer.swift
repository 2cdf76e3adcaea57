import FluxCore
import FluxModels
import FluxObjective

/// Trains every variant of its plans on every fold: one plan, or a sweep of many (variants × seeds × replicates).
public final class Trainer {
  /// One plan, and where it is kept.
  public struct Cell {
    public var plan: TrainingPlan
    public var checkpoint: Checkpointing?
    /// `huber, seed 2, replicate 1`.
    public let label: String

    /// - Parameter checkpoint: where the members are kept; nowhere when nil.
    public init(_ plan: TrainingPlan, checkpoint: Checkpointing?) {
      self.plan = plan
      self.checkpoint = checkpoint
      let variants = plan.variants.map(\.name).joined(separator: "+")
      label = "\(variants), seed \(plan.seed), replicate \(plan.replicate + 1)"
    }

    /// Members that it is to have.
    var memberCount: Int { plan.folds.count * plan.variants.count }
  }

  /// What is trained, in the order of the result's members.
  public private(set) var cells: [Cell]
  /// Called after each epoch with what it came to and the model as it is; may throw to stop.
  public var onEpoch: ((EpochRecord, any SurfaceModel) throws -> Void)?
  /// Called after each step with the share of all work that is done, 0 to 1, and where the run stands.
  public var onProgress: ((Double, TrainingStatus) -> Void)?
  /// Where epochs and errors are noted down.
  public var log: RunLog?

  /// A run of one plan.
  public convenience init(_ plan: TrainingPlan) { self.init([Cell(plan, checkpoint: nil)]) }

  /// A sweep.
  public init(_ cells: [Cell]) { self.cells = cells }

  /// Of the first cell, which is the only one outside of sweeps.
  public var plan: TrainingPlan { cells[0].plan }

  /// Where the run of a single plan is kept; a run found there is gone on with. ``Checkpointing``
  public var checkpoint: Checkpointing? {
    get { cells[0].checkpoint }
    set { cells[0].checkpoint = newValue }
  }

  /// Whether cells are trained side by side, one a thread: where nothing in them is a script's, and there are several
  /// threads. With one thread a cell instead of several a step there is nothing to wait for; each gives the same bits as
  /// alone.
  var isParallel: Bool {
    ThreadPool.threadCount > 1 && cells.count > 1 && onEpoch == nil && !cells.contains { $0.plan.needsOneThread }
  }

  /// - Returns: every member, in the order of the cells; after Ctrl-C those that were finished, a checkpoint holding the one
  ///   in training too.
  /// - Throws: ``FluxError`` for a plan that cannot be trained, a checkpoint of another one, or a loss that is not finite,
  ///   naming the step and the term, and in a sweep the cell; ``Interrupted`` on Ctrl-C before a member was finished.
  public func train() throws -> TrainingResult {
    let crew: any Crew = isParallel ? ThreadCrew() : SerialCrew()
    let shares = Shares(cells.count)
    // Cells share only what is read, or kept behind a gate.
    nonisolated(unsafe) let this = self
    let outcomes = crew.run(cells.count) { number in
      this.outcome(number, shares)
    } goesOn: { outcome in
      if case .success(let result) = outcome { result.members.count == result.expected } else { false }
    }
    var results: [TrainingResult] = []
    for outcome in outcomes {
      do { results.append(try outcome.get()) } catch is Interrupted where !results.isEmpty {}
    }
    return cells.count == 1 ? results[0] : merged(results)
  }

  /// How far each cell is.
  private final class Shares: @unchecked Sendable {
    private let gate = Gate()
    private var done: [Double]
    init(_ count: Int) { done = [Double](repeating: 0, count: count) }

    /// - Returns: the share of the whole.
    func set(_ number: Int, _ share: Double, _ tell: (Double) -> Void) {
      gate.pass {
        done[number] = share
        tell(done.reduce(0, +) / Double(done.count))
      }
    }
  }

  private func outcome(_ number: Int, _ shares: Shares) -> Result<TrainingResult, any Error> {
    let cell = cells[number], isSweep = cells.count > 1
    let run = CellRun(cell, log: log, onEpoch: onEpoch) { [onProgress] share, status in
      var status = status
      if isSweep { status.cell = cell.label }
      shares.set(number, share) { onProgress?($0, status) }
    }
    return Result {
      do { return try run.train() } catch let error as FluxError where isSweep {
        throw FluxError(
          "\(cell.label): \(error.came)", at: error.place, expected: error.expected, remedy: error.remedy)
      }
    }
  }

  private func merged(_ results: [TrainingResult]) -> TrainingResult {
    var variants: [TrainingPlan.Variant] = [], folds: [(seed: UInt64, folds: [Int])] = []
    for cell in cells {
      for variant in cell.plan.variants where !variants.contains(where: { $0.name == variant.name }) {
        variants.append(variant)
      }
      if !folds.contains(where: { $0.seed == cell.plan.seed }) { folds.append((cell.plan.seed, cell.plan.folds.fold)) }
    }
    return TrainingResult(
      members: results.flatMap(\.members), records: results.flatMap(\.records), variants: variants,
      sites: cells.first?.plan.samples.sites.map(\.id) ?? [], foldsBySeed: folds,
      expected: cells.reduce(0) { $0 + $1.memberCount },
      settings: { [cells] in
        try cells.enumerated().flatMap { number, cell in
          try PlanIdentity.of(cell.plan).map { (name: "\(number + 1)_\($0.name)", value: $0.value) }
        }
      })
  }
}
