import FluxCore
import FluxTensor
import Glibc

/// How the terms of an objective become one number.
public protocol Weighting: AnyObject {
  /// A fresh state for one training run.
  ///
  /// - Parameters:
  ///   - terms: names, in the order of every later list.
  ///   - losses: of the first step.
  func begin(terms: [String], losses: [Double]) throws -> any ActiveWeighting
  /// The rule and its settings in words: equal words, equal rule.
  var identity: String { get }
}

/// The weighting of one run, which may learn.
public protocol ActiveWeighting: AnyObject {
  /// What a trainer moves beside the model, empty when nothing is learned.
  var parameters: [Tensor] { get }
  /// The learning rate of ``parameters``; `nil` for the model's.
  var learningRate: Double? { get }
  /// The factor of each term now.
  var weights: [Double] { get }
  /// The total, on the tape. Rank 0.
  func combine(_ losses: [Tensor]) throws -> Tensor
}

/// Constant factors.
public final class FixedWeighting: Weighting {
  public let factors: [String: Double]

  /// - Parameter factors: by name of the term; a term that is not named counts once.
  public init(_ factors: [String: Double]) { self.factors = factors }

  public var identity: String { "fixed " + factors.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ") }

  public func begin(terms: [String], losses: [Double]) throws -> any ActiveWeighting {
    if let stray = factors.keys.sorted().first(where: { !terms.contains($0) }), terms.count > 1 {
      throw FluxError("no term '\(stray)'\(NearestName.hint(stray, among: terms))", at: "objective.fixed",
        expected: "names of the terms: \(terms.joined(separator: ", "))")
    }
    return Active(terms.map { factors[$0] ?? 1 })
  }

  private final class Active: ActiveWeighting {
    let weights: [Double]
    init(_ weights: [Double]) { self.weights = weights }
    var parameters: [Tensor] { [] }
    var learningRate: Double? { nil }
    func combine(_ losses: [Tensor]) throws -> Tensor {
      var total = try losses[0].multiplied(by: losses[0].number(weights[0]))
      for (loss, w) in zip(losses, weights).dropFirst() { total = try total.adding(loss.multiplied(by: loss.number(w))) }
      return total
    }
  }
}
