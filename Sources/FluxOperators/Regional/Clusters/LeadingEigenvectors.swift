internal import CFluxKernels
internal import COpenBLAS
import FluxCore

/// The largest eigenvalues of a symmetric matrix and their eigenvectors.
///
/// Small matrices go to LAPACK whole. Large ones are projected on a block Krylov space, a few products with the matrix instead of its
/// reduction to three diagonals, and LAPACK solves the projection; every pair is certified by its
/// residual ‖Av − λv‖, and when that does not fall LAPACK takes the whole after all.
struct LeadingEigenvectors {
  /// Descending. Shape `[pair]`.
  private(set) var values: [Double]
  /// Of length 1, the entry of largest magnitude positive. Shape `[pair][row]`.
  private(set) var vectors: [[Double]]
  /// Whether LAPACK reduced the whole matrix.
  private(set) var isWhole: Bool

  /// Up to this size LAPACK is faster.
  private static let small = 400
  /// Of a pair, relative to the largest eigenvalue; the eigenvalue's own error is of its square.
  private static let residual = 1e-9

  /// - Parameter matrix: shape `[size, size]`, symmetric.
  /// - Throws: ``FluxError`` when LAPACK fails; ``Interrupted`` on Ctrl-C.
  init(of matrix: UnsafePointer<Double>, size: Int, count: Int, seed: UInt64 = 1) throws {
    openblas_set_num_threads(1)
    if size > Self.small, let found = try Self.krylov(matrix, size, count, seed) {
      (values, vectors, isWhole) = (found.0, found.1, false)
    } else {
      (values, vectors) = try Self.whole(Array(UnsafeBufferPointer(start: matrix, count: size * size)), size, count)
      isWhole = true
    }
    for k in vectors.indices {
      let largest = vectors[k].max { abs($0) < abs($1) } ?? 0
      if largest < 0 { for i in vectors[k].indices { vectors[k][i] = -vectors[k][i] } }
    }
  }

  /// By LAPACK's dsyevr. Vectors `[pair][row]`, values descending.
  private static func whole(_ matrix: [Double], _ size: Int, _ count: Int) throws -> ([Double], [[Double]]) {
    var a = matrix, n = Int32(size), first = Int32(size - count + 1), last = n, found: Int32 = 0, info: Int32 = 0
    var values = [Double](repeating: 0, count: size), vectors = [Double](repeating: 0, count: size * count)
    var support = [Int32](repeating: 0, count: 2 * count + 2)
    var workSize = Int32(size * 40 + 100), intSize = Int32(size * 12 + 100)
    var work = [Double](repeating: 0, count: Int(workSize)), ints = [Int32](repeating: 0, count: Int(intSize))
    var low = 0.0, high = 0.0, tolerance = 0.0
    dsyevr_("V", "I", "U", &n, &a, &n, &low, &high, &first, &last, &tolerance, &found, &values, &vectors, &n, &support, &work, &workSize,
      &ints, &intSize, &info)
    guard info == 0, Int(found) == count else {
      throw FluxError("LAPACK's dsyevr answered \(info), \(found) of \(count) eigenvalues", at: "bridge.clusters", expected: "0, all of them",
        remedy: "Look for extreme or missing values in the affinity.")
    }
    return (values[..<count].reversed(), (0..<count).reversed().map { Array(vectors[($0 * size)..<(($0 + 1) * size)]) })
  }

