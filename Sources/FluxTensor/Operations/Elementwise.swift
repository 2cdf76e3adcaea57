import FluxCore

/// One function of one number: its value and its derivative, side by side.
protocol UnaryRule: Sendable {
  static var name: String { get }
  func value<T: Scalar>(_ x: T) -> T
  /// df/dx at `x`, where `y` is the value there.
  func derivative<T: Scalar>(_ x: T, _ y: T) -> T
}

/// One function of two numbers: its value and both partial derivatives.
protocol BinaryRule: Sendable {
  static var name: String { get }
  func value<T: Scalar>(_ a: T, _ b: T) -> T
  /// (∂f/∂a, ∂f/∂b) at `(a, b)`, where `y` is the value there.
  func derivatives<T: Scalar>(_ a: T, _ b: T, _ y: T) -> (T, T)
}

/// Elementwise operations. Where the incoming gradient is zero the outgoing one is
/// exactly zero, whatever the derivative: a missing value (NaN) that a NaN-aware
/// reduction has skipped never comes back as 0 × NaN.
extension Tensor {
  func apply<R: UnaryRule>(_ rule: R) throws -> Tensor {
    let x = try contiguous()
    let y = try Tensor(shape, dtype, names: names, at: "Tensor:\(R.name)")
    switch dtype {
    case .float32: Self.map(rule, x.pointer(Float.self), y.mutable(Float.self), count)
    case .float64: Self.map(rule, x.pointer(Double.self), y.mutable(Double.self), count)
    }
    let value = y.detached()
    return Tape.record(R.name, [self], y) { incoming in
      let g = try incoming.contiguous()
      let result = try Tensor(x.shape, x.dtype, at: R.name)
      switch x.dtype {
      case .float32: Self.pull(rule, g.pointer(Float.self), x.pointer(Float.self), value.pointer(Float.self), result.mutable(Float.self), x.count)
      case .float64: Self.pull(rule, g.pointer(Double.self), x.pointer(Double.self), value.pointer(Double.self), result.mutable(Double.self), x.count)
      }
      return [result]
    }
  }

  private static func map<T: Scalar, R: UnaryRule>(_ rule: R, _ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ count: Int) {
    for i in 0..<count { y[i] = rule.value(x[i]) }
  }

  private static func pull<T: Scalar, R: UnaryRule>(_ rule: R, _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ y: UnsafePointer<T>,
    _ result: UnsafeMutablePointer<T>, _ count: Int
  ) {
    for i in 0..<count { result[i] = g[i] == 0 ? 0 : g[i] * rule.derivative(x[i], y[i]) }
  }

  func apply<R: BinaryRule>(_ rule: R, _ other: Tensor) throws -> Tensor {
    let place = "Tensor:\(R.name)"
    let common = DType.promoted(dtype, other.dtype)
    let a = try converted(to: common), b = try other.converted(to: common)
    let shape = try a.shape.broadcast(with: b.shape, at: place)
    let y = try Tensor(shape, common, names: try Self.mergedNames(a, b, place), at: place)
    let aView = a.strides(stretchedTo: shape), bView = b.strides(stretchedTo: shape)
    switch common {
    case .float32: Self.zip(rule, a.pointer(Float.self), aView, b.pointer(Float.self), bView, y.mutable(Float.self), shape)
    case .float64: Self.zip(rule, a.pointer(Double.self), aView, b.pointer(Double.self), bView, y.mutable(Double.self), shape)
    }
    let value = y.detached()
    return Tape.record(R.name, [a, b], y) { incoming in
      let g = try incoming.contiguous()
      let ga = a.isTracked ? try Tensor(shape, common, at: place) : nil
      let gb = b.isTracked ? try Tensor(shape, common, at: place) : nil
      switch common {
      case .float32: Self.pull(rule, Float.self, g, a, aView, b, bView, value, ga, gb)
      case .float64: Self.pull(rule, Double.self, g, a, aView, b, bView, value, ga, gb)
      }
      return [try ga?.summed(to: a.shape), try gb?.summed(to: b.shape)]
    }
  }

  private static func zip<T: Scalar, R: BinaryRule>(_ rule: R, _ a: UnsafePointer<T>, _ aView: [Int],
    _ b: UnsafePointer<T>, _ bView: [Int], _ y: UnsafeMutablePointer<T>, _ shape: Shape
  ) {
    let dense = shape.contiguousStrides
    if aView == dense && bView == dense {
      for i in 0..<shape.count { y[i] = rule.value(a[i], b[i]) }
      return
    }
    var out = y
    StridedLoop.run(shape.dimensions, [aView, bView]) { at, length, step in
      let pa = a + at[0], pb = b + at[1], sa = step[0], sb = step[1]
      if sa == 1 && sb == 1 {
        for k in 0..<length { out[k] = rule.value(pa[k], pb[k]) }
      } else if sa == 1 && sb == 0 {
        let v = pb[0]
        for k in 0..<length { out[k] = rule.value(pa[k], v) }
      } else {
        for k in 0..<length { out[k] = rule.value(pa[k * sa], pb[k * sb]) }
      }
      out += length
    }
  }

  private static func pull<T: Scalar, R: BinaryRule>(_ rule: R, _: T.Type, _ g: Tensor, _ a: Tensor, _ aView: [Int],
    _ b: Tensor, _ bView: [Int], _ y: Tensor, _ ga: Tensor?, _ gb: Tensor?
  ) {
    let pg = g.pointer(T.self), pa = a.pointer(T.self), pb = b.pointer(T.self), py = y.pointer(T.self)
    let ra = ga?.mutable(T.self), rb = gb?.mutable(T.self)
    var i = 0
    StridedLoop.run(y.shape.dimensions, [aView, bView]) { at, length, step in
      for k in 0..<length {
        let d = rule.derivatives(pa[at[0] + k * step[0]], pb[at[1] + k * step[1]], py[i])
        ra?[i] = pg[i] == 0 ? 0 : pg[i] * d.0
        rb?[i] = pg[i] == 0 ? 0 : pg[i] * d.1
        i += 1
      }
    }
  }

  /// The strides that make this tensor look like `shape`: 0 along stretched dimensions.
  func strides(stretchedTo shape: Shape) -> [Int] {
    let missing = shape.rank - rank
    return (0..<shape.rank).map { d in
      d < missing || self.shape[d - missing] == 1 && shape[d] != 1 ? 0 : strides[d - missing]
    }
  }

  /// Undoes broadcasting: sums over every stretched dimension.
  func summed(to target: Shape) throws -> Tensor {
    if shape == target { return self }
    var result = self
    for _ in 0..<(rank - target.rank) { result = try result.sum(0, keep: false) }
    for d in 0..<target.rank where target[d] == 1 && result.shape[d] != 1 { result = try result.sum(d, keep: true) }
    return result
  }

  /// The names of an elementwise result: those of the operand that has them, which must agree where both do.
  static func mergedNames(_ a: Tensor, _ b: Tensor, _ place: String) throws -> [String]? {
    guard let namesA = a.names else { return b.rank >= a.rank ? b.names : nil }
    guard let namesB = b.names else { return a.rank >= b.rank ? namesA : nil }
    let (long, short) = namesA.count >= namesB.count ? (namesA, namesB) : (namesB, namesA)
    guard Array(long.suffix(short.count)) == short else {
      throw FluxError("dimensions are named \(namesA) and \(namesB)", at: place, expected: "the same names, counted from the last dimension",
        remedy: "Use :transpose, or :named{…} to rename.")
    }
    return long
  }
}
