internal import COpenBLAS
import FluxCore

/// Least squares by LAPACK, for the refits of SCIENCE §6.5.
enum LeastSquares {
  /// min ‖y − Xθ‖² + λ ‖θ − equal shares‖² subject to Σ_{k in group g} θ_k = total_g: a field that is constant within the groups keeps its integral.
  ///
  /// - Parameters:
  ///   - columns: X. Shape `[feature][sample]`.
  ///   - groups: the group of each column, an index into `totals`; every group has a column.
  ///   - pull: λ, how strongly weights are drawn to an equal share of their group's total.
  /// - Throws: ``FluxError`` when the columns do not determine θ.
  static func solve(columns: [[Double]], _ y: [Double], groups: [Int], totals: [Double], pull: Double = 0, at place: String) throws -> [Double] {
    let count = columns.count, root = pull.squareRoot(), extra = pull > 0 ? count : 0
    var members = [Double](repeating: 0, count: totals.count)
    for g in groups { members[g] += 1 }
    var a: [Double] = []
    for (k, column) in columns.enumerated() {
      a += column
      if extra > 0 { a += (0..<count).map { $0 == k ? root : 0 } }
    }
    var c = y + (extra > 0 ? groups.map { root * totals[$0] / members[$0] } : []), d = totals, x = [Double](repeating: 0, count: columns.count)
    var constraints = groups.flatMap { group in totals.indices.map { $0 == group ? 1.0 : 0 } }
    var m = Int32(y.count + extra), n = Int32(columns.count), p = Int32(totals.count), info: Int32 = 0
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
