import FluxCore
import FluxTensor
import Glibc

/// Learned weights by task uncertainty (Eqs. 9–11): Σ (1/q) e^{−s} ℓ + (1/q) s with s = log σ².
///
/// q is 2 as printed; q = 1 for a term that is a first power (`power`), so that a relative
/// change counts alike in every term.
///
/// - Reference: Kendall, Gal and Cipolla (2018), arXiv:1705.07115.
public final class KendallWeighting: Weighting {
  /// Where s starts.
  public enum Start: Sendable, Equatable {
    /// At ln ℓ of the first step: started at 0, s needs over a thousand steps to arrive, and short
    /// runs then measure the step count (SCIENCE §7).
    case loss
    case value(Double)
  }

  public let start: Start
  /// Of s; `nil` for the model's own.
  public let learningRate: Double?
  /// q by name of the term, 2 where it is not named.
  public let power: [String: Double]

  public init(start: Start = .loss, learningRate: Double? = 0.01, power: [String: Double] = [:]) {
    self.start = start
    self.learningRate = learningRate
    self.power = power
  }

  public func identity(epochs: Int) -> String {
    let powers = power.sorted { $0.key < $1.key }.map { ", \($0.key) to the power \($0.value)" }.joined()
    return "kendall from \(start), rate \(learningRate.map { "\($0)" } ?? "the model's")\(powers)"
  }

  public func begin(terms: [String], losses: [Double]) throws -> any ActiveWeighting {
    let first = try zip(terms, losses).map { term, loss in
      switch start {
      case .value(let s): return s
      case .loss:
        guard loss > 0, loss.isFinite else {
          throw FluxError("term '\(term)' is \(loss) in the first step", at: "objective.kendall", expected: "a finite loss above 0",
            remedy: "Use objective.kendall{start=0}, or objective.fixed{…} for a term that may be negative.")
        }
        return log(loss)
      }
    }
    return try Active(first, terms.map { power[$0] ?? 2 }, learningRate)
  }

  private final class Active: ActiveWeighting {
    let parameters: [Tensor]
    let learningRate: Double?
    private let q: [Double]

    init(_ start: [Double], _ q: [Double], _ learningRate: Double?) throws {
      parameters = try start.map { try Tensor.scalar($0, .float64).requireGradient() }
      self.q = q
      self.learningRate = learningRate
    }

    var weights: [Double] { zip(parameters, q).map { exp(-$0.doubles()[0]) / $1 } }

    func combine(_ losses: [Tensor]) throws -> Tensor {
      var total = try Tensor.scalar(0, .float64)
      for (i, loss) in losses.enumerated() {
        let s = parameters[i]
        let term = try s.negated().exp().multiplied(by: loss.converted(to: .float64)).adding(s)
        total = try total.adding(term.multiplied(by: term.number(1 / q[i])))
      }
      return total
    }
  }
}
