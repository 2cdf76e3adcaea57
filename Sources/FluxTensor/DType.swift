/// The type of a tensor's elements.
///
/// int64 is for positions (`argmax`, `sort`, `gather`) and counts; it has no gradient.
public enum DType: String, Sendable, CaseIterable, CustomStringConvertible {
  case float32, float64, int64

  public var byteCount: Int { self == .float32 ? 4 : 8 }
  public var description: String { rawValue }
  public var isFloating: Bool { self != .int64 }

  /// The type in which functions such as `exp`, `mean` and `/` answer: int64 gives float64, which holds it up to 2⁵³.
  var floating: DType { self == .int64 ? .float64 : self }

  /// float32 with float64 gives float64; int64 with a floating type gives that type.
  static func promoted(_ a: DType, _ b: DType) -> DType {
    if a == b { return a }
    if a == .int64 { return b }
    return b == .int64 ? a : .float64
  }
}
