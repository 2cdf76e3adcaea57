import FluxCore

/// Tensors out of nothing.
extension Tensor {
  public static func zeros(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    try Tensor(shape, dtype, zeroed: true, at: "tensor.zeros")
  }

  /// - Throws: ``FluxError`` also when the type is int64 and the value is no whole number.
  public static func full(_ shape: Shape, _ value: Double, _ dtype: DType = .float32) throws -> Tensor {
    let t = try Tensor(shape, dtype, at: "tensor.full")
    switch dtype {
    case .float32: t.mutable(Float.self).update(repeating: Float(value), count: t.count)
    case .float64: t.mutable(Double.self).update(repeating: value, count: t.count)
    case .int64: t.mutable(Int64.self).update(repeating: try wholeNumber(value, at: "tensor.full"), count: t.count)
    }
    return t
  }

  public static func ones(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor { try full(shape, 1, dtype) }

  /// A rank-0 tensor.
  public static func scalar(_ value: Double, _ dtype: DType = .float32) throws -> Tensor { try full([], value, dtype) }

  /// The unit matrix `[n, n]`.
  public static func identity(_ n: Int, _ dtype: DType = .float32) throws -> Tensor {
    let t = try Tensor([n, n], dtype, zeroed: true, at: "tensor.eye")
    switch dtype {
    case .float32: let p = t.mutable(Float.self); for i in 0..<n { p[i * n + i] = 1 }
    case .float64: let p = t.mutable(Double.self); for i in 0..<n { p[i * n + i] = 1 }
    case .int64: let p = t.mutable(Int64.self); for i in 0..<n { p[i * n + i] = 1 }
    }
    return t
  }

  /// One tensor of rank 1, element `i` of which is `value(i)`, rounded to the type once.
  public static func generated(_ count: Int, _ dtype: DType, at place: @autoclosure () -> String, _ value: (Int) -> Double) throws -> Tensor {
    let t = try Tensor([count], dtype, at: place())
    switch dtype {
    case .float32: let p = t.mutable(Float.self); for i in 0..<count { p[i] = Float(value(i)) }
    case .float64: let p = t.mutable(Double.self); for i in 0..<count { p[i] = value(i) }
    case .int64: let p = t.mutable(Int64.self); for i in 0..<count { p[i] = try wholeNumber(value(i), at: place()) }
    }
    return t
  }

  /// Uniform draws in [0, 1). float32 takes 24 random bits, so that rounding never reaches 1.
  public static func uniform(_ shape: Shape, _ dtype: DType, from random: inout RandomStream) throws -> Tensor {
    try drawn(shape, dtype, at: "tensor.rand", { Float(random.next() >> 40) * 0x1p-24 }, { random.uniform() })
  }

  /// Standard normal draws.
  public static func normal(_ shape: Shape, _ dtype: DType, from random: inout RandomStream) throws -> Tensor {
    try drawn(shape, dtype, at: "tensor.randn", { Float(random.normal()) }, { random.normal() })
  }

  private static func drawn(_ shape: Shape, _ dtype: DType, at place: String, _ single: () -> Float, _ double: () -> Double) throws -> Tensor {
    guard dtype.isFloating else { throw FluxError("the type is int64", at: place, expected: "float32 or float64") }
    let t = try Tensor(shape, dtype, at: place)
    if dtype == .float32 {
      let p = t.mutable(Float.self)
      for i in 0..<t.count { p[i] = single() }
    } else {
      let p = t.mutable(Double.self)
      for i in 0..<t.count { p[i] = double() }
    }
    return t
  }

  /// A tensor with the given elements, row-major.
  ///
  /// - Throws: ``FluxError`` when the number of values is not that of the shape.
  public convenience init(_ values: [Double], shape: Shape? = nil, dtype: DType = .float64, names: [String]? = nil) throws {
    let shape = shape ?? [values.count]
    try self.init(shape, dtype, names: names, at: "tensor")
    try Self.checkCount(values.count, shape)
    switch dtype {
    case .float32: let p = mutable(Float.self); for i in 0..<values.count { p[i] = Float(values[i]) }
    case .float64: let p = mutable(Double.self); for i in 0..<values.count { p[i] = values[i] }
    case .int64: let p = mutable(Int64.self); for i in 0..<values.count { p[i] = try Self.wholeNumber(values[i], at: "tensor") }
    }
  }

  /// A float32 tensor with the given elements, row-major.
  ///
  /// - Throws: ``FluxError`` when the number of values is not that of the shape.
  public convenience init(_ values: [Float], shape: Shape? = nil, names: [String]? = nil) throws {
    let shape = shape ?? [values.count]
    try self.init(shape, .float32, names: names, at: "tensor")
    try Self.checkCount(values.count, shape)
    let p = mutable(Float.self)
    for i in 0..<values.count { p[i] = values[i] }
  }

  private static func checkCount(_ given: Int, _ shape: Shape) throws {
    guard given == shape.count else {
      throw FluxError("\(given) values for shape \(shape)", at: "tensor", expected: "\(shape.count) values")
    }
  }

  /// Makes a float32 tensor that the body fills; its memory is uninitialised when the body begins.
  public static func makeFloats(_ shape: Shape, names: [String]? = nil, at place: String,
    _ body: (UnsafeMutablePointer<Float>) throws -> Void
  ) throws -> Tensor {
    let t = try Tensor(shape, .float32, names: names, at: place)
    try body(t.mutable(Float.self))
    return t
  }

  /// Lets the body write over all elements in place.
  ///
  /// - Throws: ``FluxError`` when the tensor is not float32 and contiguous, or takes part in a recorded computation.
  public func overwriteFloats(at place: String, _ body: (UnsafeMutablePointer<Float>) throws -> Void) throws {
    guard dtype == .float32, isContiguous, !isTracked else {
      throw FluxError("the tensor to write into is \(isTracked ? "on the tape" : isContiguous ? dtype.rawValue : "a view with gaps")", at: place,
        expected: "a float32 tensor of its own memory, off the tape", remedy: "Make one with tensor.zeros(n).")
    }
    storage.version += 1
    try body(mutable(Float.self))
  }

  /// Makes a float64 tensor that the body fills; its memory is uninitialised when the body begins.
  public static func makeDoubles(_ shape: Shape, names: [String]? = nil, at place: String,
    _ body: (UnsafeMutablePointer<Double>) throws -> Void
  ) throws -> Tensor {
    let t = try Tensor(shape, .float64, names: names, at: place)
    try body(t.mutable(Double.self))
    return t
  }

  /// A number as int64.
  ///
  /// - Throws: ``FluxError`` when it has a fraction, is missing or too large.
  static func wholeNumber(_ value: Double, at place: @autoclosure () -> String) throws -> Int64 {
    guard let whole = Int64(exactly: value) else {
      throw FluxError("\(value) in an int64 tensor", at: place(), expected: "a whole number", remedy: "Call :double() on the tensor first.")
    }
    return whole
  }
}
