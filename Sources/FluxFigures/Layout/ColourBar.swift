import FluxCore

/// Ticks of colour bars.
enum ColourBar {
  /// - Parameter length: of the bar, cm.
  static func marks(_ scale: ColourScale, length: Double, isUpright: Bool) -> [(value: Double, text: String)] {
    guard scale.upper > scale.lower else { return [] }
    return Axis().marks(in: scale.lower...scale.upper, length: length, isUpright: isUpright)
  }

  /// Of the widest number, cm.
  static func tickWidth(_ scale: ColourScale, length: Double) -> Double {
    marks(scale, length: length, isUpright: true).map { GMTText.width($0.text, points: TextSize.tick) }.max() ?? 0
  }

  /// From a map's lower edge to the bar, the bar's height, and from its lower edge to the middle of its label's first line, cm.
  static let gap = 0.28, height = 0.2, labelDistance = 0.58
}
