import FluxCore

/// Copies that change the type or the layout, not the values.
extension Tensor {
  /// The same values in row-major order, one after the other; `self` when they already are.
  public func contiguous() throws -> Tensor {
    if isContiguous { return self }
    return Tape.record("contiguous", [self], try copied(), reading: []) { incoming in [incoming] }
  }

  /// A fresh block with the same values, on the tape.
  public func clone() throws -> Tensor {
    Tape.record("clone", [self], try copied(), reading: []) { incoming in [incoming] }
  }

  /// The same values in another type. Towards int64, fractions are cut off.
  ///
  /// - Throws: ``FluxError`` towards int64 when a value is missing or too large, or the tensor is on the tape.
  public func converted(to target: DType) throws -> Tensor {
    if dtype == target { return self }
    if target == .int64 { return try truncated() }
    let result = try Tensor(like: self, target, names: names, at: "Tensor:\(target == .float64 ? "double" : "float")")
    switch (dtype, target) {
    case (.float32, _): let p = result.mutable(Double.self); forEachElement(Float.self) { i, x in p[i] = Double(x) }
    case (.float64, _): let p = result.mutable(Float.self); forEachElement(Double.self) { i, x in p[i] = Float(x) }
    case (.int64, .float32): let p = result.mutable(Float.self); forEachElement(Int64.self) { i, x in p[i] = Float(x) }
    case (.int64, _): let p = result.mutable(Double.self); forEachElement(Int64.self) { i, x in p[i] = Double(x) }
    }
    let source = dtype
    return Tape.record("convert", [self], result, reading: []) { incoming in [try incoming.converted(to: source)] }
  }

  private func truncated() throws -> Tensor {
    try Tape.refuse("long", self)
    let result = try Tensor(like: self, .int64, names: names, at: "Tensor:long")
    let p = result.mutable(Int64.self)
    var stray: Double?
    func fill<T: Scalar>(_: T.Type) {
      forEachElement(T.self) { i, x in
        if let whole = Int64(exactly: x.rounded(.towardZero)) { p[i] = whole } else { p[i] = 0; stray = stray ?? Double(x) }
      }
    }
    if dtype == .float32 { fill(Float.self) } else { fill(Double.self) }
    if let stray {
      throw FluxError("\(stray) cannot be a whole number", at: "Tensor:long", expected: "finite values below 2^63",
        remedy: "Replace missing values first, for example by :where.")
    }
    return result
  }

  /// A fresh block with the same values, off the tape.
  func copied() throws -> Tensor {
    let result = try Tensor(like: self, dtype, names: names, at: "Tensor:clone")
    // Copying looks at no value, only at widths.
    func copy<T: Element>(_: T.Type) {
      let p = result.mutable(T.self)
      if isContiguous { p.update(from: pointer(T.self), count: count) } else { forEachElement(T.self) { i, x in p[i] = x } }
    }
    switch dtype {
    case .float32: copy(Float.self)
    case .float64: copy(Double.self)
    case .int64: copy(Int64.self)
    }
    return result
  }
}
