/// Words at an axis, turned, cut or thinned until they stand apart.
enum WordTicks {
  /// The height of a line of words that another follows, cm.
  static let line = 0.25

  /// - Parameter slot: the room of one unit of x, cm.
  /// - Returns: other ticks than words as they are.
  static func fitted(_ ticks: [(value: Double, text: String)], of axis: Axis, slot: Double) -> (ticks: [(value: Double, text: String)], isTurned: Bool) {
    guard case .words = axis.ticks else { return (ticks, false) }
    let worded = ticks.filter { !$0.text.isEmpty }, widest = worded.map { width($0.text) }.max() ?? 0
    let apart = zip(worded, worded.dropFirst()).map { abs($1.value - $0.value) }.min() ?? 1
    if widest <= 0.94 * slot * apart { return (worded, false) }
    return (thinned(ticks, slot).map { ($0.value, cut($0.text, to: 3.6)) }, true)
  }

  static func upright(_ ticks: [(value: Double, text: String)], of axis: Axis, slot: Double, room: Double) -> [(value: Double, text: String)] {
    guard case .words = axis.ticks else { return ticks }
    return thinned(ticks, slot).map { ($0.value, cut($0.text, to: room)) }
  }

  private static func width(_ text: String) -> Double { GMTText.width(text, points: TextSize.tick) }

  /// Those that have words; every second, third … of them where they stand too near together.
  private static func thinned(_ ticks: [(value: Double, text: String)], _ slot: Double) -> [(value: Double, text: String)] {
    let worded = ticks.filter { !$0.text.isEmpty }
    let nearest = zip(worded, worded.dropFirst()).map { abs($1.value - $0.value) }.sorted(), apart = nearest.isEmpty ? 1 : nearest[nearest.count / 2]
    let every = max(1, Int((line / max(slot * apart, 1e-6) - 1e-6).rounded(.up)))
    return every == 1 ? worded : worded.enumerated().filter { $0.offset % every == 0 }.map(\.element)
  }

  private static func cut(_ text: String, to room: Double) -> String {
    guard width(text) > room else { return text }
    var kept = text
    while kept.count > 1, width(kept + "…") > room { kept.removeLast() }
    return kept + "…"
  }
}
