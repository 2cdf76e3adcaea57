internal import COpenBLAS
import FluxCore

/// Least squares by LAPACK, for the refits of SCIENCE §6.5.
enum LeastSquares {
  /// min ‖y − Xθ‖² subject to Σ θ = total: a constant field keeps its integral.
  ///
  /// - Parameter columns: X. Shape `[feature][sample]`.
  /// - Throws: ``FluxError`` when the columns do not determine θ.
  static func solve(columns: [[Double]], _ y: [Double], total: Double, at place: String) throws -> [Double] {
    var a = columns.flatMap { $0 }, c = y, d = [total], x = [Double](repeating: 0, count: columns.count)
    var constraints = [Double](repeating: 1, count: columns.count)
    var m = Int32(y.count), n = Int32(columns.count), p: Int32 = 1, info: Int32 = 0
    var size = (n + m + p) * 64, work = [Double](repeating: 0, count: Int(size))
    dgglse_(&m, &n, &p, &a, &m, &constraints, &p, &c, &d, &x, &work, &size, &info)
    guard info == 0, x.allSatisfy(\.isFinite) else {
      throw FluxError("\(columns.count) contributing pixels over \(y.count) times do not determine their weights (dgglse \(info))",
        at: place, expected: "independent series, fewer than times", remedy: "Ask for fewer candidates or a lower r2.")
    }
    return x
  }

  /// min ‖y − Xθ − b‖².
  ///
  /// - Returns: θ, and b.
  static func solveWithIntercept(columns: [[Double]], _ y: [Double], at place: String) throws -> ([Double], Double) {
    let all = columns + [[Double](repeating: 1, count: y.count)]
    var a = all.flatMap { $0 }, b = y + [Double](repeating: 0, count: max(0, all.count - y.count))
    var pivot = [Int32](repeating: 0, count: all.count)
    var m = Int32(y.count), n = Int32(all.count), one: Int32 = 1, rank: Int32 = 0, info: Int32 = 0
    var tolerance = 1e-12, leading = max(m, n), size = (3 * n + m) * 64
    var work = [Double](repeating: 0, count: Int(size))
    dgelsy_(&m, &n, &one, &a, &m, &b, &leading, &pivot, &tolerance, &rank, &work, &size, &info)
    guard info == 0 else {
      throw FluxError("LAPACK's dgelsy answered \(info)", at: place, expected: "0")
    }
    return (Array(b[..<columns.count]), b[columns.count])
  }
}
