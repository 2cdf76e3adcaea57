import FluxCore
import Glibc

/// A dense array of float32 or float64 numbers, row-major, with reverse-mode automatic differentiation.
///
/// A tensor is a view: several may share one block of memory. Dimensions may bear
/// names (`region`, `month`), which operations carry along. A tensor belongs to the
/// one thread that runs the interpreter.
public final class Tensor {
  public let shape: Shape
  public let dtype: DType
  /// One name a dimension, `nil` when the tensor has no names.
  public internal(set) var names: [String]?
  let storage: Storage
  let strides: [Int]
  let offset: Int

  /// Whether operations on this leaf are recorded.
  public internal(set) var requiresGradient = false
  /// The operation that made this tensor, when it was recorded.
  var node: Node?
  /// ∂loss/∂self, accumulated by ``backward(retain:)``; only leaves that require a gradient have one.
  public internal(set) var gradient: Tensor?

  init(storage: Storage, shape: Shape, strides: [Int], offset: Int, dtype: DType, names: [String]? = nil) {
    self.storage = storage
    self.shape = shape
    self.strides = strides
    self.offset = offset
    self.dtype = dtype
    self.names = names
  }

  /// An uninitialised tensor (or one of zeros), contiguous.
  init(_ shape: Shape, _ dtype: DType, zeroed: Bool = false, names: [String]? = nil, at place: String) throws {
    let count = try Shape.checkedCount(shape.dimensions, at: place)
    storage = try Storage(byteCount: count * dtype.byteCount, zeroed: zeroed, at: place)
    self.shape = shape
    self.dtype = dtype
    self.names = names
    strides = shape.contiguousStrides
    offset = 0
  }

  deinit {
    if let last = node {
      node = nil
      TapeState.current.drop(last)
    }
  }

  public var rank: Int { shape.rank }
  public var count: Int { shape.count }
  /// Bytes of the memory block behind this view.
  public var byteCount: Int { storage.byteCount }
  /// Whether the elements lie one after the other in row-major order.
  public var isContiguous: Bool {
    var expected = 1
    for d in stride(from: rank - 1, through: 0, by: -1) where shape[d] != 1 {
      if strides[d] != expected { return false }
      expected *= shape[d]
    }
    return true
  }

  // MARK: Making

  public static func zeros(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    try Tensor(shape, dtype, zeroed: true, at: "tensor.zeros")
  }

  public static func full(_ shape: Shape, _ value: Double, _ dtype: DType = .float32) throws -> Tensor {
    let t = try Tensor(shape, dtype, at: "tensor.full")
    t.fill(value)
    return t
  }

  public static func ones(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor { try full(shape, 1, dtype) }

  /// A rank-0 tensor.
  public static func scalar(_ value: Double, _ dtype: DType = .float32) throws -> Tensor { try full([], value, dtype) }

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

  // MARK: Reading

  /// The value of a tensor with one element.
  ///
  /// - Throws: ``FluxError`` when there are more, or none.
  public func item() throws -> Double {
    guard count == 1 else {
      throw FluxError("the tensor has shape \(shape), \(count) elements", at: "Tensor:item", expected: "one element",
        remedy: "Reduce it first (:sum(), :mean()), or take one element, t[{i, j}].")
    }
    return dtype == .float32 ? Double(pointer(Float.self)[0]) : pointer(Double.self)[0]
  }

  /// All elements in row-major order, as doubles.
  public func doubles() -> [Double] {
    var result = [Double](repeating: 0, count: count)
    switch dtype {
    case .float32: forEachElement(Float.self) { i, x in result[i] = Double(x) }
    case .float64: forEachElement(Double.self) { i, x in result[i] = x }
    }
    return result
  }

  /// All elements in row-major order, as floats.
  public func floats() -> [Float] {
    var result = [Float](repeating: 0, count: count)
    switch dtype {
    case .float32: forEachElement(Float.self) { i, x in result[i] = x }
    case .float64: forEachElement(Double.self) { i, x in result[i] = Float(x) }
    }
    return result
  }

  /// Gives the body a pointer to the elements of a contiguous float32 tensor (a copy is made when it is not one).
  public func withFloats<R>(_ body: (UnsafePointer<Float>) throws -> R) throws -> R {
    let dense = try converted(to: .float32).contiguous()
    return try withExtendedLifetime(dense) { try body(dense.pointer(Float.self)) }
  }

  /// Makes a float32 tensor that the body fills; its memory is uninitialised when the body begins.
  public static func makeFloats(_ shape: Shape, names: [String]? = nil, at place: String,
    _ body: (UnsafeMutablePointer<Float>) throws -> Void
  ) throws -> Tensor {
    let t = try Tensor(shape, .float32, names: names, at: place)
    try body(t.mutable(Float.self))
    return t
  }

  // MARK: Memory

  func pointer<T: Scalar>(_: T.Type) -> UnsafePointer<T> {
    UnsafePointer(storage.base.assumingMemoryBound(to: T.self) + offset)
  }

  func mutable<T: Scalar>(_: T.Type) -> UnsafeMutablePointer<T> {
    storage.base.assumingMemoryBound(to: T.self) + offset
  }

  /// Visits the elements in row-major order.
  func forEachElement<T: Scalar>(_: T.Type, _ body: (Int, T) -> Void) {
    let p = pointer(T.self)
    if isContiguous {
      for i in 0..<count { body(i, p[i]) }
    } else {
      var i = 0
      StridedLoop.run(shape.dimensions, strides) { position, length, step in
        for k in 0..<length { body(i, p[position + k * step]); i += 1 }
      }
    }
  }

  func fill(_ value: Double) {
    switch dtype {
    case .float32: let p = mutable(Float.self), x = Float(value); for i in 0..<count { p[i] = x }
    case .float64: let p = mutable(Double.self); for i in 0..<count { p[i] = value }
    }
  }
}

/// Walks a strided view in row-major order, one run of the last dimension at a time.
enum StridedLoop {
  static func run(_ dimensions: [Int], _ strides: [Int], _ body: (_ position: Int, _ length: Int, _ step: Int) -> Void) {
    run(dimensions, [strides]) { positions, length, steps in body(positions[0], length, steps[0]) }
  }

  /// The same over several views of one shape.
  static func run(_ dimensions: [Int], _ strides: [[Int]], _ body: (_ positions: [Int], _ length: Int, _ steps: [Int]) -> Void) {
    if dimensions.contains(0) { return }
    let rank = dimensions.count
    let views = strides.count
    let length = rank == 0 ? 1 : dimensions[rank - 1]
    let steps = strides.map { rank == 0 ? 0 : $0[rank - 1] }
    var index = [Int](repeating: 0, count: max(0, rank - 1))
    var positions = [Int](repeating: 0, count: views)
    while true {
      body(positions, length, steps)
      var d = rank - 2
      while d >= 0 {
        index[d] += 1
        for v in 0..<views { positions[v] += strides[v][d] }
        if index[d] < dimensions[d] { break }
        for v in 0..<views { positions[v] -= strides[v][d] * dimensions[d] }
        index[d] = 0
        d -= 1
      }
      if d < 0 { return }
    }
  }
}
