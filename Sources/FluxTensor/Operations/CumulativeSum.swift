import FluxCore

extension Tensor {
  /// Running sums along a dimension, accumulated in double; over all elements in row-major order, as rank 1, when there is none.
  public func cumulativeSum(_ dimension: Int? = nil) throws -> Tensor {
    guard let dimension else { return try reshaped([count]).cumulativeSum(0) }
    let result = try accumulated(dimension, backward: false)
    if !isTracked { return result }
    return Tape.record("cumsum", [self], result, reading: []) { incoming in
      [try incoming.accumulated(dimension, backward: true)]
    }
  }

  private func accumulated(_ dimension: Int, backward: Bool) throws -> Tensor {
    let x = isContiguous ? self : try copied()
    let lanes = Lanes(of: x, dimension)
    let result = try Tensor(like: x, dtype, names: names, at: "Tensor:cumsum")
    func run<T: Scalar>(_: T.Type) {
      let p = x.pointer(T.self), out = result.mutable(T.self)
      lanes.forEach { _, start in
        var total = 0.0
        for k in 0..<lanes.length {
          let at = start + (backward ? lanes.length - 1 - k : k) * lanes.inner
          total += Double(p[at])
          out[at] = T(total)
        }
      }
    }
    switch dtype {
    case .float32: run(Float.self)
    case .float64: run(Double.self)
    case .int64:
      let p = x.pointer(Int64.self), out = result.mutable(Int64.self)
      lanes.forEach { _, start in
        var total: Int64 = 0
        for k in 0..<lanes.length { total &+= p[start + k * lanes.inner]; out[start + k * lanes.inner] = total }
      }
    }
    return result
  }
}
