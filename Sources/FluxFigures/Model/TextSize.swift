/// The sizes of words in figures, points.
enum TextSize {
  static let tick = 7.0
  static let label = 8.0
}
