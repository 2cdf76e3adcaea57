import FluxCore

/// Sums and means, accumulated in double, in a fixed order. int64 sums stay exact; its means are float64.
extension Tensor {
  public func sum() throws -> Tensor { try summed(.sum, nil, false) }
  public func sum(_ dimension: Int?, keep: Bool = false) throws -> Tensor { try summed(.sum, dimension, keep) }
  public func mean() throws -> Tensor { try summed(.mean, nil, false) }
  public func mean(_ dimension: Int?, keep: Bool = false) throws -> Tensor { try summed(.mean, dimension, keep) }
  /// The sum of what is not missing; 0 when everything is.
  public func nansum(_ dimension: Int? = nil, keep: Bool = false) throws -> Tensor { try summed(.nansum, dimension, keep) }
  /// The mean of what is not missing; NaN when everything is.
  public func nanmean(_ dimension: Int? = nil, keep: Bool = false) throws -> Tensor { try summed(.nanmean, dimension, keep) }

  private func summed(_ kind: SumKind, _ dimension: Int?, _ keep: Bool) throws -> Tensor {
    if dtype == .int64 {
      if kind == .mean || kind == .nanmean { return try converted(to: .float64).summed(kind, dimension, keep) }
      return try summedIntegers(kind, dimension, keep)
    }
    let x = isContiguous ? self : try copied()
    let lanes = Lanes(of: x, dimension, keep: keep)
    let result = try Tensor(lanes.reducedShape, dtype, names: lanes.reducedNames, at: "Tensor:\(kind.rawValue)")
    if dtype == .float32 {
      kind.fold(x.pointer(Float.self), result.mutable(Float.self), lanes)
    } else {
      kind.fold(x.pointer(Double.self), result.mutable(Double.self), lanes)
    }
    if !isTracked { return result }
    let shape = shape
    return Tape.record(kind.rawValue, [self], result, reading: kind.skipsMissing ? [x] : []) { incoming in
      let g = try incoming.contiguous()
      let back = try Tensor(shape, g.dtype, at: kind.rawValue)
      if g.dtype == .float32 {
        kind.unfold(g.pointer(Float.self), x.pointer(Float.self), back.mutable(Float.self), lanes)
      } else {
        kind.unfold(g.pointer(Double.self), x.pointer(Double.self), back.mutable(Double.self), lanes)
      }
      return [back]
    }
  }

  private func summedIntegers(_ kind: SumKind, _ dimension: Int?, _ keep: Bool) throws -> Tensor {
    let x = try contiguous(), lanes = Lanes(of: x, dimension, keep: keep)
    let result = try Tensor(lanes.reducedShape, .int64, names: lanes.reducedNames, at: "Tensor:\(kind.rawValue)")
    let p = x.pointer(Int64.self), out = result.mutable(Int64.self)
    lanes.forEach { lane, start in
      var total: Int64 = 0
      for k in 0..<lanes.length { total &+= p[start + k * lanes.inner] }
      out[lane] = total
    }
    return result
  }
}

private enum SumKind: String {
  case sum, mean, nansum, nanmean

  var skipsMissing: Bool { self == .nansum || self == .nanmean }

  func fold<T: Scalar>(_ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ e: Lanes) {
    if e.inner == 1 {
      for o in 0..<e.outer {
        let p = x + o * e.length
        if skipsMissing {
          var total = 0.0, present = 0
          for k in 0..<e.length where !p[k].isNaN { total += Double(p[k]); present += 1 }
          y[o] = T(self == .nansum ? total : total / Double(present))
        } else {
          let total = Self.denseSum(p, e.length)
          y[o] = T(self == .sum ? total : total / Double(e.length))
        }
      }
      return
    }
    // Row by row: a walk along each lane would touch one number of every cache line.
    var totals = [Double](repeating: 0, count: e.inner), present = totals
    for o in 0..<e.outer {
      for i in 0..<e.inner { totals[i] = 0; present[i] = 0 }
      totals.withUnsafeMutableBufferPointer { t in
        present.withUnsafeMutableBufferPointer { n in
          for k in 0..<e.length {
            let p = x + (o * e.length + k) * e.inner
            if skipsMissing {
              for i in 0..<e.inner { let v = Double(p[i]); t[i] += v.isNaN ? 0 : v; n[i] += v.isNaN ? 0 : 1 }
            } else {
              for i in 0..<e.inner { t[i] += Double(p[i]) }
            }
          }
        }
      }
      for i in 0..<e.inner {
        let total = switch self {
        case .sum, .nansum: totals[i]
        case .mean: totals[i] / Double(e.length)
        case .nanmean: totals[i] / present[i]
        }
        y[o * e.inner + i] = T(total)
      }
    }
  }

  /// Eight accumulators, because one waits for itself.
  private static func denseSum<T: Scalar>(_ p: UnsafePointer<T>, _ length: Int) -> Double {
    var lanes = SIMD8<Double>.zero, k = 0
    while k + 8 <= length {
      lanes += SIMD8(Double(p[k]), Double(p[k + 1]), Double(p[k + 2]), Double(p[k + 3]),
        Double(p[k + 4]), Double(p[k + 5]), Double(p[k + 6]), Double(p[k + 7]))
      k += 8
    }
    var total = lanes.sum()
    while k < length { total += Double(p[k]); k += 1 }
    return total
  }

  func unfold<T: Scalar>(_ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ back: UnsafeMutablePointer<T>, _ e: Lanes) {
    if !skipsMissing {
      for o in 0..<e.outer {
        for k in 0..<e.length {
          let row = back + (o * e.length + k) * e.inner, gradient = g + o * e.inner
          if e.inner == 1 { row[0] = self == .mean ? gradient[0] / T(e.length) : gradient[0] } else {
            for i in 0..<e.inner { row[i] = self == .mean ? gradient[i] / T(e.length) : gradient[i] }
          }
        }
      }
      return
    }
    e.forEach { lane, start in
      var present = 0
      for k in 0..<e.length where !x[start + k * e.inner].isNaN { present += 1 }
      // A lane that is missing as a whole has no gradient.
      let share = present == 0 ? 0 : self == .nansum ? g[lane] : g[lane] / T(present)
      for k in 0..<e.length { back[start + k * e.inner] = x[start + k * e.inner].isNaN ? 0 : share }
    }
  }
}
