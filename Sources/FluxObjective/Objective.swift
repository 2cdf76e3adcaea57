import FluxCore
import FluxModels
import FluxOperators
import FluxTensor

/// What a member is trained on: terms, and how they become one number.
public final class Objective {
  /// Names in the order of every list of losses.
  public let names: [String]
  /// In the order of ``names``.
  public let terms: [any ObjectiveTerm]
  private let kinds: [[String]]
  private let weighting: any Weighting
  /// The weighting of this run; nil before the first step, and with one term.
  public private(set) var active: (any ActiveWeighting)?
  /// The losses that the weighting began with; empty before the first step.
  public private(set) var firstLosses: [Double] = []

  /// - Throws: what the terms' observations throw.
  public init(_ terms: [(name: String, term: any ObjectiveTerm)], weighting: any Weighting) throws {
    names = terms.map(\.name)
    self.terms = terms.map(\.term)
    kinds = try self.terms.map { try $0.kinds() }
    self.weighting = weighting
  }

  /// The factor of each term now; empty with one term and before the first step.
  public var weights: [Double] { active?.weights ?? [] }
  /// Whether a term goes through windows, and not through towers alone. Shape `[term]`.
  public var isWindowed: [Bool] { kinds.map { !$0.isEmpty } }

  /// Every term in a step, on the tape; the step notes which of them look at predictions.
  ///
  /// - Throws: what a term throws.
  public func evaluate(_ step: TrainingStep) throws -> [Tensor] {
    defer { step.reader = nil }
    return try terms.enumerated().map { place, term in
      step.reader = place
      return try term.evaluate(step)
    }
  }

  /// One number of the losses of a step, on the tape; the first losses begin the weighting.
  ///
  /// - Throws: ``FluxError`` when the weighting cannot begin with them.
  public func combine(_ losses: [Tensor], epoch: Int, of epochs: Int) throws -> Tensor {
    guard losses.count > 1 else { return losses[0] }
    if active == nil { try begin(firstLosses, epoch: epoch, of: epochs) }
    return try active?.combine(losses) ?? losses[0]
  }

  /// Remembers the first step's losses; later calls do nothing.
  public func noteFirst(_ losses: [Double]) { if firstLosses.isEmpty { firstLosses = losses } }

  /// Begins the weighting from the losses of a first step, perhaps one of long ago.
  ///
  /// - Throws: ``FluxError`` when it cannot begin with them.
  public func begin(_ losses: [Double], epoch: Int, of epochs: Int) throws {
    firstLosses = losses
    guard terms.count > 1, !losses.isEmpty else { return }
    let fresh = try weighting.begin(terms: names, losses: losses)
    active = fresh
    try fresh.begin(epoch: max(1, epoch), of: epochs)
  }

  /// One number of the losses with the factors as they are, so that a step's loss is one function.
  ///
  /// - Throws: ``FluxError`` when memory is short.
  public func frozen(_ losses: [Tensor]) throws -> Tensor {
    losses.count > 1 ? try FixedWeighting.total(losses, weights) : losses[0]
  }

  /// Every term at what a fold holds out: a term is averaged over the windows of its kinds, one of towers alone stands as it is.
  ///
  /// - Parameters:
  ///   - batch: the validation sites' days; nil without towers.
  ///   - windows: to be judged on, by kind.
  /// - Throws: what a term throws.
  public func judge(
    _ model: any SurfaceModel, _ batch: TowerBatch?, windows: [String: [Window]], epoch: Int, fold: Int
  ) throws -> [Double] {
    let counts = kinds.map { own in own.map { windows[$0]?.count ?? 0 }.max() ?? 0 }
    let all = windows.values.flatMap { $0 }.sorted { ($0.kind, $0.number) < ($1.kind, $1.number) }
    var sums = [Double](repeating: 0, count: terms.count)
    try Tape.withoutRecording {
      for i in 0..<max(1, counts.max() ?? 0) {
        let step = TrainingStep(
          model: model, batch: batch, windows: windows.values.compactMap { $0.isEmpty ? nil : $0[i % $0.count] },
          allWindows: all, epoch: epoch, fold: fold, isTraining: false)
        for (k, term) in terms.enumerated() where i < max(1, counts[k]) { sums[k] += try term.evaluate(step).item() }
      }
    }
    return zip(sums, counts).map { $0 / Double(max(1, $1)) }
  }
}
