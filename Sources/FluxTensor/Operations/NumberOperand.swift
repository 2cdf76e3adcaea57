import FluxCore

/// A binary rule with a number in place of its right operand: `t * 2`. The number takes the tensor's type.
private struct NumberOnRight<R: BinaryRule>: UnaryRule {
  static var name: String { R.name }
  static var isFlat: Bool { R.isFlat }
  static var reads: (input: Bool, output: Bool) {
    let reads = R.reads(forLeft: true, forRight: false)
    return (reads.left, reads.result)
  }
  let rule: R, number: Double
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { rule.value(x, T(number)) }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { rule.byLeft(x, T(number), y) }
}

/// A binary rule with a number in place of its left operand: `1 / t`.
private struct NumberOnLeft<R: BinaryRule>: UnaryRule {
  static var name: String { R.name }
  static var isFlat: Bool { R.isFlat }
  static var reads: (input: Bool, output: Bool) {
    let reads = R.reads(forLeft: false, forRight: true)
    return (reads.right, reads.result)
  }
  let rule: R, number: Double
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { rule.value(T(number), x) }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { rule.byRight(T(number), x, y) }
}

/// Arithmetic with plain numbers, which never promote: float32 stays float32, and int64 takes whole numbers only
/// (but `/`, `^` and comparisons answer in floating point).
extension Tensor {
  public func adding(_ number: Double) throws -> Tensor { try apply(Addition(), numberOnRight: number) }
  public func subtracting(_ number: Double) throws -> Tensor { try apply(Subtraction(), numberOnRight: number) }
  public func subtracted(from number: Double) throws -> Tensor { try apply(Subtraction(), numberOnLeft: number) }
  public func multiplied(by number: Double) throws -> Tensor { try apply(Multiplication(), numberOnRight: number) }
  public func divided(by number: Double) throws -> Tensor { try apply(Division(), numberOnRight: number) }
  public func dividing(_ number: Double) throws -> Tensor { try apply(Division(), numberOnLeft: number) }
  public func exponent(of number: Double) throws -> Tensor { try apply(Power(), numberOnLeft: number) }
  public func minimum(_ number: Double) throws -> Tensor { try apply(Minimum(), numberOnRight: number) }
  public func maximum(_ number: Double) throws -> Tensor { try apply(Maximum(), numberOnRight: number) }
  public func less(_ number: Double) throws -> Tensor { try compared(.less, number) }
  public func lessOrEqual(_ number: Double) throws -> Tensor { try compared(.lessOrEqual, number) }
  public func greater(_ number: Double) throws -> Tensor { try compared(.greater, number) }
  public func greaterOrEqual(_ number: Double) throws -> Tensor { try compared(.greaterOrEqual, number) }
  public func equal(_ number: Double) throws -> Tensor { try compared(.equal, number) }
  public func notEqual(_ number: Double) throws -> Tensor { try compared(.notEqual, number) }

  private func compared(_ kind: Comparison.Kind, _ number: Double) throws -> Tensor {
    let mask = try apply(Comparison(kind: kind), numberOnRight: number)
    return dtype == .int64 ? try mask.converted(to: .float32) : mask
  }

  private func apply<R: BinaryRule>(_ rule: R, numberOnRight number: Double) throws -> Tensor {
    if dtype == .int64 { return try apply(rule, Self.operand(number, of: rule)) }
    return try apply(NumberOnRight(rule: rule, number: number))
  }

  private func apply<R: BinaryRule>(_ rule: R, numberOnLeft number: Double) throws -> Tensor {
    if dtype == .int64 { return try Self.operand(number, of: rule).apply(rule, self) }
    return try apply(NumberOnLeft(rule: rule, number: number))
  }

  /// Beside int64: a whole number for rules that stay in integers, float64 for the others.
  private static func operand<R: BinaryRule>(_ number: Double, of rule: R) throws -> Tensor {
    guard rule is any IntegerBinaryRule else { return try scalar(number, .float64) }
    let t = try Tensor([], .int64, at: "Tensor:\(R.name)")
    t.mutable(Int64.self)[0] = try wholeNumber(number, at: "Tensor:\(R.name)")
    return t
  }
}
