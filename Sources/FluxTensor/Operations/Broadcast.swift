internal import CFluxKernels

/// NumPy's broadcasting: dimensions are matched from the last, a length of 1 stretches.
enum Broadcast {
  /// y = f(a, b) over the common shape; `y` is contiguous.
  @inline(__always)
  static func zip<T: Element>(_ a: Tensor, _ b: Tensor, _ y: Tensor, _: T.Type, _ f: (T, T) -> T) {
    let shape = y.shape, count = y.count
    let pa = a.pointer(T.self), pb = b.pointer(T.self)
    var out = y.mutable(T.self)
    if a.isContiguous, b.isContiguous, a.count == count, b.count == count {
      for i in 0..<count { out[i] = f(pa[i], pb[i]) }
      return
    }
    StridedLoop.run(shape.dimensions, [a.strides(stretchedTo: shape), b.strides(stretchedTo: shape)]) { at, length, step in
      let qa = pa + at[0], qb = pb + at[1], sa = step[0], sb = step[1]
      if sa == 1 && sb == 1 {
        for k in 0..<length { out[k] = f(qa[k], qb[k]) }
      } else if sa == 1 && sb == 0 {
        let v = qb[0]
        for k in 0..<length { out[k] = f(qa[k], v) }
      } else {
        for k in 0..<length { out[k] = f(qa[k * sa], qb[k * sb]) }
      }
      out += length
    }
  }
}

extension Tensor {
  /// The strides that make this tensor look like `shape`: 0 along stretched dimensions.
  func strides(stretchedTo shape: Shape) -> [Int] {
    if self.shape == shape { return strides }
    let missing = shape.rank - rank
    return (0..<shape.rank).map { d in
      d < missing || self.shape[d - missing] == 1 && shape[d] != 1 ? 0 : strides[d - missing]
    }
  }

  /// Undoes broadcasting: sums over every stretched dimension. `self` when nothing was stretched.
  func summed(to target: Shape) throws -> Tensor {
    if shape == target { return self }
    var result = self
    for _ in 0..<(rank - target.rank) { result = try result.sum(0, keep: false) }
    for d in 0..<target.rank where target[d] == 1 && result.shape[d] != 1 { result = try result.sum(d, keep: true) }
    return result
  }

  /// self += other of the same shape and type, wherever it lies. The tape's own: nothing is recorded, no version counted.
  func add(inPlace other: Tensor) {
    if dtype == .float32, isContiguous, other.isContiguous {
      fx_add_into_run(mutable(Float.self), other.pointer(Float.self), count)
      return
    }
    func run<T: Scalar>(_: T.Type) {
      let y = mutable(T.self), x = other.pointer(T.self)
      if isContiguous && other.isContiguous {
        for i in 0..<count { y[i] += x[i] }
        return
      }
      StridedLoop.run(shape.dimensions, [strides, other.strides]) { at, length, step in
        for k in 0..<length { y[at[0] + k * step[0]] += x[at[1] + k * step[1]] }
      }
    }
    if dtype == .float32 { run(Float.self) } else { run(Double.self) }
  }
}
