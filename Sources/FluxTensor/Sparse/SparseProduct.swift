import FluxCore

extension SparseRows {
  /// H f: the weighted sums of a flux over the rows, on the tape with respect to the flux.
  ///
  /// Each row is added up in the order of its entries, in double, so that results do not depend on the number of threads.
  ///
  /// - Parameter flux: one value a sample. Shape `[sample]`.
  /// - Returns: in the unit of the weights times the flux's. Shape `[row]`.
  /// - Throws: ``FluxError`` when the flux has another shape.
  public func product(_ flux: Tensor) throws -> Tensor {
    guard flux.shape == [sampleCount] else {
      throw FluxError(
        "the flux has shape \(flux.shape)", at: "SparseRows", expected: "[\(sampleCount)], one value a sample")
    }
    let values = flux.doubles()
    let sums = (0..<count).map { row in
      (bounds[row]..<bounds[row + 1]).reduce(0.0) { $0 + Double(weights[$1]) * values[sample(of: $1)] }
    }
    let result = try Tensor(sums, shape: [count], dtype: flux.dtype.floating)
    return Tape.record("sparse product", [flux], result, reading: []) { incoming in
      [try Tensor(transposedProduct(incoming.doubles()), shape: flux.shape, dtype: flux.dtype)]
    }
  }

  /// Hᵀ g, the adjoint of ``product(_:)``.
  ///
  /// - Parameter g: shape `[row]`.
  /// - Returns: shape `[sample]`.
  public func transposedProduct(_ g: [Double]) -> [Double] {
    var back = [Double](repeating: 0, count: sampleCount)
    for row in 0..<count {
      for entry in bounds[row]..<bounds[row + 1] { back[sample(of: entry)] += g[row] * Double(weights[entry]) }
    }
    return back
  }
}
