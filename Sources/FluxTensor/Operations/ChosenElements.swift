/// `a` where the mask is not 0, `b` elsewhere, all three broadcast.
enum ChosenElements {
  static func choose(_ a: Tensor, _ mask: Tensor, _ b: Tensor) throws -> Tensor {
    let place = "Tensor:where"
    let common = mask.dtype
    let a = try a.converted(to: common), b = try b.converted(to: common)
    let shape = try a.shape.broadcast(with: b.shape, at: place).broadcast(with: mask.shape, at: place)
    let result = try Tensor(shape, common, names: names(a, b, mask, place), at: place)
    func fill<T: Element>(_: T.Type) {
      var out = result.mutable(T.self)
      let pa = a.pointer(T.self), pb = b.pointer(T.self), pm = mask.pointer(T.self)
      StridedLoop.run(shape.dimensions, [a, b, mask].map { $0.strides(stretchedTo: shape) }) { at, length, step in
        for k in 0..<length { out[k] = pm[at[2] + k * step[2]] != T.zero ? pa[at[0] + k * step[0]] : pb[at[1] + k * step[1]] }
        out += length
      }
    }
    switch common {
    case .float32: fill(Float.self)
    case .float64: fill(Double.self)
    case .int64: fill(Int64.self)
    }
    let (shapeA, shapeB) = (a.shape, b.shape)
    return Tape.record("where", [a, b], result, reading: [mask]) { incoming in
      let zero = try incoming.number(0)
      return [
        try choose(incoming, mask, zero).summed(to: shapeA),
        try choose(zero, mask, incoming).summed(to: shapeB),
      ]
    }
  }

  private static func names(_ a: Tensor, _ b: Tensor, _ mask: Tensor, _ place: String) throws -> [String]? {
    try Tensor.mergedNames((Tensor.mergedNames(a, b, place), max(a.rank, b.rank)), (mask.names, mask.rank), place)
  }
}
