import FluxCore

/// Physical numbers kept as 16-bit integers: `stored = round((value − offset) / scale)`.
///
/// Missing values are stored as `fill`. The CF attributes `scale_factor`,
/// `add_offset` and `_FillValue` say so in the file.
public struct Packing: Sendable, Equatable {
  public let scale, offset: Double
  public let fill: Int16

  public init(scale: Double, offset: Double = 0, fill: Int16 = -32_768) {
    self.scale = scale
    self.offset = offset
    self.fill = fill
  }

  /// The finest packing whose stored integers reach from −32 767 to 32 767 over a physical range.
  public init(covering range: ClosedRange<Double>) {
    let width = range.upperBound - range.lowerBound
    self.init(scale: width > 0 ? width / 65_534 : 1, offset: (range.upperBound + range.lowerBound) / 2)
  }

  /// NaN becomes the fill; values beyond the range are cut at its ends.
  func stored(_ value: Double) -> Int16 {
    guard value == value else { return fill }
    let whole = ((value - offset) / scale).rounded(.toNearestOrEven)
    // The fill must not be met by a value.
    let limited = min(max(whole, fill == .min ? -32_767 : -32_768), 32_767)
    let integer = Int16(limited)
    return integer == fill ? integer + (integer < 32_767 ? 1 : -1) : integer
  }
}
