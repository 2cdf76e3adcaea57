import FluxCore
import FluxTensor
import Glibc

/// Adam for what reaches the weights directly, and for what goes through regional predictions m̂ a proximal Gauss–Newton step:
///
///   δ* = argmin_δ  ½ Σ_k (δ_k − a_k)² / μ_k + ℓ(m̂ + J δ),   a_k = −μ_k v₁ₖ,  μ_k = η / (√v₂ₖ + ε)
///
/// with a the step that Adam makes by the gradient of the towers, μ the step sizes of Adam by the gradient of all, and ℓ the weighted loss of the
/// predictions, whatever function it is: the model is linearised by the Jacobian J = ∂m̂/∂ω that the fused pass has anyway, the loss is not. Regional totals
/// are so few (region × month) that the minimum is found among as many multipliers, see ``ProximalStep``. A total is pulled by what the loss asks for where
/// the step ends, not where it starts, so that steps neither overshoot nor chatter around a loss that is no square.
///
/// Its rest points are the objective's own, as Adam's are. Without predictions it is Adam. Sources: proximal linear steps, Drusvyatskiy and Paquette 2019
/// (doi:10.1007/s10107-018-1311-3); Adam, Kingma and Ba 2015 (arXiv:1412.6980).
public struct GaussNewton: Optimizer, Sendable {
  public var learningRate = 0.003
  public var beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8
  /// Newton iterations for the multipliers in a step, at most.
  public var iterations = 3

  public init() {}

  /// Log-variances and their like, which no prediction depends on.
  public var forWeighting: any Optimizer { Adam() }

  public func begin(_ parameters: [Tensor], learningRate: Double?) throws -> any ActiveOptimizer {
    State(self, parameters, learningRate ?? self.learningRate)
  }

  private final class State: ActiveOptimizer {
    private let rule: GaussNewton, parameters: [Tensor], learningRate: Double
    /// Of all parameters in a row.
    private var moments: OptimizerMoments

    init(_ rule: GaussNewton, _ parameters: [Tensor], _ learningRate: Double) {
      self.rule = rule
      self.parameters = parameters
      self.learningRate = learningRate
      moments = OptimizerMoments(sizes: [parameters.reduce(0) { $0 + $1.count }], rows: 2)
    }

    var state: [Double] { moments.state }
    func restore(_ state: [Double]) throws { try moments.restore(state, at: "optim.gauss_newton") }

    func step(_ problem: any DescentProblem, factor: Double) throws {
      let predictions = try problem.linearised()
      let weights = parameters.flatMap { $0.doubles() }
      let gradient = parameters.flatMap { $0.gradient?.doubles() ?? [Double](repeating: 0, count: $0.count) }
      var (first, second) = (moments.rows[0][0], moments.rows[1][0])
      moments.count += 1
      let c1 = 1 - pow(rule.beta1, Double(moments.count)), c2 = 1 - pow(rule.beta2, Double(moments.count))
      let pull = try predictions.map { $0.pull(try $0.loss($0.values).gradient) }
      var sizes = gradient, move = gradient
      for (k, g) in gradient.enumerated() {
        let whole = g + (pull?[k] ?? 0)
        first[k] = rule.beta1 * first[k] + (1 - rule.beta1) * g
        second[k] = rule.beta2 * second[k] + (1 - rule.beta2) * whole * whole
        sizes[k] = learningRate * factor / ((second[k] / c2).squareRoot() + rule.epsilon)
        move[k] = -sizes[k] * (first[k] / c1)
      }
      if let predictions {
        let multipliers = try ProximalStep(predictions, sizes: sizes, move: move).solve(iterations: rule.iterations)
        for (k, pull) in predictions.pull(multipliers).enumerated() { move[k] -= sizes[k] * pull }
      }
      moments.rows = [[first], [second]]
      var next = 0
      try Tape.withoutRecording {
        for parameter in parameters {
          try parameter.assign(Tensor((next..<(next + parameter.count)).map { weights[$0] + move[$0] }, shape: parameter.shape))
          parameter.clearGradient()
          next += parameter.count
        }
      }
    }
  }
}
