/// Copies that change the type or the layout, not the values.
extension Tensor {
  /// The same values in row-major order, one after the other; `self` when they already are.
  public func contiguous() throws -> Tensor {
    if isContiguous { return self }
    let result = try copied()
    return Tape.record("contiguous", [self], result) { incoming in [incoming] }
  }

  /// A fresh block with the same values, on the tape.
  public func clone() throws -> Tensor {
    Tape.record("clone", [self], try copied()) { incoming in [incoming] }
  }

  /// The same values in another type.
  public func converted(to target: DType) throws -> Tensor {
    if dtype == target { return self }
    let result = try Tensor(shape, target, names: names, at: "Tensor:\(target == .float64 ? "double" : "float")")
    switch target {
    case .float64: let p = result.mutable(Double.self); forEachElement(Float.self) { i, x in p[i] = Double(x) }
    case .float32: let p = result.mutable(Float.self); forEachElement(Double.self) { i, x in p[i] = Float(x) }
    }
    let source = dtype
    return Tape.record("convert", [self], result) { incoming in [try incoming.converted(to: source)] }
  }

  private func copied() throws -> Tensor {
    let result = try Tensor(shape, dtype, names: names, at: "Tensor:clone")
    switch dtype {
    case .float32: let p = result.mutable(Float.self); forEachElement(Float.self) { i, x in p[i] = x }
    case .float64: let p = result.mutable(Double.self); forEachElement(Double.self) { i, x in p[i] = x }
    }
    return result
  }
}
