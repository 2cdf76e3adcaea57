import FluxCore
import FluxTensor

/// Factors that change from epoch to epoch.
public final class ScheduledWeighting: Weighting {
  /// The factor of a term in an epoch (from 1) of so many.
  public typealias Factor = (_ epoch: Int, _ epochs: Int) throws -> Double
  public let factors: [String: Factor]

  /// - Parameter factors: by name of the term; a term that is not named counts once.
  public init(_ factors: [String: Factor]) { self.factors = factors }

  // The factors may be a script's functions.
  public var needsOneThread: Bool { true }

  public func identity(epochs: Int) throws -> String {
    var hash = ContentHash()
    for (name, factor) in factors.sorted(by: { $0.key < $1.key }) {
      hash.combine(name)
      hash.combine(try (1...max(1, epochs)).map { try factor($0, epochs) })
    }
    return "scheduled \(factors.keys.sorted().joined(separator: ", ")), hash \(hash)"
  }

  public func begin(terms: [String], losses: [Double]) throws -> any ActiveWeighting {
    try FixedWeighting.check(factors.keys, among: terms, at: "objective.scheduled")
    return Active(terms.map { factors[$0] ?? { _, _ in 1 } })
  }

  private final class Active: ActiveWeighting {
    private let factors: [Factor]
    private(set) var weights: [Double]

    init(_ factors: [Factor]) {
      self.factors = factors
      weights = factors.map { _ in 1 }
    }

    var parameters: [Tensor] { [] }
    var learningRate: Double? { nil }

    func begin(epoch: Int, of epochs: Int) throws {
      weights = try factors.map { try $0(epoch, epochs) }
      if let stray = weights.first(where: { !$0.isFinite }) {
        throw FluxError("a factor of \(stray) in epoch \(epoch)", at: "objective.scheduled", expected: "finite numbers")
      }
    }

    func combine(_ losses: [Tensor]) throws -> Tensor { try FixedWeighting.total(losses, weights) }
  }
}
