import FluxData

/// The room that a panel needs around its box, cm, and what stands there.
struct PanelFrame {
  static let tickLength = 0.09, tickGap = 0.07, tickHeight = 0.25

  /// What a neighbour shows already.
  struct Shared: OptionSet {
    let rawValue: Int
    static let xLabel = Shared(rawValue: 1), yLabel = Shared(rawValue: 2), bar = Shared(rawValue: 4), legend = Shared(rawValue: 8)
  }

  let left, right, top, bottom: Double
  /// Of the box, cm.
  let height: Double
  let title: WrappedText
  let legend: Legend
  /// Numbers about the marks, such as R: above the box, where they hide nothing.
  let notes: WrappedText
  /// Ranges and ticks of a plot; empty for a map. A tick's text may have a second line.
  let x, y: ClosedRange<Double>
  let xTicks, yTicks: [(value: Double, text: String)]
  /// Whether the words of the x axis stand upright to fit.
  let isTurned: Bool
  let xLabel, yLabel: WrappedText
  /// From the box to the middle of the first line of the x axis' label, and to the middle of the last line of the y axis' label.
  let xLabelDistance, yLabelDistance: Double
  let map: MapFrame?
  /// The label of the colour bar, and whether the panel has one beside or below itself.
  let barLabel: WrappedText
  let hasBar: Bool

  /// - Parameter barWidth: what a bar below a map has room for, cm; of several maps where they share one.
  init(_ panel: Panel, boxWidth: Double, shared: Shared = [], barWidth: Double? = nil) {
    var legend = shared.contains(.legend) ? Legend(entries: []) : Legend(of: panel)
    legend.wrap(to: boxWidth + 0.2)
    self.legend = legend
    title = WrappedText(panel.title, points: boxWidth < 4 ? 7.5 : 8.5, room: boxWidth + 0.2, bold: true)
    let last = panel.notes.count - 1
    notes = WrappedText(parts: panel.notes.enumerated().map { $0.element + ($0.offset < last ? "," : "") }, points: TextSize.tick, room: boxWidth + 0.3)
    top = (title.lines.isEmpty ? 0.14 : title.height + 0.16) + (notes.lines.isEmpty ? 0 : notes.height + 0.04) + legend.height
    switch panel.content {
    case .map(let content):
      let frame = MapFrame(content)
      map = frame
      height = frame.aspect * boxWidth
      (left, right) = (0.1, 0.1)
      hasBar = content.colours.hasBar && !shared.contains(.bar) && !panel.isBlank
      barLabel = WrappedText(GMTText.withRaisedUnits(content.colours.label), points: TextSize.label, room: (barWidth ?? boxWidth) + 0.1)
      bottom = hasBar ? 0.9 + (barLabel.lines.isEmpty ? 0 : barLabel.height + 0.06) : 0.1
      (x, y, xTicks, yTicks, isTurned) = (0...1, 0...1, [], [], false)
      (xLabelDistance, yLabelDistance) = (0, 0)
      (xLabel, yLabel) = (WrappedText("", points: 8, room: 1), WrappedText("", points: 8, room: 1))
    case .plot(let content):
      map = nil
      let extents = content.marks.map(\.extent)
      x = content.x.drawn(data: Self.range(extents.flatMap(\.x)))
      y = content.y.drawn(data: Self.range(extents.flatMap(\.y)))
      var height = content.aspect * boxWidth
      if case .words(let words) = content.y.ticks, !words.contains("") { height = max(height, min(0.27 * Double(words.count), 40)) }
      self.height = height
      let xMarks = WordTicks.fitted(content.x.marks(in: x, length: boxWidth, isUpright: false), of: content.x, slot: boxWidth / (x.upperBound - x.lowerBound))
      (xTicks, isTurned) = (xMarks.ticks, xMarks.isTurned)
      yTicks = WordTicks.upright(content.y.marks(in: y, length: height, isUpright: true), of: content.y, slot: height / (y.upperBound - y.lowerBound), room: max(1.2, 0.6 * boxWidth))
      let widest = xTicks.map { GMTText.width($0.text, points: TextSize.tick) }.max() ?? 0
      let lines = xTicks.map { $0.text.split(separator: "\n").count }.max() ?? 1
      let below = Self.tickLength + Self.tickGap + (xTicks.isEmpty ? 0 : isTurned ? widest : Self.tickHeight * Double(max(1, lines)))
      xLabel = shared.contains(.xLabel) ? WrappedText("", points: 8, room: 1) : WrappedText(GMTText.withRaisedUnits(content.x.label), points: TextSize.label, room: boxWidth + 0.5)
      xLabelDistance = below + 0.22
      bottom = below + (xLabel.lines.isEmpty ? 0.08 : xLabel.height + 0.12)
      let beside = Self.tickLength + Self.tickGap + (yTicks.map { GMTText.width($0.text, points: TextSize.tick) }.max() ?? 0)
      yLabel = shared.contains(.yLabel) ? WrappedText("", points: 8, room: 1) : WrappedText(GMTText.withRaisedUnits(content.y.label), points: TextSize.label, room: height + 0.5)
      yLabelDistance = beside + 0.25
      left = beside + (yLabel.lines.isEmpty ? 0.1 : yLabel.height + 0.15)
      let hasBar = content.colours?.hasBar == true && !shared.contains(.bar) && !panel.isBlank
      let barLabel = WrappedText(GMTText.withRaisedUnits(content.colours?.label ?? ""), points: TextSize.label, room: height + 0.4)
      var right = 0.2
      if hasBar, let colours = content.colours { right += 0.42 + ColourBar.tickWidth(colours, length: height) + (barLabel.lines.isEmpty ? 0.1 : barLabel.height + 0.18) }
      (self.hasBar, self.barLabel, self.right) = (hasBar, barLabel, right)
    }
  }

  private static func range(_ values: [Double]) -> ClosedRange<Double>? {
    var low = Double.infinity, high = -Double.infinity
    for v in values where v.isFinite { (low, high) = (min(low, v), max(high, v)) }
    return low <= high ? low...high : nil
  }
}
