import FluxTensor

/// How gradients move weights.
public protocol Optimizer {
  /// A fresh state for one set of parameters.
  ///
  /// - Parameter learningRate: in place of the rule's own.
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
  /// One update of every parameter by its gradient; gradients are cleared.
  ///
  /// - Parameter factor: multiplies the learning rate, for a schedule.
  func step(factor: Double) throws
  /// The same, for rules that look at the loss more than once in a step.
  ///
  /// - Parameter loss: the loss at the parameters as they are when it is called, their gradients being set anew.
  func step(factor: Double, loss: () throws -> Double) throws
  /// Whether it looks at the loss itself, so that gradients need not be there before a step.
  var wantsLoss: Bool { get }
  /// Whether it takes the regional predictions' Jacobian into account; then ``step(factor:predictions:)`` is called.
  var wantsJacobian: Bool { get }
  /// The same, for rules that know how predictions move with the weights. Gradients are those of all that does not go through them.
  func step(factor: Double, predictions: Predictions) throws
  /// Moments and counters in one row; setting it takes up a run where another left it.
  var state: [Double] { get }
  /// - Throws: ``FluxError`` for a state that does not fit.
  func restore(_ state: [Double]) throws
}

extension ActiveOptimizer {
  public var wantsLoss: Bool { false }
  public var wantsJacobian: Bool { false }
  public func step(factor: Double, predictions: Predictions) throws { try step(factor: factor) }
  public func step(factor: Double, loss: () throws -> Double) throws { try step(factor: factor) }
}
