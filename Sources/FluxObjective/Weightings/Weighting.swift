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
  ///
  /// - Parameter epochs: of the run, for rules that change with them.
  func identity(epochs: Int) throws -> String
  /// Whether it must be asked on the interpreter's thread.
  var needsOneThread: Bool { get }
}

extension Weighting {
  public var needsOneThread: Bool { false }
}

/// The weighting of one run, which may learn.
public protocol ActiveWeighting: AnyObject {
  /// What a trainer moves beside the model, empty when nothing is learned.
  var parameters: [Tensor] { get }
  /// The learning rate of ``parameters``; `nil` for the model's.
  var learningRate: Double? { get }
  /// The factor of each term now.
  var weights: [Double] { get }
  /// Told before the first step of each epoch, from 1.
  func begin(epoch: Int, of epochs: Int) throws
  /// The total, on the tape. Rank 0.
  func combine(_ losses: [Tensor]) throws -> Tensor
  /// What it remembers beside ``parameters``, in one row; setting it takes up a run where another left it.
  var state: [Double] { get }
  /// - Throws: ``FluxError`` for a state that does not fit.
  func restore(_ state: [Double]) throws
}

extension ActiveWeighting {
  public func begin(epoch: Int, of epochs: Int) throws {}
  public var state: [Double] { [] }
  public func restore(_ state: [Double]) throws {
    guard state.isEmpty else { throw FluxError("a state of \(state.count) numbers", at: "weighting", expected: "none") }
  }
}

/// Constant factors.
public final class FixedWeighting: Weighting {
  public let factors: [String: Double]

  /// - Parameter factors: by name of the term; a term that is not named counts once.
  public init(_ factors: [String: Double]) { self.factors = factors }

  public func identity(epochs: Int) -> String { "fixed " + factors.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ") }

  public func begin(terms: [String], losses: [Double]) throws -> any ActiveWeighting {
    try Self.check(factors.keys, among: terms, at: "objective.fixed")
    return Active(terms.map { factors[$0] ?? 1 })
  }

  /// - Throws: ``FluxError`` for a factor of a term that is not there.
  public static func check(_ names: some Collection<String>, among terms: [String], at place: String) throws {
    guard let stray = names.sorted().first(where: { !terms.contains($0) }), terms.count > 1 else { return }
    throw FluxError("no term '\(stray)'\(NearestName.hint(stray, among: terms))", at: place,
      expected: "names of the terms: \(terms.joined(separator: ", "))")
  }

  /// Σ weight × loss, in the order of the terms.
  /// - Throws: ``FluxError`` when memory is short.
  public static func total(_ losses: [Tensor], _ weights: [Double]) throws -> Tensor {
    var total = try losses[0].multiplied(by: losses[0].number(weights[0]))
    for (loss, w) in zip(losses, weights).dropFirst() { total = try total.adding(loss.multiplied(by: loss.number(w))) }
    return total
  }

  private final class Active: ActiveWeighting {
    let weights: [Double]
    init(_ weights: [Double]) { self.weights = weights }
    var parameters: [Tensor] { [] }
    var learningRate: Double? { nil }
    func combine(_ losses: [Tensor]) throws -> Tensor { try FixedWeighting.total(losses, weights) }
  }
}
