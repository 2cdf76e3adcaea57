import FluxCore
import Glibc

/// The least absolute shrinkage and selection operator along its path (paper Eq. 2):
///
///   min over β, b of Σ_t w_t (y_t − Σ_k X_tk β_k − b)² + α Σ_k v_k |β_k|
///
/// The intercept b is free and the columns of X are standardised, so that α weighs every feature alike; w and v are 1
/// unless given. The path descends from the smallest α with β = 0, α_max = 2 max |Xᵀy|, with warm starts. Each point is
/// solved on a working set of columns, whose products with all others are computed as they enter, and is
/// certified by its duality gap over all of them. α is 2n times scikit-learn's.
///
/// - References: Friedman, Hastie and Tibshirani (2010), doi:10.18637/jss.v033.i01 (covariance updates); Lee et al. (2006),
///   Efficient sparse coding algorithms, NIPS 19 (steps to the optimum of a sign pattern).
public struct Lasso: Sendable {
  /// What was passed on the way.
  public struct Point: Sendable, Equatable {
    public let alpha, r2, gap: Double
    /// Coefficients that are not zero.
    public let count: Int
  }

  /// The last point of the path.
  public struct Solution: Sendable {
    /// In the units of y over those of the column. Shape `[feature]`.
    public var coefficients: [Double]
    /// In the units of y.
    public var intercept: Double
    public var alpha: Double
    /// The share of y's variance (its squares, without intercept) that is explained, 0 to 1.
    public var r2: Double
    /// (primal − dual) / ‖y − mean‖²: how far from the optimum this can be at most.
    public var gap: Double
    /// (mean of the prediction − mean of y) / |mean of y|; 0 up to rounding with an intercept.
    public var bias: Double
    public var path: [Point]
    /// Columns whose products with all others were computed, of all.
    public var workingSet: Int
    /// Where the coefficients are not zero.
    public var support: [Int] { coefficients.indices.filter { coefficients[$0] != 0 } }
  }

  /// Points per factor of ten in α.
  public var pointsPerDecade = 25.0
  /// The path ends at α_max times this.
  public var smallestAlpha = 1e-6
  /// The path's points instead, descending.
  public var alphas: [Double]?
  /// The relative duality gap at which a point counts as solved.
  public var tolerance = 1e-8
  public var maximumSweeps = 20_000
  /// Whether columns are scaled to unit variance; `false` takes them as they are.
  public var standardise = true
  public var intercept = true
  /// w, at least 0, scaled here to a mean of 1. Shape `[sample]`.
  public var weights: [Double]?
  /// v, above 0. Shape `[feature]`.
  public var penalties: [Double]?
  /// The path stops only where |bias| is at most this, too; nil for no such rule.
  public var largestBias: Double?

  public init() {}

  /// Descends until R² reaches `target`.
  ///
  /// - Parameters:
  ///   - columns: X, column-major. Shape `[feature][sample]`.
  ///   - y: shape `[sample]`.
  /// - Returns: the first point whose R² is at least `target`, or the last one of the path.
  /// - Throws: ``FluxError`` when a value is missing, nothing varies or a point does not converge;
  ///   ``Interrupted`` on Ctrl-C.
  public func solve(columns: [[Double]], _ y: [Double], r2 target: Double) throws -> Solution {
    guard columns.allSatisfy({ $0.count == y.count }) else {
      throw FluxError("columns of lengths \(Set(columns.map(\.count)).sorted()) against \(y.count) targets", at: "bridge.lasso",
        expected: "each as long as y")
    }
    return try columns.flatMap { $0 }.withUnsafeBufferPointer { flat in
      guard let base = flat.baseAddress else {
        throw FluxError("no columns", at: "bridge.lasso", expected: "at least one column and two samples")
      }
      return try solve(columns: base, count: columns.count, y, r2: target)
    }
  }

  /// As above.
  ///
  /// - Parameter columns: X, shape `[feature, sample]`, contiguous.
  public func solve(columns: UnsafePointer<Double>, count: Int, _ y: [Double], r2 target: Double) throws -> Solution {
    let problem = try LassoProblem(columns, count, y, self)
    let working = LassoWorkingSet(problem)
    let largest = 2 * problem.largestCorrelation
    var path: [Point] = [], bias = 0.0
    for alpha in try points(from: largest) {
      try Interrupt.check()
      let point = try solve(working, alpha)
      path.append(point)
      bias = problem.bias(working)
      if point.r2 >= target, largestBias.map({ abs(bias) <= $0 }) ?? true { break }
    }
    guard let last = path.last else { throw FluxError("the path has no point", at: "bridge.lasso", expected: "at least one alpha") }
    let (coefficients, b) = problem.coefficients(working)
    return Solution(coefficients: coefficients, intercept: b, alpha: last.alpha, r2: last.r2, gap: last.gap, bias: bias, path: path,
      workingSet: working.count)
  }

  private func points(from largest: Double) throws -> [Double] {
    if let alphas {
      guard zip(alphas, alphas.dropFirst()).allSatisfy({ $0 > $1 }), (alphas.last ?? 0) > 0, alphas[0].isFinite else {
        throw FluxError("alphas from \(alphas.first ?? .nan) to \(alphas.last ?? .nan)", at: "bridge.lasso", expected: "descending numbers above 0")
      }
      return alphas
    }
    let ratio = pow(10, -1 / pointsPerDecade)
    return Array(sequence(first: largest) { $0 * ratio }.prefix { $0 > largest * smallestAlpha })
  }

  /// One point, from wherever the working set stands.
  private func solve(_ working: LassoWorkingSet, _ alpha: Double) throws -> Point {
    var sharpness = 1e-10, sweeps = 0
    while true {
      try Interrupt.check()
      sweeps += working.descend(alpha, sharpness: sharpness, sweeps: max(1, min(200, maximumSweeps - sweeps)))
      let (gap, r2) = working.certify(alpha)
      let grew = working.grow(alpha)
      if !grew {
        if gap <= tolerance { return Point(alpha: alpha, r2: r2, gap: gap, count: working.support.count) }
        sharpness *= 0.1
      }
      guard grew || sweeps < maximumSweeps else {
        throw FluxError("the duality gap is \(gap) after \(sweeps) sweeps at alpha \(alpha)", at: "bridge.lasso",
          expected: "at most \(tolerance)", remedy: "Ask for a lower r2: columns this alike cannot be told apart.")
      }
    }
  }
}
