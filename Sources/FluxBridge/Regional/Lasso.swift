import FluxCore
import Glibc

/// The least absolute shrinkage and selection operator along its path (paper Eq. 2):
///
///   min over β, b of ‖y − Xβ − b‖² + α ‖β‖₁
///
/// The intercept b is free and the columns of X are standardised, so that α weighs
/// every pixel alike. The path descends from the smallest α with β = 0,
/// α_max = 2 max |Xᵀy|, with warm starts, and each point is certified by its duality gap.
/// α is 2n times scikit-learn's.
///
/// - Reference: Friedman, Hastie and Tibshirani (2010), doi:10.18637/jss.v033.i01 (covariance updates).
public struct Lasso: Sendable {
  /// One point of the path.
  public struct Solution: Sendable {
    /// In the units of y over those of the column. Shape `[feature]`.
    public var coefficients: [Double]
    /// In the units of y.
    public var intercept: Double
    public var alpha: Double
    /// The share of y's variance that is explained, 0 to 1.
    public var r2: Double
    /// (primal − dual) / ‖y − mean‖²: how far from the optimum this can be at most.
    public var gap: Double
    /// Where the coefficients are not zero.
    public var support: [Int] { coefficients.indices.filter { coefficients[$0] != 0 } }
  }

  /// Points per factor of ten in α.
  public var pointsPerDecade = 25.0
  /// The path ends at α_max times this.
  public var smallestAlpha = 1e-6
  /// The relative duality gap at which a point counts as solved.
  public var tolerance = 1e-8
  public var maximumSweeps = 20_000

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
    let problem = try Standardised(columns, y)
    let n = Double(y.count), p = columns.count
    var beta = [Double](repeating: 0, count: p)
    var correlation = problem.correlation  // Xᵀ(y − Xβ)
    let largest = 2 * (correlation.map(\.magnitude).max() ?? 0)
    let ratio = pow(10, -1 / pointsPerDecade)
    var alpha = largest, gap = 0.0, r2 = 0.0
    while alpha > largest * smallestAlpha {
      try Interrupt.check()
      var sweeps = 0
      while true {
        sweep(problem, alpha, &beta, &correlation, n)
        sweeps += 1
        (gap, r2) = problem.certify(beta, correlation, alpha)
        if gap <= tolerance { break }
        guard sweeps < maximumSweeps else {
          throw FluxError("the duality gap is \(gap) after \(sweeps) sweeps at alpha \(alpha)", at: "bridge.lasso",
            expected: "at most \(tolerance)", remedy: "Ask for a lower r2: columns this alike cannot be told apart.")
        }
      }
      if r2 >= target { break }
      alpha *= ratio
    }
    return problem.solution(beta, alpha: alpha, r2: r2, gap: gap)
  }

  /// Coordinate descent: the active columns to convergence, then all of them once.
  private func sweep(_ problem: Standardised, _ alpha: Double, _ beta: inout [Double], _ correlation: inout [Double], _ n: Double) {
    func update(_ k: Int) -> Double {
      guard problem.varies[k] else { return 0 }
      let z = correlation[k] + n * beta[k]
      let shrunk = max(z.magnitude - alpha / 2, 0) * (z < 0 ? -1 : 1) / n
      let change = shrunk - beta[k]
      if change != 0 {
        beta[k] = shrunk
        problem.gram.withUnsafeBufferPointer { gram in
          let row = gram.baseAddress! + k * beta.count
          for j in 0..<beta.count { correlation[j] -= row[j] * change }
        }
      }
      return change.magnitude
    }
    let scale = problem.deviationOfY * 1e-7
    for _ in 0..<100 {
      var largest = 0.0
      for k in beta.indices where beta[k] != 0 { largest = max(largest, update(k)) }
      if largest <= scale { break }
    }
    for k in beta.indices { _ = update(k) }
  }
}

/// X and y centred, X's columns scaled to unit variance, and all their inner products.
private struct Standardised {
  let mean, deviation: [Double]
  let varies: [Bool]
  let meanOfY, squaresOfY: Double
  /// XᵀX, row-major, and Xᵀy.
  let gram, correlation: [Double]
  var deviationOfY: Double { squaresOfY.squareRoot() }

