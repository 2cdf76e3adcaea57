import FluxCore

/// Sums and their kin. Everything is accumulated in double, in a fixed order.
extension Tensor {
  /// One way to fold a run of numbers into one.
  enum Reduction: String { case sum, mean, nansum, nanmean, max, min }

  public func sum() throws -> Tensor { try reduced(.sum, nil, keep: false) }
  public func sum(_ dimension: Int, keep: Bool = false) throws -> Tensor { try reduced(.sum, dimension, keep: keep) }
  public func mean() throws -> Tensor { try reduced(.mean, nil, keep: false) }
  public func mean(_ dimension: Int, keep: Bool = false) throws -> Tensor { try reduced(.mean, dimension, keep: keep) }
  /// The sum of what is not missing; 0 when everything is.
  public func nansum(_ dimension: Int? = nil, keep: Bool = false) throws -> Tensor { try reduced(.nansum, dimension, keep: keep) }
  /// The mean of what is not missing; NaN when everything is.
  public func nanmean(_ dimension: Int? = nil, keep: Bool = false) throws -> Tensor { try reduced(.nanmean, dimension, keep: keep) }
  /// The largest; NaN when one is missing. Equal largest ones share the gradient.
  public func max(_ dimension: Int? = nil, keep: Bool = false) throws -> Tensor { try reduced(.max, dimension, keep: keep) }
  /// The smallest; NaN when one is missing. Equal smallest ones share the gradient.
  public func min(_ dimension: Int? = nil, keep: Bool = false) throws -> Tensor { try reduced(.min, dimension, keep: keep) }

  /// The mean squared departure from the mean, divided by n − `correction`.
  public func variance(_ dimension: Int? = nil, keep: Bool = false, correction: Int = 0) throws -> Tensor {
    let length = dimension.map { shape[$0] } ?? count
    let centre = try reduced(.mean, dimension, keep: true)
    let squares = try subtracting(dimension == nil ? centre.reshaped([Int](repeating: 1, count: rank)) : centre).square()
    let sum = try squares.reduced(.sum, dimension, keep: keep)
    return try sum.multiplied(by: number(1 / Double(length - correction)))
  }

  public func standardDeviation(_ dimension: Int? = nil, keep: Bool = false, correction: Int = 0) throws -> Tensor {
    try variance(dimension, keep: keep, correction: correction).squareRoot()
  }

  /// The standard deviation of what is not missing.
  public func nanstd(_ dimension: Int? = nil, keep: Bool = false) throws -> Tensor {
    let centre = try nanmean(dimension, keep: true)
    let squares = try subtracting(dimension == nil ? centre.reshaped([Int](repeating: 1, count: rank)) : centre).square()
    return try squares.nanmean(dimension, keep: keep).squareRoot()
  }

  /// (Σ |x|ᵖ)^(1/p).
  public func norm(_ p: Double = 2, _ dimension: Int? = nil, keep: Bool = false) throws -> Tensor {
    try magnitude().power(p).reduced(.sum, dimension, keep: keep).power(1 / p)
  }

  /// - Parameter dimension: which one, from 0; `nil` for all of them.
  func reduced(_ kind: Reduction, _ dimension: Int?, keep: Bool) throws -> Tensor {
    let place = "Tensor:\(kind.rawValue)"
    let x = try contiguous()
    let outer: Int, length: Int, inner: Int
    var dimensions = shape.dimensions, resultNames = names
    if let dimension {
      outer = dimensions[..<dimension].reduce(1, *)
      length = dimensions[dimension]
      inner = dimensions[(dimension + 1)...].reduce(1, *)
      if keep { dimensions[dimension] = 1 } else {
        dimensions.remove(at: dimension)
        resultNames?.remove(at: dimension)
      }
    } else {
      (outer, length, inner) = (1, count, 1)
      dimensions = keep ? dimensions.map { _ in 1 } : []
      if !keep { resultNames = nil }
    }
    if length == 0, kind == .max || kind == .min {
      throw FluxError("the tensor has shape \(shape)", at: place, expected: "at least one element", remedy: "An empty tensor has no largest or smallest.")
    }
    let result = try Tensor(Shape(dimensions), dtype, names: resultNames, at: place)
    let extent = Extent(outer: outer, length: length, inner: inner)
    switch dtype {
    case .float32: Self.fold(kind, x.pointer(Float.self), result.mutable(Float.self), extent)
    case .float64: Self.fold(kind, x.pointer(Double.self), result.mutable(Double.self), extent)
    }
    let value = result.detached()
    return Tape.record(kind.rawValue, [x], result) { incoming in
      let g = try incoming.contiguous()
      let back = try Tensor(x.shape, x.dtype, at: place)
      switch x.dtype {
      case .float32: Self.unfold(kind, g.pointer(Float.self), x.pointer(Float.self), value.pointer(Float.self), back.mutable(Float.self), extent)
      case .float64: Self.unfold(kind, g.pointer(Double.self), x.pointer(Double.self), value.pointer(Double.self), back.mutable(Double.self), extent)
      }
      return [back]
    }
  }

  /// A tensor seen as `[outer, length, inner]`, reduced along the middle.
  struct Extent {
    let outer, length, inner: Int
  }

  private static func fold<T: Scalar>(_ kind: Reduction, _ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ e: Extent) {
    for o in 0..<e.outer {
      for i in 0..<e.inner {
        let p = x + (o * e.length * e.inner + i)
        y[o * e.inner + i] = T(fold(kind, p, e.length, e.inner))
      }
    }
  }

  private static func fold<T: Scalar>(_ kind: Reduction, _ p: UnsafePointer<T>, _ length: Int, _ step: Int) -> Double {
    switch kind {
    case .sum, .mean:
      let total = step == 1 ? denseSum(p, length) : (0..<length).reduce(0.0) { $0 + Double(p[$1 * step]) }
      return kind == .sum ? total : total / Double(length)
    case .nansum, .nanmean:
      var total = 0.0, present = 0
      for k in 0..<length {
        let v = Double(p[k * step])
        if !v.isNaN { total += v; present += 1 }
      }
      return kind == .nansum ? total : total / Double(present)
    case .max, .min:
      var best = Double(p[0])
      for k in 0..<length {
        let v = Double(p[k * step])
        if v.isNaN { return .nan }
        if kind == .max ? v > best : v < best { best = v }
      }
      return best
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

  private static func unfold<T: Scalar>(_ kind: Reduction, _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ y: UnsafePointer<T>,
    _ back: UnsafeMutablePointer<T>, _ e: Extent
  ) {
    for o in 0..<e.outer {
      for i in 0..<e.inner {
        let start = o * e.length * e.inner + i, gradient = g[o * e.inner + i], value = y[o * e.inner + i]
        func each(_ body: (T) -> T) {
          for k in 0..<e.length { back[start + k * e.inner] = body(x[start + k * e.inner]) }
        }
        switch kind {
        case .sum: each { _ in gradient }
        case .mean: each { _ in gradient / T(e.length) }
        case .nansum: each { $0.isNaN ? 0 : gradient }
        case .nanmean:
          var present = 0
          for k in 0..<e.length where !x[start + k * e.inner].isNaN { present += 1 }
          // A group that is missing as a whole has no gradient.
          each { $0.isNaN || present == 0 ? 0 : gradient / T(present) }
        case .max, .min:
          var ties = 0
          for k in 0..<e.length where x[start + k * e.inner] == value { ties += 1 }
          each { $0 == value ? gradient / T(ties) : 0 }
        }
      }
    }
  }
}
