import FluxCore

/// Variance and standard deviation, in two passes in double: Σ (x − mean)² / (n − correction).
extension Tensor {
  /// The mean squared departure from the mean, divided by n − `correction`; NaN when that is not positive.
  public func variance(_ dimension: Int? = nil, keep: Bool = false, correction: Int = 0) throws -> Tensor {
    try spread("var", dimension, keep, correction, root: false, skipsMissing: false)
  }

  /// The root of ``variance(_:keep:correction:)``; where it is 0, so is its gradient.
  public func standardDeviation(_ dimension: Int? = nil, keep: Bool = false, correction: Int = 0) throws -> Tensor {
    try spread("std", dimension, keep, correction, root: true, skipsMissing: false)
  }

  /// The standard deviation of what is not missing; NaN when nothing is left.
  public func nanstd(_ dimension: Int? = nil, keep: Bool = false, correction: Int = 0) throws -> Tensor {
    try spread("nanstd", dimension, keep, correction, root: true, skipsMissing: true)
  }

  private func spread(_ name: String, _ dimension: Int?, _ keep: Bool, _ correction: Int, root: Bool, skipsMissing: Bool) throws -> Tensor {
    if dtype == .int64 { return try converted(to: .float64).spread(name, dimension, keep, correction, root: root, skipsMissing: skipsMissing) }
    let x = isContiguous ? self : try copied()
    let lanes = Lanes(of: x, dimension, keep: keep)
    let result = try Tensor(lanes.reducedShape, dtype, names: lanes.reducedNames, at: "Tensor:\(name)")
    func fold<T: Scalar>(_: T.Type) {
      let p = x.pointer(T.self), out = result.mutable(T.self)
      lanes.forEach { lane, start in
        let m = Moments(p + start, lanes, correction, skipsMissing)
        out[lane] = T(root ? m.variance.squareRoot() : m.variance)
      }
    }
    if dtype == .float32 { fold(Float.self) } else { fold(Double.self) }
    if !isTracked { return result }
    let shape = shape, data = x.detached()
    return Tape.record(name, [self], result, reading: [data]) { incoming in
      let g = try incoming.contiguous(), back = try Tensor(shape, g.dtype, at: name)
      func unfold<T: Scalar>(_: T.Type) {
        let pg = g.pointer(T.self), p = data.pointer(T.self), out = back.mutable(T.self)
        lanes.forEach { lane, start in
          let m = Moments(p + start, lanes, correction, skipsMissing)
          // dσ²/dx = 2 (x − mean) / (n − correction), dσ/dx = dσ²/dx / 2σ
          let slope = root ? (m.variance == 0 ? 0 : 1 / m.variance.squareRoot()) : 2
          let factor = pg[lane] == 0 ? 0 : Double(pg[lane]) * slope / m.divisor
          for k in 0..<lanes.length {
            let v = Double(p[start + k * lanes.inner])
            out[start + k * lanes.inner] = factor == 0 || skipsMissing && v.isNaN ? 0 : T(factor * (v - m.mean))
          }
        }
      }
      if g.dtype == .float32 { unfold(Float.self) } else { unfold(Double.self) }
      return [back]
    }
  }
}

/// Mean and variance of one lane.
private struct Moments {
  let mean: Double, variance: Double, divisor: Double

  init<T: Scalar>(_ p: UnsafePointer<T>, _ lanes: Lanes, _ correction: Int, _ skipsMissing: Bool) {
    var total = 0.0, count = 0
    for k in 0..<lanes.length {
      let v = Double(p[k * lanes.inner])
      if skipsMissing && v.isNaN { continue }
      total += v
      count += 1
    }
    mean = total / Double(count)
    var squares = 0.0
    for k in 0..<lanes.length {
      let d = Double(p[k * lanes.inner]) - mean
      if skipsMissing && d.isNaN { continue }
      squares += d * d
    }
    divisor = Double(count) - Double(correction)
    variance = count > correction ? squares / divisor : .nan
  }
}
