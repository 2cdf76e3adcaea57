import FluxCore
import FluxTensor
import Glibc

/// How gradients move weights.
public protocol Optimizer {
  /// A fresh state for one set of parameters.
  func begin(_ parameters: [Tensor], learningRate: Double?) throws -> any ActiveOptimizer
}

/// The optimiser of one run, with its moments.
public protocol ActiveOptimizer: AnyObject {
  /// One update of every parameter by its gradient; gradients are cleared.
  ///
  /// - Parameter factor: multiplies the learning rate, for a schedule.
  func step(factor: Double) throws
  /// Moments and counters in one row; setting it takes up a run where another left it.
  var state: [Double] { get }
  /// - Throws: ``FluxError`` for a state of another size.
  func restore(_ state: [Double]) throws
}

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
    private var first, second: [[Double]]
    private var count = 0

    init(_ rule: Adam, _ parameters: [Tensor], _ learningRate: Double) {
      self.rule = rule
      self.parameters = parameters
      self.learningRate = learningRate
      first = parameters.map { [Double](repeating: 0, count: $0.count) }
      second = first
    }

    var state: [Double] { [Double(count)] + first.joined() + second.joined() }

    func restore(_ state: [Double]) throws {
      let size = parameters.reduce(0) { $0 + $1.count }
      guard state.count == 1 + 2 * size, let steps = Int(exactly: state[0]), steps >= 0 else {
        throw FluxError("a state of \(state.count) numbers", at: "optim.adam", expected: "\(1 + 2 * size)")
      }
      count = steps
      var next = 1
      for i in parameters.indices {
        for k in first[i].indices { (first[i][k], second[i][k]) = (state[next + k], state[next + size + k]) }
        next += first[i].count
      }
    }

    func step(factor: Double) throws {
      count += 1
      let rate = learningRate * factor
      let c1 = 1 - pow(rule.beta1, Double(count)), c2 = 1 - pow(rule.beta2, Double(count))
      try Tape.withoutRecording {
        for (i, parameter) in parameters.enumerated() {
          guard let gradient = parameter.gradient else { continue }
          let g = gradient.doubles(), decay = parameter.rank > 1 ? rate * rule.weightDecay : 0
          var w = parameter.doubles()
          w.withUnsafeMutableBufferPointer { w in
            first[i].withUnsafeMutableBufferPointer { first in
              second[i].withUnsafeMutableBufferPointer { second in
                for k in w.indices {
                  first[k] = rule.beta1 * first[k] + (1 - rule.beta1) * g[k]
                  second[k] = rule.beta2 * second[k] + (1 - rule.beta2) * g[k] * g[k]
                  w[k] -= decay * w[k] + rate * (first[k] / c1) / ((second[k] / c2).squareRoot() + rule.epsilon)
                }
              }
            }
          }
          try parameter.assign(Tensor(w, shape: parameter.shape))
          parameter.clearGradient()
        }
      }
    }
  }
}
