import FluxCore

/// The largest and smallest, and where they stand (int64, from 1). A missing value wins: it is never hidden.
extension Tensor {
  public enum Extreme: String, Sendable { case max, min }

  /// The largest; NaN when one is missing. Equal largest ones share the gradient.
  public func max(_ dimension: Int? = nil, keep: Bool = false) throws -> Tensor { try extreme(.max, dimension, keep: keep) }
  /// The smallest; NaN when one is missing. Equal smallest ones share the gradient.
  public func min(_ dimension: Int? = nil, keep: Bool = false) throws -> Tensor { try extreme(.min, dimension, keep: keep) }

  /// Where the first largest or smallest stands: int64, counted from 1 along the dimension, or in
  /// row-major order when there is none. A missing value is found first.
  ///
  /// - Throws: ``FluxError`` when there is no element, or the tensor is on the tape: positions have no gradient.
  public func position(of kind: Extreme, _ dimension: Int? = nil, keep: Bool = false) throws -> Tensor {
    try Tape.refuse("arg\(kind.rawValue)", self)
    return try found(kind, dimension, keep, "Tensor:arg\(kind.rawValue)").positions
  }

  /// The extreme values with their positions; the values are recorded, the positions are plain numbers.
  public func extremes(_ kind: Extreme, _ dimension: Int, keep: Bool = false) throws -> (values: Tensor, positions: Tensor) {
    (try extreme(kind, dimension, keep: keep), try found(kind, dimension, keep, "Tensor:\(kind.rawValue)").positions)
  }

  private func extreme(_ kind: Extreme, _ dimension: Int?, keep: Bool) throws -> Tensor {
    let (x, lanes, positions) = try found(kind, dimension, keep, "Tensor:\(kind.rawValue)")
    let result = try Tensor(like: positions, dtype, names: positions.names, at: "Tensor:\(kind.rawValue)")
    let p = positions.pointer(Int64.self)
    func pick<T: Element>(_: T.Type) {
      let from = x.pointer(T.self), to = result.mutable(T.self)
      lanes.forEach { lane, start in to[lane] = from[start + (Int(p[lane]) - 1) * lanes.inner] }
    }
    switch dtype {
    case .float32: pick(Float.self)
    case .float64: pick(Double.self)
    case .int64: pick(Int64.self)
    }
    if !isTracked { return result }
    let shape = shape, value = result.detached()
    return Tape.record(kind.rawValue, [self], result, reading: [x, result]) { incoming in
      let g = try incoming.contiguous(), back = try Tensor(shape, g.dtype, at: kind.rawValue)
      func share<T: Scalar>(_: T.Type) {
        let pg = g.pointer(T.self), px = x.pointer(T.self), py = value.pointer(T.self), out = back.mutable(T.self)
        lanes.forEach { lane, start in
          var ties = 0
          for k in 0..<lanes.length where px[start + k * lanes.inner] == py[lane] { ties += 1 }
          for k in 0..<lanes.length { out[start + k * lanes.inner] = px[start + k * lanes.inner] == py[lane] ? pg[lane] / T(ties) : 0 }
        }
      }
      if g.dtype == .float32 { share(Float.self) } else { share(Double.self) }
      return [back]
    }
  }

  private func found(_ kind: Extreme, _ dimension: Int?, _ keep: Bool, _ place: String) throws -> (x: Tensor, lanes: Lanes, positions: Tensor) {
    let x = isContiguous ? detached() : try copied()
    let lanes = Lanes(of: x, dimension, keep: keep)
    guard lanes.length > 0 || lanes.outer * lanes.inner == 0 else {
      throw FluxError("the tensor has shape \(shape)", at: place, expected: "at least one element", remedy: "An empty tensor has no largest or smallest.")
    }
    let positions = try Tensor(lanes.reducedShape, .int64, names: lanes.reducedNames, at: place)
    func search<T: Element>(_: T.Type) {
      let p = x.pointer(T.self), out = positions.mutable(Int64.self)
      lanes.forEach { lane, start in
        var best = p[start], at = 0
        for k in 0..<lanes.length {
          let v = p[start + k * lanes.inner]
          if v.isMissing { at = k; break }
          if kind == .max ? v > best : v < best { best = v; at = k }
        }
        out[lane] = Int64(at + 1)
      }
    }
    switch dtype {
    case .float32: search(Float.self)
    case .float64: search(Double.self)
    case .int64: search(Int64.self)
    }
    return (x, lanes, positions)
  }
}
