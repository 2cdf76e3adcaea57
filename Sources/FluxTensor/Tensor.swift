import FluxCore

/// A dense array of numbers, row-major, with reverse-mode automatic differentiation.
///
/// A tensor is a view: several may share one block of memory. Dimensions may bear
/// names (`region`, `month`), which operations carry along. A tensor belongs to the
/// one thread that runs the interpreter.
public final class Tensor {
  public let shape: Shape
  public let dtype: DType
  /// One name a dimension, "" for a dimension without; `nil` when none has a name.
  public internal(set) var names: [String]?
  let storage: Storage
  let strides: [Int]
  let offset: Int
  public let count: Int
  /// Whether the elements lie one after the other in row-major order.
  public let isContiguous: Bool

  /// Whether operations on this leaf are recorded.
  public internal(set) var requiresGradient = false
  /// The operation that made this tensor, when it was recorded.
  var node: Node?
  /// ∂loss/∂self as the tape keeps it; see ``gradient``.
  var storedGradient: Tensor?
  /// Whether nobody else holds ``storedGradient``, so that more may be added to it in place.
  var ownsGradient = false

  init(storage: Storage, shape: Shape, strides: [Int], offset: Int, dtype: DType, names: [String]? = nil) {
    self.storage = storage
    self.shape = shape
    self.strides = strides
    self.offset = offset
    self.dtype = dtype
    self.names = names
    count = shape.count
    var expected = 1, dense = true
    for d in Swift.stride(from: shape.rank - 1, through: 0, by: -1) where shape[d] != 1 {
      if strides[d] != expected { dense = false; break }
      expected = expected &* shape[d]
    }
    isContiguous = dense || count == 0
  }

  /// An uninitialised tensor (or one of zeros), contiguous.
  init(_ shape: Shape, _ dtype: DType, zeroed: Bool = false, names: [String]? = nil, at place: @autoclosure () -> String) throws {
    count = try Shape.checkedCount(shape.dimensions, at: place())
    storage = try Storage(byteCount: count * dtype.byteCount, zeroed: zeroed, at: place())
    self.shape = shape
    self.dtype = dtype
    self.names = names
    strides = shape.contiguousStrides
    offset = 0
    isContiguous = true
  }

  /// An uninitialised contiguous tensor with the shape of another.
  init(like other: Tensor, _ dtype: DType, names: [String]? = nil, at place: @autoclosure () -> String) throws {
    count = other.count
    storage = try Storage(byteCount: other.count * dtype.byteCount, zeroed: false, at: place())
    shape = other.shape
    self.dtype = dtype
    self.names = names
    strides = other.isContiguous ? other.strides : other.shape.contiguousStrides
    offset = 0
    isContiguous = true
  }

  deinit {
    if let last = node {
      node = nil
      TapeState.current.drop(last)
    }
  }

  public var rank: Int { shape.rank }
  /// Bytes of the memory block behind this view.
  public var byteCount: Int { storage.byteCount }

  // MARK: Reading

  /// The value of a tensor with one element.
  ///
  /// - Throws: ``FluxError`` when there are more, or none.
  public func item() throws -> Double {
    guard count == 1 else {
      throw FluxError("the tensor has shape \(shape), \(count) elements", at: "Tensor:item", expected: "one element",
        remedy: "Reduce it first (:sum(), :mean()), or take one element, t[{i, j}].")
    }
    return switch dtype {
    case .float32: Double(pointer(Float.self)[0])
    case .float64: pointer(Double.self)[0]
    case .int64: Double(pointer(Int64.self)[0])
    }
  }

  /// The value of an int64 tensor with one element, exactly.
  public func integerItem() -> Int? { dtype == .int64 && count == 1 ? Int(pointer(Int64.self)[0]) : nil }

