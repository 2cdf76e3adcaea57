internal import CFluxKernels
internal import COpenBLAS
import FluxCore

/// X, y and what standardises them; X itself is read where it lies and never copied.
///
/// In here feature k is x̃_k = (x_k − mean_k) / scale_k with scale_k = deviation_k × penalty_k, so that every
/// coefficient bears the same penalty, and sums over samples are weighted.
final class LassoProblem {
  let samples, features: Int
  private let columns: UnsafePointer<Double>
  /// y minus its mean. Shape `[sample]`.
  private let y: [Double]
  private let weights: [Double]?
  private let meanOfY, rawMeanOfY: Double
  /// Shape `[feature]`.
  private let mean, scale, rawMean: [Double]
  /// Σ w x̃², 0 for a column that does not vary. Shape `[feature]`.
  let squares: [Double]
  /// Σ w x̃ y. Shape `[feature]`.
  let correlation: [Double]
  /// Σ w y².
  let squaresOfY: Double
  /// Features that one piece of work covers: fixed, so that results do not depend on the threads.
  private static let tile = 128

  var largestCorrelation: Double { correlation.lazy.map(\.magnitude).max() ?? 0 }

  /// - Parameter columns: shape `[feature, sample]`; must outlive this.
  init(_ columns: UnsafePointer<Double>, _ features: Int, _ y: [Double], _ options: Lasso) throws {
    let place = "bridge.lasso", n = y.count
    guard features > 0, n > 1, max(features, n) <= Int(Int32.max) else {
      throw FluxError("\(features) columns of \(n) samples", at: place, expected: "at least one column and two samples")
    }
    if let w = options.weights, w.count != n || !w.allSatisfy({ $0 >= 0 && $0.isFinite }) || w.reduce(0, +) <= 0 {
      throw FluxError("\(w.count) weights for \(n) samples", at: place, expected: "one a sample, none negative or missing, not all 0")
    }
    if let v = options.penalties, v.count != features || !v.allSatisfy({ $0 > 0 && $0.isFinite }) {
      throw FluxError("\(v.count) penalties for \(features) columns", at: place, expected: "one a column, each above 0")
    }
    guard y.allSatisfy(\.isFinite) else { throw Self.missing("y", place) }
    openblas_set_num_threads(1)
    let weights = options.weights.map { w in let total = w.reduce(0, +); return w.map { $0 * Double(n) / total } }
    func weighted(_ v: [Double]) -> [Double] { weights.map { zip($0, v).map { $0 * $1 } } ?? v }
    rawMeanOfY = weighted(y).reduce(0, +) / Double(n)
    let meanOfY = options.intercept ? rawMeanOfY : 0
    let centred = y.map { $0 - meanOfY }, right = weighted(centred)
    squaresOfY = zip(centred, right).reduce(0) { $0 + $1.0 * $1.1 }
    guard squaresOfY > 0 else {
      throw FluxError("the target does not vary", at: place, expected: "a series with variance above 0")
    }
    // Weights divided out of the means, in the order of the samples.
    let unit = weights ?? [Double](repeating: 1, count: n)
    var mean = [Double](repeating: 0, count: features), rawMean = mean, scale = mean, squares = mean, correlation = mean
    nonisolated(unsafe) let columns = columns
    let (intercept, standardise, tile) = (options.intercept, options.standardise, Self.tile)
    mean.withUnsafeMutableBufferPointer { mean in rawMean.withUnsafeMutableBufferPointer { rawMean in
      scale.withUnsafeMutableBufferPointer { scale in squares.withUnsafeMutableBufferPointer { squares in
        correlation.withUnsafeMutableBufferPointer { correlation in
          nonisolated(unsafe) let (mean, rawMean, scale, squares, correlation) = (mean, rawMean, scale, squares, correlation)
          ThreadPool.forEach((features + tile - 1) / tile) { t, _ in
            var deviation = [Double](repeating: 0, count: n)
            for k in (t * tile)..<min(features, (t + 1) * tile) {
              let x = columns + k * n
              rawMean[k] = cblas_ddot(Int32(n), x, 1, unit, 1) / Double(n)
              mean[k] = intercept ? rawMean[k] : 0
              for i in 0..<n { deviation[i] = x[i] - mean[k] }
              correlation[k] = cblas_ddot(Int32(n), deviation, 1, right, 1)
              if weights != nil { for i in 0..<n { deviation[i] *= unit[i].squareRoot() } }
              squares[k] = cblas_ddot(Int32(n), deviation, 1, deviation, 1)
              scale[k] = standardise ? (squares[k] / Double(n)).squareRoot() : 1
            }
          }
        }
      } }
    } }
    guard correlation.allSatisfy(\.isFinite), squares.allSatisfy(\.isFinite) else { throw Self.missing("X", place) }
    let largest = squares.max() ?? 0
    for k in 0..<features {
      if squares[k] <= largest * 1e-24 {
        (squares[k], correlation[k], scale[k]) = (0, 0, 1)
      } else {
        scale[k] *= options.penalties?[k] ?? 1
        squares[k] /= scale[k] * scale[k]
        correlation[k] /= scale[k]
      }
    }
    (samples, self.features, self.columns, self.y, self.weights, self.meanOfY) = (n, features, columns, centred, weights, meanOfY)
    (self.mean, self.rawMean, self.scale, self.squares, self.correlation) = (mean, rawMean, scale, squares, correlation)
  }

  private static func missing(_ what: String, _ place: String) -> FluxError {
    FluxError("a value of \(what) is missing or infinite", at: place, expected: "finite numbers",
      remedy: "Leave out the times or the pixels that are missing.")
  }

  /// Inner products of some features with all: Σ w x̃_j x̃_k, written to rows of `out`. Shape `[chosen, feature]`.
  func products(of chosen: [Int], into out: UnsafeMutablePointer<Double>) {
    let n = samples, p = features, tile = Self.tile, m = chosen.count
    var rows = [Double](repeating: 0, count: m * n)
    for (row, k) in chosen.enumerated() {
      let x = columns + k * n, (centre, factor) = (mean[k], 1 / scale[k])
      for i in 0..<n { rows[row * n + i] = (x[i] - centre) * factor }
      if let weights { for i in 0..<n { rows[row * n + i] *= weights[i] } }
    }
    nonisolated(unsafe) let out = out
    nonisolated(unsafe) let columns = columns
    let (scale, squares, right) = (scale, squares, rows)
    // The chosen are centred, which centres the product with any column.
    ThreadPool.forEach((p + tile - 1) / tile) { t, _ in
      let first = t * tile, width = min(tile, p - first)
      fx_inner_products(right, m, columns + first * n, width, n, out + first, p)
      for row in 0..<m {
        for k in first..<(first + width) { out[row * p + k] = squares[k] > 0 ? out[row * p + k] / scale[k] : 0 }
      }
    }
  }

  /// Coefficients in the units of X and y, and the intercept.
  func coefficients(_ working: LassoWorkingSet) -> ([Double], Double) {
    var result = [Double](repeating: 0, count: features), b = meanOfY
    for slot in working.support {
      let k = working.members[slot]
      result[k] = working.beta[slot] / scale[k]
      b -= result[k] * mean[k]
    }
    return (result, b)
  }

  /// (mean of the prediction − mean of y) / |mean of y|.
  func bias(_ working: LassoWorkingSet) -> Double {
    let (coefficients, b) = coefficients(working)
    let predicted = working.support.reduce(b) { $0 + coefficients[working.members[$1]] * rawMean[working.members[$1]] }
    return predicted == rawMeanOfY ? 0 : (predicted - rawMeanOfY) / rawMeanOfY.magnitude
  }
}
