import FluxCore
import FluxTensor
import Glibc

/// Adam (Kingma and Ba 2015, arXiv:1412.6980), with decoupled weight decay where it is asked for
/// (Loshchilov and Hutter 2019, arXiv:1711.05101).
public struct Adam: Optimizer, Sendable {
  public var learningRate = 0.003
  public var beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8
  /// Per step, times the learning rate; matrices only, biases are left alone.
  public var weightDecay = 0.0

  public init() {}

  public func begin(_ parameters: [Tensor], learningRate: Double?) throws -> any ActiveOptimizer {
    State(self, parameters, learningRate ?? self.learningRate)
  }

  private final class State: ActiveOptimizer {
    private let rule: Adam, parameters: [Tensor], learningRate: Double
    private var moments: OptimizerMoments

    init(_ rule: Adam, _ parameters: [Tensor], _ learningRate: Double) {
      self.rule = rule
      self.parameters = parameters
      self.learningRate = learningRate
      moments = OptimizerMoments(parameters, rows: 2)
    }

    var state: [Double] { moments.state }
    func restore(_ state: [Double]) throws { try moments.restore(state, at: "optim.adam") }

    func step(_ problem: any DescentProblem, factor: Double) throws {
      try problem.gradient()
      moments.count += 1
      let rate = learningRate * factor
      let c1 = 1 - pow(rule.beta1, Double(moments.count)), c2 = 1 - pow(rule.beta2, Double(moments.count))
      try moments.step(parameters) { [rule] w, g, first, second, isMatrix in
        let decay = isMatrix ? rate * rule.weightDecay : 0
        for k in w.indices {
          first[k] = rule.beta1 * first[k] + (1 - rule.beta1) * g[k]
          second[k] = rule.beta2 * second[k] + (1 - rule.beta2) * g[k] * g[k]
          w[k] -= decay * w[k] + rate * (first[k] / c1) / ((second[k] / c2).squareRoot() + rule.epsilon)
        }
      }
    }
  }
}
