internal import CFluxKernels

struct Negation: IntegerRule {
  static let name = "neg"
  static let reads = (input: false, output: false)
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { -x }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { -1 }
  func value(_ x: Int64) -> Int64 { 0 &- x }
}

struct Magnitude: IntegerRule {
  static let name = "abs"
  static let reads = (input: true, output: false)
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { x.magnitude }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { x > 0 ? 1 : x < 0 ? -1 : 0 }
  func value(_ x: Int64) -> Int64 { x < 0 ? 0 &- x : x }
}

struct Exponential: UnaryRule {
  static let name = "exp"
  static let reads = (input: false, output: true)
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { T.exponential(x) }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { y }
  func map(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) { fx_exp_run(x, y, count) }
}

struct Logarithm: UnaryRule {
  static let name = "log"
  static let reads = (input: true, output: false)
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { T.logarithm(x) }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { 1 / x }
  func map(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) { fx_log_run(x, y, count) }
}

struct SquareRoot: UnaryRule {
  static let name = "sqrt"
  static let reads = (input: false, output: true)
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { x.squareRoot() }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { 0.5 / y }
}

struct Sine: UnaryRule {
  static let name = "sin"
  static let reads = (input: true, output: false)
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { T.sine(x) }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { T.cosine(x) }
}

struct Cosine: UnaryRule {
  static let name = "cos"
  static let reads = (input: true, output: false)
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { T.cosine(x) }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { -T.sine(x) }
}

struct HyperbolicTangent: UnaryRule {
  static let name = "tanh"
  static let reads = (input: false, output: true)
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { T.hyperbolicTangent(x) }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { 1 - y * y }
  func map(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) { fx_tanh_run(x, y, count) }
  func pull(_ g: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ count: Int) -> Bool {
    fx_tanh_gate_run(g, y, out, count)
    return true
  }
}

struct Sigmoid: UnaryRule {
  static let name = "sigmoid"
  static let reads = (input: false, output: true)
  @inline(__always) func value<T: Scalar>(_ x: T) -> T {
    // The exponential of a negative number never overflows.
    let e = T.exponential(-x.magnitude)
    return x >= 0 ? 1 / (1 + e) : e / (1 + e)
  }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { y * (1 - y) }
  func map(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) { fx_sigmoid_run(x, y, count) }
}

struct RectifiedLinear: IntegerRule {
  static let name = "relu"
  static let reads = (input: true, output: false)
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { x > 0 || x.isNaN ? x : 0 }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { x > 0 ? 1 : 0 }
  func value(_ x: Int64) -> Int64 { max(x, 0) }
}

struct Square: IntegerRule {
  static let name = "square"
  static let reads = (input: true, output: false)
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { x * x }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { 2 * x }
  func value(_ x: Int64) -> Int64 { x &* x }
}

struct SignOf: IntegerRule {
  static let name = "sign"
  static let reads = (input: false, output: false)
  static let isFlat = true
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { x > 0 ? 1 : x < 0 ? -1 : x }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { 0 }
  func value(_ x: Int64) -> Int64 { x.signum() }
}

struct Floor: IntegerRule {
  static let name = "floor"
  static let reads = (input: false, output: false)
  static let isFlat = true
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { x.rounded(.down) }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { 0 }
  func value(_ x: Int64) -> Int64 { x }
}

/// xᵖ for one fixed exponent; small whole exponents are multiplied out.
struct FixedPower: UnaryRule {
  static let name = "pow"
  static let reads = (input: true, output: false)
  let exponent: Double
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { Self.raise(x, exponent) }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T {
    exponent == 0 ? 0 : T(exponent) * Self.raise(x, exponent - 1)
  }
  @inline(__always) static func raise<T: Scalar>(_ x: T, _ p: Double) -> T {
    switch p {
    case 0: 1
    case 1: x
    case 2: x * x
    case 3: x * x * x
    default: T.power(x, T(p))
    }
  }
}

/// x held within [low, high]; the gradient is 1 inside and on the bounds, 0 outside.
struct Clamp: UnaryRule {
  static let name = "clamp"
  static let reads = (input: true, output: false)
  let low: Double, high: Double
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { x < T(low) ? T(low) : x > T(high) ? T(high) : x }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { x >= T(low) && x <= T(high) ? 1 : 0 }
}

struct NotANumber: UnaryRule {
  static let name = "isnan"
  static let reads = (input: false, output: false)
  static let isFlat = true
  @inline(__always) func value<T: Scalar>(_ x: T) -> T { x.isNaN ? 1 : 0 }
  @inline(__always) func derivative<T: Scalar>(_ x: T, _ y: T) -> T { 0 }
}

extension Tensor {
  public func negated() throws -> Tensor { try apply(Negation()) }
  public func magnitude() throws -> Tensor { try apply(Magnitude()) }
  public func exp() throws -> Tensor { try apply(Exponential()) }
  public func log() throws -> Tensor { try apply(Logarithm()) }
  public func squareRoot() throws -> Tensor { try apply(SquareRoot()) }
  public func sin() throws -> Tensor { try apply(Sine()) }
  public func cos() throws -> Tensor { try apply(Cosine()) }
  public func tanh() throws -> Tensor { try apply(HyperbolicTangent()) }
  public func sigmoid() throws -> Tensor { try apply(Sigmoid()) }
  public func relu() throws -> Tensor { try apply(RectifiedLinear()) }
  public func square() throws -> Tensor { try apply(Square()) }
  public func sign() throws -> Tensor { try apply(SignOf()) }
  public func floor() throws -> Tensor { try apply(Floor()) }
  public func power(_ exponent: Double) throws -> Tensor { exponent == 2 ? try square() : try apply(FixedPower(exponent: exponent)) }
  public func clamped(_ low: Double, _ high: Double) throws -> Tensor { try apply(Clamp(low: low, high: high)) }
  /// 1 where missing, 0 elsewhere; float32 for int64, which is never missing.
  public func isNaN() throws -> Tensor { try converted(to: dtype == .int64 ? .float32 : dtype).apply(NotANumber()) }
}
