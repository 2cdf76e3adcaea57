internal import COpenBLAS

/// The step that a linearised model makes towards the minimum of a loss of its predictions, held back by step sizes μ:
///
///   min_δ ½ Σ_k (δ_k − a_k)² / μ_k + ℓ(m̂ + J δ)   has   δ = a − μ Jᵀ c,   c = ∇ℓ(m̂ + J a − K c),   K = J μ Jᵀ
///
/// so that as many multipliers c as predictions are to be found, by Newton's method on φ(c) = ½ cᵀ K c + ℓ(m̂ + J a − K c). Of ℓ's curvature the
/// diagonal is used, measured from its gradient beside the point: whole for a loss that is a sum over regions and months.
struct ProximalStep {
  private let predictions: Predictions
  /// m̂ + J a.
  private let base: [Double]
  /// K, whole.
  private let kernel: [Double]

  private struct Point {
    let multipliers: [Double], values: [Double]
    /// φ, and ∇ℓ at the values.
    let merit: Double, gradient: [Double]
  }

  /// - Parameters:
  ///   - sizes: μ. Shape `[weight]`.
  ///   - move: a. Shape `[weight]`.
  init(_ predictions: Predictions, sizes: [Double], move: [Double]) {
    self.predictions = predictions
    base = zip(predictions.values, predictions.change(move)).map { $0 + $1 }
    let n = predictions.values.count, roots = sizes.map { $0.squareRoot() }
    var scaled = predictions.jacobian, kernel = [Double](repeating: 0, count: n * n)
    for i in 0..<n { for k in roots.indices { scaled[i * roots.count + k] *= roots[k] } }
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, Int32(n), Int32(roots.count), 1, scaled, Int32(roots.count), 0, &kernel, Int32(n))
    for i in 0..<n { for j in 0..<i { kernel[i * n + j] = kernel[j * n + i] } }
    self.kernel = kernel
  }

  /// - Returns: c. Shape `[prediction]`.
  func solve(iterations: Int) throws -> [Double] {
    var here = try point([Double](repeating: 0, count: base.count))
    for _ in 0..<iterations {
      guard let direction = try direction(at: here), let next = try descend(from: here, direction) else { break }
      here = next
    }
    return here.multipliers
  }

  private func point(_ multipliers: [Double]) throws -> Point {
    let moved = times(multipliers), values = zip(base, moved).map { $0 - $1 }, (loss, gradient) = try predictions.loss(values)
    return Point(multipliers: multipliers, values: values, merit: 0.5 * zip(multipliers, moved).reduce(0) { $0 + $1.0 * $1.1 } + loss, gradient: gradient)
  }

  /// −(I + H K)⁻¹ (c − ∇ℓ), with H ≥ 0 the diagonal of ℓ's curvature; nil where that cannot be solved.
  private func direction(at here: Point) throws -> [Double]? {
    let n = base.count, size = (here.values.reduce(0) { $0 + $1 * $1 } / Double(n)).squareRoot(), beside = 1e-3 * max(size, 1e-12)
    let roots = zip(try predictions.loss(here.values.map { $0 + beside }).gradient, here.gradient).map { max(0, ($0 - $1) / beside).squareRoot() }
    let misfit = zip(here.multipliers, here.gradient).map { $0 - $1 }
    // (I + HK)⁻¹ = I − S (I + SKS)⁻¹ S K with S = √H: what is in the brackets is positive definite.
    var matrix = kernel
    for i in 0..<n {
      for j in 0..<n { matrix[i * n + j] *= roots[i] * roots[j] }
      matrix[i * n + i] += 1
    }
    var right = zip(roots, times(misfit)).map { $0 * $1 }
    var upper = CChar(UInt8(ascii: "U")), order = Int32(n), one: Int32 = 1, info: Int32 = 0
    dposv_(&upper, &order, &one, &matrix, &order, &right, &order, &info)
    return info == 0 ? (0..<n).map { roots[$0] * right[$0] - misfit[$0] } : nil
  }

  /// The first of ever shorter steps that does not raise φ; nil when none does.
  private func descend(from here: Point, _ direction: [Double]) throws -> Point? {
    var share = 1.0
    for _ in 0..<6 {
      let next = try point(zip(here.multipliers, direction).map { $0 + share * $1 })
      if next.merit <= here.merit { return next }
      share *= 0.5
    }
    return nil
  }

  private func times(_ c: [Double]) -> [Double] {
    var out = [Double](repeating: 0, count: c.count)
    cblas_dsymv(CblasRowMajor, CblasUpper, Int32(c.count), 1, kernel, Int32(c.count), c, 1, 0, &out, 1)
    return out
  }
}
