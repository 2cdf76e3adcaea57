internal import COpenBLAS
import FluxCore

extension Tensor {
  /// The matrix product of `[n, k]` and `[k, m]`, or of a vector with either.
  ///
  /// OpenBLAS is held to one thread, so that results do not depend on their number.
  ///
  /// - Throws: ``FluxError`` when the inner lengths or their names differ or a rank is not 1 or 2; ``Interrupted`` on Ctrl-C.
  public func matrixProduct(_ other: Tensor) throws -> Tensor {
    let place = "Tensor:matmul"
    guard (1...2).contains(rank), (1...2).contains(other.rank) else {
      throw FluxError("shapes \(shape) and \(other.shape)", at: place, expected: "ranks 1 or 2")
    }
    let type = DType.promoted(dtype, other.dtype).floating
    var a = try converted(to: type), b = try other.converted(to: type)
    if a.rank == 1 { a = try a.unsqueezed(0) }
    if b.rank == 1 { b = try b.unsqueezed(1) }
    guard a.shape[1] == b.shape[0] else {
      throw FluxError("shapes \(shape) and \(other.shape): \(a.shape[1]) columns against \(b.shape[0]) rows", at: place,
        expected: "[n, k] and [k, m]", remedy: "Transpose one of them with :t().")
    }
    if let inner = a.names?[1], let outer = b.names?[0], !inner.isEmpty, !outer.isEmpty, inner != outer {
      throw FluxError("the summed dimension is named '\(inner)' and '\(outer)'", at: place, expected: "one name",
        remedy: "Use :t(), or :named{…} to rename.")
    }
    var product = try Self.product(a, b)
    if a.names != nil || b.names != nil { product.names = Self.normalised([a.names?[0] ?? "", b.names?[1] ?? ""]) }
    if other.rank == 1 { product = try product.squeezed(1) }
    if rank == 1 { product = try product.squeezed(0) }
    return product
  }

  /// Σ aᵢ bᵢ of two vectors.
  public func dot(_ other: Tensor) throws -> Tensor {
    guard rank == 1, other.shape == shape else {
      throw FluxError("shapes \(shape) and \(other.shape)", at: "Tensor:dot", expected: "two vectors of one length")
    }
    return try multiplied(by: other).sum()
  }

  /// Multiplications in one call of BLAS, unless ``leastRows`` take more.
  private static let blockWork = 1 << 28
  /// Fewer would read the right operand for nothing.
  private static let leastRows = 32

  private static func product(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    let n = a.shape[0], k = a.shape[1], m = b.shape[1]
    guard Swift.max(n, k, m) <= Int(Int32.max) else {
      throw FluxError("shapes \(a.shape) and \(b.shape)", at: "Tensor:matmul", expected: "lengths up to \(Int32.max)")
    }
    let result = try Tensor([n, m], a.dtype, zeroed: k == 0, at: "Tensor:matmul")
    if n > 0, m > 0, k > 0 {
      openblas_set_num_threads(1)
      nonisolated(unsafe) let left = try Operand(a)
      nonisolated(unsafe) let right = try Operand(b)
      nonisolated(unsafe) let product = result
      // Blocks of rows, whose height does not depend on the number of threads: each ends within some 10 ms, so that Ctrl-C is heard on a busy machine too.
      let height = Swift.min(n, Swift.max(Self.leastRows, Self.blockWork / (k * m)))
      ThreadPool.forEach((n + height - 1) / height) { block, _ in
        if Interrupt.isPending { return }
        let first = block * height, rows = Int32(Swift.min(height, n - first))
        let skip = left.transpose == CblasTrans ? first : first * k
        if product.dtype == .float32 {
          cblas_sgemm(CblasRowMajor, left.transpose, right.transpose, rows, Int32(m), Int32(k), 1, left.tensor.pointer(Float.self) + skip,
            left.leading, right.tensor.pointer(Float.self), right.leading, 0, product.mutable(Float.self) + first * m, Int32(m))
        } else {
          cblas_dgemm(CblasRowMajor, left.transpose, right.transpose, rows, Int32(m), Int32(k), 1, left.tensor.pointer(Double.self) + skip,
            left.leading, right.tensor.pointer(Double.self), right.leading, 0, product.mutable(Double.self) + first * m, Int32(m))
        }
      }
      try Interrupt.check()
    }
    let (byA, byB) = (a.isTracked, b.isTracked)
    return Tape.record("matmul", [a, b], result, reading: (byA ? [b] : []) + (byB ? [a] : [])) { incoming in
      [byA ? try product(incoming, b.transposed(0, 1)) : nil, byB ? try product(a.transposed(0, 1), incoming) : nil]
    }
  }

  /// A matrix as BLAS wants it: rows, or columns, each contiguous and as far apart as they are long.
  private struct Operand {
    let tensor: Tensor, transpose: CBLAS_TRANSPOSE, leading: Int32
    init(_ matrix: Tensor) throws {
      if !matrix.isContiguous, matrix.strides[0] == 1, matrix.strides[1] == matrix.shape[0] {
        (tensor, transpose, leading) = (matrix, CblasTrans, Int32(matrix.shape[0]))
      } else {
        tensor = try matrix.contiguous()
        (transpose, leading) = (CblasNoTrans, Int32(matrix.shape[1]))
      }
    }
  }
}
