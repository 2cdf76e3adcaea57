internal import COpenBLAS
import FluxCore

extension Tensor {
  /// The matrix product of `[n, k]` and `[k, m]`, or of a vector with either.
  ///
  /// OpenBLAS is held to one thread, so that results do not depend on their number.
  ///
  /// - Throws: ``FluxError`` when the inner lengths differ or a rank is not 1 or 2.
  public func matrixProduct(_ other: Tensor) throws -> Tensor {
    let place = "Tensor:matmul"
    guard (1...2).contains(rank), (1...2).contains(other.rank) else {
      throw FluxError("shapes \(shape) and \(other.shape)", at: place, expected: "ranks 1 or 2")
    }
    let type = DType.promoted(dtype, other.dtype)
    var a = try converted(to: type), b = try other.converted(to: type)
    if a.rank == 1 { a = try a.unsqueezed(0) }
    if b.rank == 1 { b = try b.unsqueezed(1) }
    guard a.shape[1] == b.shape[0] else {
      throw FluxError("shapes \(shape) and \(other.shape): \(a.shape[1]) columns against \(b.shape[0]) rows", at: place,
        expected: "[n, k] and [k, m]", remedy: "Transpose one of them with :t().")
    }
    var product = try Self.product(a, b)
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

  private static func product(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    let n = a.shape[0], k = a.shape[1], m = b.shape[1]
    var names: [String]?
    if let left = a.names, let right = b.names, left[0] != right[1] { names = [left[0], right[1]] }
    let result = try Tensor([n, m], a.dtype, zeroed: k == 0, names: names, at: "Tensor:matmul")
    if n > 0, m > 0, k > 0 {
      openblas_set_num_threads(1)
      let left = try Operand(a), right = try Operand(b)
      switch a.dtype {
      case .float32:
        cblas_sgemm(CblasRowMajor, left.transpose, right.transpose, Int32(n), Int32(m), Int32(k), 1,
          left.tensor.pointer(Float.self), left.leading, right.tensor.pointer(Float.self), right.leading, 0, result.mutable(Float.self), Int32(m))
      case .float64:
        cblas_dgemm(CblasRowMajor, left.transpose, right.transpose, Int32(n), Int32(m), Int32(k), 1,
          left.tensor.pointer(Double.self), left.leading, right.tensor.pointer(Double.self), right.leading, 0, result.mutable(Double.self), Int32(m))
      }
    }
    return Tape.record("matmul", [a, b], result) { incoming in
      [a.isTracked ? try product(incoming, b.transposed(0, 1)) : nil, b.isTracked ? try product(a.transposed(0, 1), incoming) : nil]
    }
  }

  /// A matrix as BLAS wants it: contiguous, or the transpose of something contiguous.
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
