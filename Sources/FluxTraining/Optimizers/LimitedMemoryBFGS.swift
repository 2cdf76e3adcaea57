internal import CLateLibraries
import FluxCore
import FluxTensor

/// L-BFGS (Liu and Nocedal 1989, doi:10.1007/BF01589116) of NLopt, for smooth losses that do not change within a step.
///
/// A step minimises its own loss, with its batch and its year, by up to ``evaluations`` evaluations. The curvature is
/// learnt anew in each, because the next step's loss is another: so there is nothing to remember between steps, and a
/// run is taken up again with the same bits. It pays with few, large batches.
public struct LimitedMemoryBFGS: Optimizer, Sendable {
  /// Of loss and gradient in one step, at most.
  public var evaluations = 20
  /// Pairs of steps that stand for the curvature.
  public var memory = 10
  /// Relative change of the loss at which a step ends early; 0 for none.
  public var tolerance = 0.0

  public init() {}

  /// NLopt's version; nil where it is not installed.
  public static var version: String? { fx_nlopt_version().map { String(cString: $0) } }

  /// A line search finds the length of each step.
  public var hasLearningRate: Bool { false }
  /// Log-variances and their like, whose loss has no minimum of its own within a step.
  public var forWeighting: any Optimizer { Adam() }

  /// - Throws: ``FluxError`` where NLopt is not installed.
  public func begin(_ parameters: [Tensor], learningRate: Double?) throws -> any ActiveOptimizer {
    if let reason = fx_nlopt_missing() {
      throw FluxError("NLopt is not there (\(String(cString: reason)))", at: "optim.lbfgs", expected: "NLopt 2.7 or newer",
        remedy: "Install it: sudo apt install libnlopt0")
    }
    return State(self, parameters)
  }

  private final class State: ActiveOptimizer {
    private let rule: LimitedMemoryBFGS, parameters: [Tensor]

    init(_ rule: LimitedMemoryBFGS, _ parameters: [Tensor]) {
      self.rule = rule
      self.parameters = parameters
    }

    var state: [Double] { [] }
    func restore(_ state: [Double]) throws {
      guard state.isEmpty else { throw FluxError("a state of \(state.count) numbers", at: "optim.lbfgs", expected: "none") }
    }

    func step(_ problem: any DescentProblem, factor: Double) throws {
      var x = parameters.flatMap { $0.doubles() }
      guard !x.isEmpty else { return }
      let search = Search(parameters, problem, x)
      var smallest = 0.0
      let code = fx_nlopt_lbfgs(UInt32(x.count), &x, &smallest, UInt32(clamping: rule.memory), Int32(clamping: rule.evaluations),
        rule.tolerance,
        { count, x, gradient, context, stop in
          Unmanaged<Search>.fromOpaque(context!).takeUnretainedValue().evaluate(Int(count), x!, gradient, stop!)
        }, Unmanaged.passUnretained(search).toOpaque())
      if let error = search.error { throw error }
      // A search that comes no further ends in a code below 0; the best point so far is as good then.
      guard code > -100, search.best.value.isFinite || code > 0 else {
        throw FluxError("NLopt ended with code \(code) and no finite loss", at: "optim.lbfgs", expected: "a smooth loss")
      }
      try search.set(search.best.x)
      parameters.forEach { $0.clearGradient() }
    }
  }

  /// One call of NLopt: its points and the best of them.
  private final class Search {
    private let parameters: [Tensor], problem: any DescentProblem
    var best: (value: Double, x: [Double])
    var error: (any Error)?

    init(_ parameters: [Tensor], _ problem: any DescentProblem, _ x: [Double]) {
      self.parameters = parameters
      self.problem = problem
      best = (.infinity, x)
    }

    func set(_ x: [Double]) throws {
      var next = 0
      try Tape.withoutRecording {
        for parameter in parameters {
          try parameter.assign(Tensor(Array(x[next..<(next + parameter.count)]), shape: parameter.shape))
          next += parameter.count
        }
      }
    }

    func evaluate(_ count: Int, _ x: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>?, _ stop: UnsafeMutablePointer<Int32>) -> Double {
      do {
        try Interrupt.check()
        let point = Array(UnsafeBufferPointer(start: x, count: count))
        try set(point)
        parameters.forEach { $0.clearGradient() }
        let value = try problem.loss()
        if value < best.value { best = (value, point) }
        var next = 0
        for parameter in parameters {
          let g = parameter.gradient?.doubles() ?? [Double](repeating: 0, count: parameter.count)
          for k in g.indices { gradient?[next + k] = g[k] }
          next += g.count
        }
        return value
      } catch {
        self.error = error
        stop.pointee = 1
        return .infinity
      }
    }
  }
}
