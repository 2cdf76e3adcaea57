/// The room that a panel needs around its box, cm, and what stands there.
struct PanelFrame {
  static let tickPoints = 7.0, labelPoints = 8.0, titlePoints = 8.5
  static let tickLength = 0.09, tickGap = 0.07, tickHeight = 0.25

  let left, right, top, bottom: Double
  let aspect: Double
  let legend: Legend
  /// Ranges and ticks of a plot; empty for a map.
  let x, y: ClosedRange<Double>
  let xTicks, yTicks: [(value: Double, text: String)]
  /// Whether the words of the x axis stand upright to fit.
  let isTurned: Bool
  /// From the box to the middle of the axis' label.
  let xLabelDistance, yLabelDistance: Double
  let map: MapFrame?

  init(_ panel: Panel, boxWidth: Double, hasLegend: Bool) {
    var legend = hasLegend ? Legend(of: panel) : Legend(entries: [])
    legend.wrap(to: boxWidth + 0.2)
    self.legend = legend
    let titleHeight = panel.title.isEmpty ? 0.12 : 0.52
    top = titleHeight + legend.height
    switch panel.content {
    case .map(let content):
      let frame = MapFrame(content)
      map = frame
      aspect = frame.aspect
      (left, right) = (0.1, 0.1)
      bottom = !content.colours.hasBar ? 0.1 : 0.9 + (content.colours.label.isEmpty ? 0 : 0.38)
      (x, y, xTicks, yTicks, isTurned) = (0...1, 0...1, [], [], false)
      (xLabelDistance, yLabelDistance) = (0, 0)
    case .plot(let content):
      map = nil
      aspect = content.aspect
      let extents = content.marks.map(\.extent)
      x = content.x.drawn(data: Self.range(extents.flatMap(\.x)))
      y = content.y.drawn(data: Self.range(extents.flatMap(\.y)))
      xTicks = content.x.marks(in: x, most: max(2, Int(boxWidth / 0.85)))
      yTicks = content.y.marks(in: y, most: max(4, Int(boxWidth * content.aspect / 0.55)))
      let slot = boxWidth / Double(max(1, xTicks.count))
      let widest = xTicks.map { GMTText.width($0.text, points: Self.tickPoints) }.max() ?? 0
      var isWords = false
      if case .words = content.x.ticks { isWords = true }
      isTurned = isWords && widest > slot * 0.98
      let below = Self.tickLength + Self.tickGap + (isTurned ? widest : Self.tickHeight)
      xLabelDistance = below + 0.22
      bottom = below + (content.x.label.isEmpty ? 0.08 : 0.46)
      let beside = Self.tickLength + Self.tickGap + (yTicks.map { GMTText.width($0.text, points: Self.tickPoints) }.max() ?? 0)
      yLabelDistance = beside + 0.27
      left = beside + (content.y.label.isEmpty ? 0.08 : 0.5)
      var right = 0.2
      if let colours = content.colours, colours.hasBar {
        right = 0.2 + 0.3 + 0.12 + ColourBar.tickWidth(colours, length: boxWidth * content.aspect) + (colours.label.isEmpty ? 0.1 : 0.5)
      }
      self.right = right
    }
  }

  private static func range(_ values: [Double]) -> ClosedRange<Double>? {
    var low = Double.infinity, high = -Double.infinity
    for v in values where v.isFinite { (low, high) = (min(low, v), max(high, v)) }
    return low <= high ? low...high : nil
  }
}

/// Ticks of colour bars.
enum ColourBar {
  /// Of the ticks; at least three of them stand on the bar, as far as their numbers fit beside each other.
  ///
  /// - Parameter length: of the bar, cm.
  static func step(_ scale: ColourScale, length: Double) -> Double {
    let span = scale.upper - scale.lower
    for most in max(2, Int(length / 1.15))...max(2, Int(length / 0.5)) {
      let step = Axis.roundStep(span, most: most)
      if count(scale, step) >= 3 { return step }
    }
    return Axis.roundStep(span, most: max(2, Int(length / 0.5)))
  }

  private static func count(_ scale: ColourScale, _ step: Double) -> Int {
    Int((scale.upper / step + 1e-9).rounded(.down)) - Int((scale.lower / step - 1e-9).rounded(.up)) + 1
  }

  static func tickWidth(_ scale: ColourScale, length: Double) -> Double {
    Axis().marks(in: scale.lower...max(scale.upper, scale.lower.nextUp), most: max(2, Int(length / 1.15)))
      .map { GMTText.width($0.text, points: PanelFrame.tickPoints) }.max() ?? 0
  }
}
