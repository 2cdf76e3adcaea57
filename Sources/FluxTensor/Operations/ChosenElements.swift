/// `a` where the mask is not 0, `b` elsewhere, all three broadcast.
enum ChosenElements {
  static func choose(_ a: Tensor, _ mask: Tensor, _ b: Tensor) throws -> Tensor {
    let place = "Tensor:where"
    let common = mask.dtype
    let a = try a.converted(to: common), b = try b.converted(to: common)
    let shape = try a.shape.broadcast(with: b.shape, at: place).broadcast(with: mask.shape, at: place)
    let names = try Tensor.mergedNames(a, b, place)
    let result = try Tensor(shape, common, names: names?.count == shape.rank ? names : nil, at: place)
    func fill<T: Scalar>(_: T.Type) {
      var out = result.mutable(T.self)
      let pa = a.pointer(T.self), pb = b.pointer(T.self), pm = mask.pointer(T.self)
      StridedLoop.run(shape.dimensions, [a, b, mask].map { $0.strides(stretchedTo: shape) }) { at, length, step in
        for k in 0..<length { out[k] = pm[at[2] + k * step[2]] != 0 ? pa[at[0] + k * step[0]] : pb[at[1] + k * step[1]] }
        out += length
      }
    }
    switch common {
    case .float32: fill(Float.self)
    case .float64: fill(Double.self)
    }
    return Tape.record("where", [a, b], result) { incoming in
      let zero = try incoming.number(0)
      return [
        try choose(incoming, mask, zero).summed(to: a.shape),
        try choose(zero, mask, incoming).summed(to: b.shape),
      ]
    }
  }
}
