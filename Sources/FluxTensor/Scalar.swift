import Glibc

/// An element type of a tensor.
protocol Element: Sendable, Comparable {
  static var dtype: DType { get }
  static var zero: Self { get }
  var asDouble: Double { get }
  /// Whether it is not a number; never for integers.
  var isMissing: Bool { get }
}

extension Int64: Element {
  static var dtype: DType { .int64 }
  var asDouble: Double { Double(self) }
  var isMissing: Bool { false }
}

/// An element type with gradients, and the functions of `libm` that the operations need.
protocol Scalar: Element, BinaryFloatingPoint {
  static func exponential(_ x: Self) -> Self
  static func logarithm(_ x: Self) -> Self
  static func sine(_ x: Self) -> Self
  static func cosine(_ x: Self) -> Self
  static func hyperbolicTangent(_ x: Self) -> Self
  static func power(_ x: Self, _ y: Self) -> Self
}

extension Float: Scalar {
  static var dtype: DType { .float32 }
  var asDouble: Double { Double(self) }
  var isMissing: Bool { isNaN }
  static func exponential(_ x: Float) -> Float { expf(x) }
  static func logarithm(_ x: Float) -> Float { logf(x) }
  static func sine(_ x: Float) -> Float { sinf(x) }
  static func cosine(_ x: Float) -> Float { cosf(x) }
  static func hyperbolicTangent(_ x: Float) -> Float { tanhf(x) }
  static func power(_ x: Float, _ y: Float) -> Float { powf(x, y) }
}

extension Double: Scalar {
  static var dtype: DType { .float64 }
  var asDouble: Double { self }
  var isMissing: Bool { isNaN }
  static func exponential(_ x: Double) -> Double { exp(x) }
  static func logarithm(_ x: Double) -> Double { log(x) }
  static func sine(_ x: Double) -> Double { sin(x) }
  static func cosine(_ x: Double) -> Double { cos(x) }
  static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
  static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
}
