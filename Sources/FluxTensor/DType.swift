/// The type of a tensor's elements.
public enum DType: String, Sendable, CaseIterable, CustomStringConvertible {
  case float32, float64

  public var byteCount: Int { self == .float32 ? 4 : 8 }
  public var description: String { rawValue }

  /// float32 with float64 gives float64.
  static func promoted(_ a: DType, _ b: DType) -> DType { a == .float64 || b == .float64 ? .float64 : .float32 }
}
