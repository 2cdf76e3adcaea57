struct Addition: BinaryRule {
  static let name = "add"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { a + b }
  @inline(__always) func derivatives<T: Scalar>(_ a: T, _ b: T, _ y: T) -> (T, T) { (1, 1) }
}

struct Subtraction: BinaryRule {
  static let name = "sub"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { a - b }
  @inline(__always) func derivatives<T: Scalar>(_ a: T, _ b: T, _ y: T) -> (T, T) { (1, -1) }
}

struct Multiplication: BinaryRule {
  static let name = "mul"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { a * b }
  @inline(__always) func derivatives<T: Scalar>(_ a: T, _ b: T, _ y: T) -> (T, T) { (b, a) }
}

struct Division: BinaryRule {
  static let name = "div"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { a / b }
  @inline(__always) func derivatives<T: Scalar>(_ a: T, _ b: T, _ y: T) -> (T, T) { (1 / b, -y / b) }
}

struct Power: BinaryRule {
  static let name = "pow"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { T.power(a, b) }
  @inline(__always) func derivatives<T: Scalar>(_ a: T, _ b: T, _ y: T) -> (T, T) {
    (b == 0 ? 0 : b * T.power(a, b - 1), y == 0 ? 0 : y * T.logarithm(a))
  }
}

/// The smaller of two; where they are equal, each gets half of the gradient. NaN stays NaN.
struct Minimum: BinaryRule {
  static let name = "minimum"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { a < b || a.isNaN ? a : b }
  @inline(__always) func derivatives<T: Scalar>(_ a: T, _ b: T, _ y: T) -> (T, T) { a < b ? (1, 0) : b < a ? (0, 1) : (0.5, 0.5) }
}

/// The larger of two; where they are equal, each gets half of the gradient. NaN stays NaN.
struct Maximum: BinaryRule {
  static let name = "maximum"
  @inline(__always) func value<T: Scalar>(_ a: T, _ b: T) -> T { a > b || a.isNaN ? a : b }
  @inline(__always) func derivatives<T: Scalar>(_ a: T, _ b: T, _ y: T) -> (T, T) { a > b ? (1, 0) : b > a ? (0, 1) : (0.5, 0.5) }
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
  @inline(__always) func derivatives<T: Scalar>(_ a: T, _ b: T, _ y: T) -> (T, T) { (0, 0) }
}

extension Tensor {
  public func adding(_ other: Tensor) throws -> Tensor { try apply(Addition(), other) }
  public func subtracting(_ other: Tensor) throws -> Tensor { try apply(Subtraction(), other) }
  public func multiplied(by other: Tensor) throws -> Tensor { try apply(Multiplication(), other) }
  public func divided(by other: Tensor) throws -> Tensor { try apply(Division(), other) }
  public func power(_ other: Tensor) throws -> Tensor { try apply(Power(), other) }
  public func minimum(_ other: Tensor) throws -> Tensor { try apply(Minimum(), other) }
  public func maximum(_ other: Tensor) throws -> Tensor { try apply(Maximum(), other) }
  func compared(_ kind: Comparison.Kind, _ other: Tensor) throws -> Tensor {
    try Tape.withoutRecording { try apply(Comparison(kind: kind), other) }
  }
  public func less(_ other: Tensor) throws -> Tensor { try compared(.less, other) }
  public func lessOrEqual(_ other: Tensor) throws -> Tensor { try compared(.lessOrEqual, other) }
  public func greater(_ other: Tensor) throws -> Tensor { try compared(.greater, other) }
  public func greaterOrEqual(_ other: Tensor) throws -> Tensor { try compared(.greaterOrEqual, other) }
  public func equal(_ other: Tensor) throws -> Tensor { try compared(.equal, other) }
  public func notEqual(_ other: Tensor) throws -> Tensor { try compared(.notEqual, other) }

  /// The number as a rank-0 tensor of this tensor's own type: Lua numbers never promote.
  public func number(_ value: Double) throws -> Tensor { try Tensor.scalar(value, dtype) }

  /// `self` where `mask` is not 0, `other` elsewhere.
  public func `where`(_ mask: Tensor, _ other: Tensor) throws -> Tensor {
    // A product with the mask would turn a NaN on the unused side into the result.
    let chosen = try Tape.withoutRecording { try mask.converted(to: DType.promoted(dtype, other.dtype)) }
    return try ChosenElements.choose(self, chosen, other)
  }
}