  /// All elements in row-major order, as doubles.
  public func doubles() -> [Double] {
    [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = count
      let out = buffer.baseAddress
      switch dtype {
      case .float32: forEachElement(Float.self) { i, x in out![i] = Double(x) }
      case .float64: forEachElement(Double.self) { i, x in out![i] = x }
      case .int64: forEachElement(Int64.self) { i, x in out![i] = Double(x) }
      }
    }
  }

  /// All elements in row-major order, as floats.
  public func floats() -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = count
      let out = buffer.baseAddress
      switch dtype {
      case .float32: forEachElement(Float.self) { i, x in out![i] = x }
      case .float64: forEachElement(Double.self) { i, x in out![i] = Float(x) }
      case .int64: forEachElement(Int64.self) { i, x in out![i] = Float(x) }
      }
    }
  }

  /// Gives the body a pointer to the elements of a contiguous float32 tensor (a copy is made when it is not one).
  public func withFloats<R>(_ body: (UnsafePointer<Float>) throws -> R) throws -> R {
    let dense = try converted(to: .float32).contiguous()
    return try withExtendedLifetime(dense) { try body(dense.pointer(Float.self)) }
  }

  /// As ``withFloats(_:)``, in float64.
  public func withDoubles<R>(_ body: (UnsafePointer<Double>) throws -> R) throws -> R {
    let dense = try converted(to: .float64).contiguous()
    return try withExtendedLifetime(dense) { try body(dense.pointer(Double.self)) }
  }

  // MARK: Memory

  /// Where the first element lies.
  var start: UnsafeMutableRawPointer { storage.base + offset * dtype.byteCount }

  func pointer<T: Element>(_: T.Type) -> UnsafePointer<T> {
    UnsafePointer(storage.base.assumingMemoryBound(to: T.self) + offset)
  }

  func mutable<T: Element>(_: T.Type) -> UnsafeMutablePointer<T> {
    storage.base.assumingMemoryBound(to: T.self) + offset
  }

  /// Visits the elements in row-major order.
  func forEachElement<T: Element>(_: T.Type, _ body: (Int, T) -> Void) {
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
}

/// Single elements, for printing and indexing.
extension Tensor {
  /// Where the first elements in row-major order lie, at most `count`, as ``element(_:)`` takes them.
  public func leadingPositions(_ count: Int) -> [Int] {
    var positions: [Int] = []
    var index = [Int](repeating: 0, count: rank), position = 0
    while positions.count < Swift.min(count, self.count) {
      positions.append(position)
      var d = rank - 1
      while d >= 0 {
        index[d] += 1
        position += strides[d]
        if index[d] < shape[d] { break }
        position -= strides[d] * shape[d]
        index[d] = 0
        d -= 1
      }
    }
    return positions
  }

  /// The element that lies `position` places from the first in memory; see ``strideOfRows``.
  public func element(_ position: Int) -> Double {
    switch dtype {
    case .float32: Double(pointer(Float.self)[position])
    case .float64: pointer(Double.self)[position]
    case .int64: Double(pointer(Int64.self)[position])
    }
  }

  /// The same of an int64 tensor, exactly.
  public func wholeElement(_ position: Int) -> Int { Int(pointer(Int64.self)[position]) }

  /// All elements of an int64 tensor in row-major order, exactly; none of any other.
  public func integers() -> [Int] {
    var values: [Int] = []
    guard dtype == .int64 else { return values }
    values.reserveCapacity(count)
    forEachElement(Int64.self) { _, x in values.append(Int(x)) }
    return values
  }

  public var strideOfRows: Int { strides[rank - 2] }
  public var strideOfColumns: Int { strides[rank - 1] }

  /// Visits the elements in row-major order.
  public func forEach(_ body: (Double) -> Void) {
    switch dtype {
    case .float32: forEachElement(Float.self) { _, x in body(Double(x)) }
    case .float64: forEachElement(Double.self) { _, x in body(x) }
    case .int64: forEachElement(Int64.self) { _, x in body(Double(x)) }
    }
  }
}
