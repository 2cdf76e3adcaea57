internal import CFluxKernels

struct Addition: IntegerBinaryRule {
  static let name = "add"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { a + b }
  static let signs: (left: Int, right: Int)? = (1, 1)
  static func reads(forLeft l: Bool, forRight r: Bool) -> (left: Bool, right: Bool, result: Bool) { (false, false, false) }
  @inline(__always) func byLeft<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { 1 }
  @inline(__always) func byRight<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { 1 }
  @inline(__always) func value(_ a: Int64, _ b: Int64) -> Int64 { a &+ b }
  func zip(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) { fx_add_run(a, b, y, count) }
}

struct Subtraction: IntegerBinaryRule {
  static let name = "sub"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { a - b }
  static let signs: (left: Int, right: Int)? = (1, -1)
  static func reads(forLeft l: Bool, forRight r: Bool) -> (left: Bool, right: Bool, result: Bool) { (false, false, false) }
  @inline(__always) func byLeft<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { 1 }
  @inline(__always) func byRight<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { -1 }
  @inline(__always) func value(_ a: Int64, _ b: Int64) -> Int64 { a &- b }
}

struct Multiplication: IntegerBinaryRule {
  static let name = "mul"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { a * b }
  static func reads(forLeft l: Bool, forRight r: Bool) -> (left: Bool, right: Bool, result: Bool) { (r, l, false) }
  @inline(__always) func byLeft<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { b }
  @inline(__always) func byRight<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { a }
  @inline(__always) func value(_ a: Int64, _ b: Int64) -> Int64 { a &* b }
  func zip(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) { fx_multiply_run(a, b, y, count) }
  func pull(byLeft: Bool, _ g: UnsafePointer<Float>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ count: Int) -> Bool {
    fx_gate_run(g, byLeft ? b : a, out, count)
    return true
  }
}

struct Division: BinaryRule {
  static let name = "div"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { a / b }
  static func reads(forLeft l: Bool, forRight r: Bool) -> (left: Bool, right: Bool, result: Bool) { (false, true, r) }
  @inline(__always) func byLeft<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { 1 / b }
  @inline(__always) func byRight<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { -y / b }
}

struct Power: BinaryRule {
  static let name = "pow"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { T.power(a, b) }
  static func reads(forLeft l: Bool, forRight r: Bool) -> (left: Bool, right: Bool, result: Bool) { (true, true, r) }
  @inline(__always) func byLeft<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { b == 0 ? 0 : b * T.power(a, b - 1) }
  @inline(__always) func byRight<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { y == 0 ? 0 : y * T.logarithm(a) }
}

/// The smaller of two; where they are equal, each gets half of the gradient. NaN stays NaN.
struct Minimum: IntegerBinaryRule {
  static let name = "minimum"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { a < b || a.isNaN ? a : b }
  static func reads(forLeft l: Bool, forRight r: Bool) -> (left: Bool, right: Bool, result: Bool) { (true, true, false) }
  @inline(__always) func byLeft<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { a < b ? 1 : b < a ? 0 : 0.5 }
  @inline(__always) func byRight<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { b < a ? 1 : a < b ? 0 : 0.5 }
  @inline(__always) func value(_ a: Int64, _ b: Int64) -> Int64 { min(a, b) }
}

/// The larger of two; where they are equal, each gets half of the gradient. NaN stays NaN.
struct Maximum: IntegerBinaryRule {
  static let name = "maximum"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { a > b || a.isNaN ? a : b }
  static func reads(forLeft l: Bool, forRight r: Bool) -> (left: Bool, right: Bool, result: Bool) { (true, true, false) }
  @inline(__always) func byLeft<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { a > b ? 1 : b > a ? 0 : 0.5 }
  @inline(__always) func byRight<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { b > a ? 1 : a > b ? 0 : 0.5 }
  @inline(__always) func value(_ a: Int64, _ b: Int64) -> Int64 { max(a, b) }
}

/// 1 where the comparison holds, 0 elsewhere; its gradient is zero.
struct Comparison: BinaryRule {
  enum Kind: Sendable { case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual }
  static let name = "compare"
  let kind: Kind
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T {
    let holds = switch kind {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .equal: a == b
    case .notEqual: a != b
    }
    return holds ? 1 : 0
  }
  static let isFlat = true
  static func reads(forLeft l: Bool, forRight r: Bool) -> (left: Bool, right: Bool, result: Bool) { (false, false, false) }
  @inline(__always) func byLeft<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { 0 }
  @inline(__always) func byRight<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T { 0 }
}

extension Tensor {
  public func adding(_ other: Tensor) throws -> Tensor { try apply(Addition(), other) }
  public func subtracting(_ other: Tensor) throws -> Tensor { try apply(Subtraction(), other) }
  public func multiplied(by other: Tensor) throws -> Tensor { try apply(Multiplication(), other) }
  public func divided(by other: Tensor) throws -> Tensor { try apply(Division(), other) }
  public func power(_ other: Tensor) throws -> Tensor { try apply(Power(), other) }
  public func minimum(_ other: Tensor) throws -> Tensor { try apply(Minimum(), other) }
  public func maximum(_ other: Tensor) throws -> Tensor { try apply(Maximum(), other) }
  public func less(_ other: Tensor) throws -> Tensor { try compared(.less, other) }
  public func lessOrEqual(_ other: Tensor) throws -> Tensor { try compared(.lessOrEqual, other) }
  public func greater(_ other: Tensor) throws -> Tensor { try compared(.greater, other) }
  public func greaterOrEqual(_ other: Tensor) throws -> Tensor { try compared(.greaterOrEqual, other) }
  public func equal(_ other: Tensor) throws -> Tensor { try compared(.equal, other) }
  public func notEqual(_ other: Tensor) throws -> Tensor { try compared(.notEqual, other) }

  private func compared(_ kind: Comparison.Kind, _ other: Tensor) throws -> Tensor {
    let mask = try apply(Comparison(kind: kind), other)
    return dtype == .int64 && other.dtype == .int64 ? try mask.converted(to: .float32) : mask
  }

  /// The number as a rank-0 tensor of this tensor's own type: Lua numbers never promote.
  public func number(_ value: Double) throws -> Tensor { try Tensor.scalar(value, dtype) }

  /// `self` where `mask` is not 0, `other` elsewhere.
  public func `where`(_ mask: Tensor, _ other: Tensor) throws -> Tensor {
    // A product with the mask would turn a NaN on the unused side into the result.
    let chosen = try Tape.withoutRecording { try mask.converted(to: DType.promoted(dtype, other.dtype)) }
    return try ChosenElements.choose(self, chosen, other)
  }
}
