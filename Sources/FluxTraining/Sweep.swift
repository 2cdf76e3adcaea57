import FluxCore
import FluxData
import FluxModels

/// Many plans as one run: variants × seeds × replicates, each on its folds.
public final class Sweep {
  /// One plan with one variant, and where it is kept.
  public struct Cell {
    public var plan: TrainingPlan
    public var checkpoint: Checkpointing?
    /// `huber, seed 2, replicate 1`.
    public let label: String

    public init(_ plan: TrainingPlan, checkpoint: Checkpointing?) {
      self.plan = plan
      self.checkpoint = checkpoint
      label = "\(plan.variants.map(\.name).joined(separator: "+")), seed \(plan.seed), replicate \(plan.replicate + 1)"
    }
  }

  public let cells: [Cell]
  /// As in ``Trainer``.
  public var onEpoch: ((EpochRecord, MultilayerPerceptron?) throws -> Void)?
  public var onProgress: ((Double, String) -> Void)?
  public var log: RunLog?

  public init(_ cells: [Cell]) { self.cells = cells }

  /// Whether cells are trained side by side, one a thread: where nothing in them is a script's, and there are several threads. With one
  /// thread a cell instead of several a step there is nothing to wait for; each gives the same bits as alone.
  var isParallel: Bool {
    ThreadPool.threadCount > 1 && cells.count > 1 && onEpoch == nil && !cells.contains { $0.plan.needsOneThread }
  }

  /// - Returns: the members of all cells, in the order of the cells; after Ctrl-C those that were finished.
  /// - Throws: as ``Trainer/train()``, naming the cell.
  public func train() throws -> TrainingResult {
    var outcomes = [Result<TrainingResult, any Error>?](repeating: nil, count: cells.count)
    let shares = Shares(cells.count)
    if isParallel {
      // Each writes its own place, and shares only what is read, or kept behind a gate.
      nonisolated(unsafe) let this = self
      outcomes.withUnsafeMutableBufferPointer { places in
        nonisolated(unsafe) let places = places
        ThreadPool.forEach(cells.count) { number, _ in places[number] = this.outcome(number, shares) }
      }
    } else {
      for number in cells.indices {
        outcomes[number] = outcome(number, shares)
        guard case .success(let result)? = outcomes[number], result.members.count == result.expected else { break }
      }
    }
    var results: [TrainingResult] = []
    for outcome in outcomes {
      guard let outcome else { break }
      do { results.append(try outcome.get()) } catch is Interrupted where !results.isEmpty {}
    }
    return merged(results)
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
    let cell = cells[number], trainer = Trainer(cell.plan)
    trainer.checkpoint = cell.checkpoint
    trainer.log = log
    if let onEpoch { trainer.onEpoch = { [unowned trainer] record in try onEpoch(record, trainer.current) } }
    trainer.onProgress = { [onProgress] share, status in
      shares.set(number, share) { onProgress?($0, "\(cell.label) | \(status)") }
    }
    return Result {
      do { return try trainer.train() } catch let error as FluxError {
        throw FluxError("\(cell.label): \(error.came)", at: error.place, expected: error.expected, remedy: error.remedy)
      }
    }
  }

  private func merged(_ results: [TrainingResult]) -> TrainingResult {
    var variants: [TrainingPlan.Variant] = [], folds: [(seed: UInt64, folds: [Int])] = []
    for cell in cells {
      for variant in cell.plan.variants where !variants.contains(where: { $0.name == variant.name }) { variants.append(variant) }
      if !folds.contains(where: { $0.seed == cell.plan.seed }) { folds.append((cell.plan.seed, cell.plan.folds.fold)) }
    }
    return TrainingResult(members: results.flatMap(\.members), records: results.flatMap(\.records), variants: variants,
      sites: cells.first?.plan.samples.sites.map(\.id) ?? [], foldsBySeed: folds,
      expected: cells.reduce(0) { $0 + $1.plan.folds.count * $1.plan.variants.count },
      settings: { [cells] in
        try cells.enumerated().flatMap { number, cell in try PlanIdentity.of(cell.plan).map { (name: "\(number + 1)_\($0.name)", value: $0.value) } }
      })
  }
}