  /// Nil when the residuals did not fall in time.
  private static func krylov(_ matrix: UnsafePointer<Double>, _ n: Int, _ count: Int, _ seed: UInt64) throws -> ([Double], [[Double]])? {
    let block = count + 4, largestBasis = min(n / 2, 30 * block)
    var random = RandomStream(seed: seed, purpose: "eigenvectors")
    // Rows of the basis Q and of AQ, and QᵀAQ, grown block by block.
    var basis: [Double] = [], images: [Double] = []
    var next = (0..<(block * n)).map { _ in random.normal() }
    while basis.count / n + block <= largestBasis {
      try Interrupt.check()
      guard orthonormalise(&next, against: basis, n) else { return nil }
      basis += next
      images += product(matrix, next, n)
      let m = basis.count / n
      next = Array(images[(images.count - block * n)...])
      guard m >= 2 * block else { continue }
      var projected = [Double](repeating: 0, count: m * m)
      products(basis, images, n, &projected)
      for i in 0..<m { for j in 0..<i {
        let mean = (projected[i * m + j] + projected[j * m + i]) / 2
        (projected[i * m + j], projected[j * m + i]) = (mean, mean)
      } }
      let (values, small) = try whole(projected, m, count)
      let vectors = small.map { combine($0, basis, n) }, mapped = small.map { combine($0, images, n) }
      let isDone = values.indices.allSatisfy { k in
        var squares = 0.0
        for i in 0..<n { let r = mapped[k][i] - values[k] * vectors[k][i]; squares += r * r }
        return squares.squareRoot() <= residual * max(values[0].magnitude, 1e-300)
      }
      if isDone { return (values, vectors) }
    }
    return nil
  }

  /// Rows of the block times the matrix.
  private static func product(_ matrix: UnsafePointer<Double>, _ rows: [Double], _ n: Int) -> [Double] {
    let count = rows.count / n, tile = 128
    var result = [Double](repeating: 0, count: rows.count)
    nonisolated(unsafe) let matrix = matrix
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let out = result.baseAddress!
      ThreadPool.forEach((n + tile - 1) / tile) { t, _ in
        let first = t * tile
        fx_inner_products(rows, count, matrix + first * n, min(tile, n - first), n, out + first, n)
      }
    }
    return result
  }

  /// Inner products of all rows of one list with all of another. Shape `[row of a, row of b]`.
  private static func products(_ a: [Double], _ b: [Double], _ n: Int, _ out: inout [Double]) {
    let m = a.count / n, count = b.count / n, tile = 24
    out.withUnsafeMutableBufferPointer { out in
      nonisolated(unsafe) let out = out.baseAddress!
      ThreadPool.forEach((m + tile - 1) / tile) { t, _ in
        let first = t * tile
        a.withUnsafeBufferPointer { fx_inner_products($0.baseAddress! + first * n, min(tile, m - first), b, count, n, out + first * count, count) }
      }
    }
  }

  private static func combine(_ factors: [Double], _ rows: [Double], _ n: Int) -> [Double] {
    var sum = [Double](repeating: 0, count: n)
    rows.withUnsafeBufferPointer { rows in
      for (row, factor) in factors.enumerated() { cblas_daxpy(Int32(n), factor, rows.baseAddress! + row * n, 1, &sum, 1) }
    }
    return sum
  }

  /// Gram and Schmidt, twice, against the basis and within the block; false when a row vanishes in the others' span.
  private static func orthonormalise(_ block: inout [Double], against basis: [Double], _ n: Int) -> Bool {
    let count = block.count / n, width = Int32(n)
    for _ in 0..<2 {
      if !basis.isEmpty {
        let m = basis.count / n
        var overlaps = [Double](repeating: 0, count: count * m)
        products(block, basis, n, &overlaps)
        for row in 0..<count {
          let along = combine(Array(overlaps[(row * m)..<((row + 1) * m)]), basis, n)
          for i in 0..<n { block[row * n + i] -= along[i] }
        }
      }
      let isFull = block.withUnsafeMutableBufferPointer { memory in
        let b = memory.baseAddress!
        for row in 0..<count {
          let own = b + row * n, before = cblas_dnrm2(width, own, 1)
          for other in 0..<row { cblas_daxpy(width, -cblas_ddot(width, own, 1, b + other * n, 1), b + other * n, 1, own, 1) }
          let norm = cblas_dnrm2(width, own, 1)
          guard norm > before * 1e-12, norm > 1e-280 else { return false }
          cblas_dscal(width, 1 / norm, own, 1)
        }
        return true
      }
      if !isFull { return false }
    }
    return true
  }
}
