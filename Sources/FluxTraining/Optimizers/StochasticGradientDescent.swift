import FluxCore
import FluxTensor

/// Gradient descent with momentum (Polyak 1964), on request Nesterov's (Sutskever et al. 2013, PMLR 28): v ← μ v + g,
/// w ← w − lr v, or w − lr (g + μ v).
public struct StochasticGradientDescent: Optimizer, Sendable {
  public var learningRate = 0.01, momentum = 0.0
  public var isNesterov = false
  /// Per step, times the learning rate; matrices only, biases are left alone.
  public var weightDecay = 0.0

  public init() {}

  public func begin(_ parameters: [Tensor], learningRate: Double?) throws -> any ActiveOptimizer {
    State(self, parameters, learningRate ?? self.learningRate)
  }

  private final class State: ActiveOptimizer {
    private let rule: StochasticGradientDescent, parameters: [Tensor], learningRate: Double
    private var moments: OptimizerMoments

    init(_ rule: StochasticGradientDescent, _ parameters: [Tensor], _ learningRate: Double) {
      self.rule = rule
      self.parameters = parameters
      self.learningRate = learningRate
      moments = OptimizerMoments(parameters, rows: 1)
    }

    var state: [Double] { moments.state }
    func restore(_ state: [Double]) throws { try moments.restore(state, at: "optim.sgd") }

    func step(_ problem: any DescentProblem, factor: Double) throws {
      try problem.gradient()
      moments.count += 1
      let rate = learningRate * factor
      try moments.step(parameters) { [rule] w, g, velocity, _, isMatrix in
        let decay = isMatrix ? rate * rule.weightDecay : 0
        for k in w.indices {
          velocity[k] = rule.momentum * velocity[k] + g[k]
          w[k] -= decay * w[k] + rate * (rule.isNesterov ? g[k] + rule.momentum * velocity[k] : velocity[k])
        }
      }
    }
  }
}