  init(_ columns: [[Double]], _ y: [Double]) throws {
    let n = y.count, p = columns.count
    guard p > 0, n > 1, columns.allSatisfy({ $0.count == n }) else {
      throw FluxError("\(p) columns of lengths \(Set(columns.map(\.count)).sorted()) against \(n) targets", at: "bridge.lasso",
        expected: "at least one column, each as long as y, at least two samples")
    }
    guard y.allSatisfy(\.isFinite), columns.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw FluxError("a value is missing or infinite", at: "bridge.lasso", expected: "finite numbers",
        remedy: "Leave out the times or the pixels that are missing.")
    }
    func moments(_ v: [Double]) -> (Double, Double) {
      let mean = v.reduce(0, +) / Double(n)
      return (mean, v.reduce(0) { $0 + ($1 - mean) * ($1 - mean) })
    }
    let (my, sy) = moments(y)
    guard sy > 0 else {
      throw FluxError("the target does not vary", at: "bridge.lasso", expected: "a series with variance above 0")
    }
    (meanOfY, squaresOfY) = (my, sy)
    let m = columns.map(moments)
    mean = m.map(\.0)
    deviation = m.map { ($0.1 / Double(n)).squareRoot() }
    let scale = deviation.max() ?? 0
    varies = deviation.map { $0 > scale * 1e-12 }
    var scaled = [Double](repeating: 0, count: n * p)
    for k in 0..<p where varies[k] {
      for i in 0..<n { scaled[k * n + i] = (columns[k][i] - mean[k]) / deviation[k] }
    }
    var gram = [Double](repeating: 0, count: p * p), correlation = [Double](repeating: 0, count: p)
    scaled.withUnsafeBufferPointer { x in
      for k in 0..<p {
        let a = x.baseAddress! + k * n
        for j in 0...k {
          let b = x.baseAddress! + j * n
          var s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0, i = 0
          while i + 4 <= n {
            s0 += a[i] * b[i]; s1 += a[i + 1] * b[i + 1]; s2 += a[i + 2] * b[i + 2]; s3 += a[i + 3] * b[i + 3]
            i += 4
          }
          while i < n { s0 += a[i] * b[i]; i += 1 }
          let s = (s0 + s1) + (s2 + s3)
          gram[k * p + j] = s
          gram[j * p + k] = s
        }
        var s = 0.0
        for i in 0..<n { s += a[i] * (y[i] - my) }
        correlation[k] = s
      }
    }
    (self.gram, self.correlation) = (gram, correlation)
  }

  /// The relative duality gap and R² of β; `residual` is Xᵀ(y − Xβ).
  func certify(_ beta: [Double], _ residual: [Double], _ alpha: Double) -> (gap: Double, r2: Double) {
    var explained = 0.0, norm = 0.0, largest = 0.0  // βᵀ(Xᵀy + Xᵀr) = ‖y‖² − ‖r‖²
    for k in beta.indices {
      explained += beta[k] * (correlation[k] + residual[k])
      norm += beta[k].magnitude
      largest = max(largest, residual[k].magnitude)
    }
    let squares = squaresOfY - explained
    // The dual point is the residual, scaled into |2 Xᵀθ| ≤ α.
    let s = largest > 0 ? min(1, alpha / (2 * largest)) : 1
    var residualTimesY = squaresOfY
    for k in beta.indices { residualTimesY -= beta[k] * correlation[k] }
    let dual = 2 * s * residualTimesY - s * s * squares
    return ((squares + alpha * norm - dual) / squaresOfY, explained / squaresOfY)
  }

  func solution(_ beta: [Double], alpha: Double, r2: Double, gap: Double) -> Lasso.Solution {
    var coefficients = beta, intercept = meanOfY
    for k in beta.indices where beta[k] != 0 {
      coefficients[k] = beta[k] / deviation[k]
      intercept -= coefficients[k] * mean[k]
    }
    return Lasso.Solution(coefficients: coefficients, intercept: intercept, alpha: alpha, r2: r2, gap: gap)
  }
}
