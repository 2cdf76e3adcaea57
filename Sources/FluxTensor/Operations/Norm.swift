import FluxCore
import Glibc

extension Tensor {
  /// (Σ |x|ᵖ)^(1/p), accumulated in double. p = ∞ gives the largest |x|, −∞ the smallest, 0 the number of entries that are not 0.
  ///
  /// Its gradient sign(x) (|x| / norm)^(p − 1) is taken as 0 where x or the norm is 0; equal extremes share it.
  public func norm(_ p: Double = 2, _ dimension: Int? = nil, keep: Bool = false) throws -> Tensor {
    if dtype == .int64 { return try converted(to: .float64).norm(p, dimension, keep: keep) }
    guard !p.isNaN else { throw FluxError("p is NaN", at: "Tensor:norm", expected: "a number") }
    let x = isContiguous ? self : try copied()
    let lanes = Lanes(of: x, dimension, keep: keep)
    if p.isInfinite, lanes.length == 0, lanes.outer * lanes.inner > 0 {
      throw FluxError("the tensor has shape \(shape)", at: "Tensor:norm", expected: "at least one element")
    }
    let result = try Tensor(lanes.reducedShape, dtype, names: lanes.reducedNames, at: "Tensor:norm")
    func fold<T: Scalar>(_: T.Type) {
      let px = x.pointer(T.self), out = result.mutable(T.self)
      lanes.forEach { lane, start in out[lane] = T(Self.norm(px + start, lanes, p)) }
    }
    if dtype == .float32 { fold(Float.self) } else { fold(Double.self) }
    if !isTracked { return result }
    let shape = shape, data = x.detached()
    return Tape.record("norm", [self], result, reading: [data]) { incoming in
      let g = try incoming.contiguous(), back = try Tensor(shape, g.dtype, at: "norm")
      func unfold<T: Scalar>(_: T.Type) {
        let pg = g.pointer(T.self), px = data.pointer(T.self), out = back.mutable(T.self)
        lanes.forEach { lane, start in Self.pull(px + start, out + start, Double(pg[lane]), lanes, p) }
      }
      if g.dtype == .float32 { unfold(Float.self) } else { unfold(Double.self) }
      return [back]
    }
  }

  private static func norm<T: Scalar>(_ x: UnsafePointer<T>, _ lanes: Lanes, _ p: Double) -> Double {
    var total = p == -.infinity ? Double.infinity : 0
    for k in 0..<lanes.length {
      let v = Double(x[k * lanes.inner]).magnitude
      if v.isNaN { return .nan }
      switch p {
      case 0: total += v == 0 ? 0 : 1
      case 1: total += v
      case 2: total += v * v
      case .infinity: total = Swift.max(total, v)
      case -.infinity: total = Swift.min(total, v)
      default: total += pow(v, p)
      }
    }
    if p == 2 { return total.squareRoot() }
    return p == 0 || p == 1 || p.isInfinite ? total : pow(total, 1 / p)
  }

  private static func pull<T: Scalar>(_ x: UnsafePointer<T>, _ out: UnsafeMutablePointer<T>, _ gradient: Double, _ lanes: Lanes, _ p: Double) {
    let norm = norm(x, lanes, p)
    var share = gradient
    if p.isInfinite {
      var ties = 0
      for k in 0..<lanes.length where Double(x[k * lanes.inner]).magnitude == norm { ties += 1 }
      share /= Double(ties)
    }
    for k in 0..<lanes.length {
      let v = Double(x[k * lanes.inner])
      let slope: Double =
        if v == 0 || norm == 0 || p == 0 { 0 }
        else if p == 1 { v > 0 ? 1 : v < 0 ? -1 : v }
        else if p == 2 { v / norm }
        else if p.isInfinite { v.magnitude == norm ? (v > 0 ? 1 : -1) : 0 }
        else { (v > 0 ? 1 : -1) * pow(v.magnitude / norm, p - 1) }
      out[k * lanes.inner] = gradient == 0 ? 0 : T(share * slope)
    }
  }
}
