import FluxCore
import FluxTensor

/// How gradients move weights.
public protocol Optimizer {
  /// A fresh state for one set of parameters.
  ///
  /// - Parameter learningRate: in place of the rule's own.
  /// - Throws: ``FluxError`` where what the rule needs is not installed.
  func begin(_ parameters: [Tensor], learningRate: Double?) throws -> any ActiveOptimizer
  /// The rule and its settings in words: equal words, equal rule.
  var identity: String { get }
  /// What moves the few numbers that a weighting learns beside the model.
  var forWeighting: any Optimizer { get }
  /// Whether a schedule has a learning rate to change.
  var hasLearningRate: Bool { get }
  /// Whether it must work on the interpreter's thread.
  var needsOneThread: Bool { get }
}

extension Optimizer {
  public var identity: String { "\(self)" }
  public var forWeighting: any Optimizer { self }
  public var hasLearningRate: Bool { true }
  public var needsOneThread: Bool { false }
}

/// The optimiser of one run, with its moments.
public protocol ActiveOptimizer: AnyObject {
  /// One update of every parameter; gradients are cleared.
  ///
  /// - Parameters:
  ///   - problem: what the rule asks for gradients, losses or predictions, as it needs them.
  ///   - factor: multiplies the learning rate, for a schedule.
  /// - Throws: what the problem throws.
  func step(_ problem: any DescentProblem, factor: Double) throws
  /// Moments and counters in one row; setting it takes up a run where another left it.
  var state: [Double] { get }
  /// - Throws: ``FluxError`` for a state that does not fit.
  func restore(_ state: [Double]) throws
}

/// What an optimiser may ask of the loss that it lowers.
public protocol DescentProblem {
  /// Sets the gradient of every parameter at where it stands.
  ///
  /// - Throws: what the loss throws.
  func gradient() throws
  /// The loss where the parameters stand when it is called, their gradients set anew.
  ///
  /// - Throws: what the loss throws; ``FluxError`` where only gradients are given.
  func loss() throws -> Double
  /// As ``gradient()``, but what goes through linear predictions is left out of the gradients and given as predictions
  /// with their Jacobian; nil where there are none.
  ///
  /// - Throws: what the loss throws.
  func linearised() throws -> Predictions?
}

extension DescentProblem {
  public func linearised() throws -> Predictions? {
    try gradient()
    return nil
  }
}

/// Gradients that are there already.
public struct GivenGradients: DescentProblem {
  public init() {}
  public func gradient() {}
  public func loss() throws -> Double {
    throw FluxError(
      "a step without the loss", at: "Descent:step",
      expected: "a function that gives it, for a line search looks at it many times",
      remedy: "Call descent:step(function() return loss end).")
  }
}

/// A loss that is a function.
public struct GivenLoss: DescentProblem {
  private let evaluate: () throws -> Double

  /// - Parameter evaluate: gives the loss and sets the gradients.
  public init(_ evaluate: @escaping () throws -> Double) { self.evaluate = evaluate }

  public func gradient() throws { _ = try evaluate() }
  public func loss() throws -> Double { try evaluate() }
}
