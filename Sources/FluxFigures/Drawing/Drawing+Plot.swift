import FluxCore

extension Drawing {
  /// A plot on two axes: everything is brought to cm here, GMT draws lines, areas, images and words.
  mutating func draw(_ plot: PlotPanel, _ place: FigureLayout.Place) throws {
    let frame = place.frame
    var plot = plot
    plot.thin(columns: place.width * ThinnedLine.columnsPerCM)
    func x(_ v: Double) -> Double { (v - frame.x.lowerBound) / (frame.x.upperBound - frame.x.lowerBound) * place.width }
    func y(_ v: Double) -> Double { (v - frame.y.lowerBound) / (frame.y.upperBound - frame.y.lowerBound) * place.height }
    var segments = SegmentText()
    for mark in plot.marks {
      switch mark {
      case .line(let xs, let ys, let style, _): segments.line(zip(xs, ys).map { (x($0), y($1)) }, style)
      case .band(let xs, let lower, let upper, let colour):
        for run in Self.presentRuns(xs.indices.map { lower[$0].isFinite && upper[$0].isFinite && xs[$0].isFinite }) {
          segments.area(run.map { (x(xs[$0]), y(lower[$0])) } + run.reversed().map { (x(xs[$0]), y(upper[$0])) }, fill: colour, transparency: 72)
        }
      case .points(let xs, let ys, let diameter, let colour, _):
        try draw(segments, in: place)
        segments = SegmentText()
        let text = zip(xs, ys).filter { $0.0.isFinite && $0.1.isFinite }.map { SegmentText.point(x($0), y($1)) }.joined()
        step("psxy", [try folder.write(text), "-Sc\(diameter)c", "-G\(colour.text)"] + Self.box(place), at: place.left, place.bottom)
      case .bars(let xs, let heights, let width, let colour, _, let outlined):
        for (centre, height) in zip(xs, heights) where height.isFinite {
          segments.box(x(centre - width / 2), y(0), x(centre + width / 2), y(height), fill: outlined ? nil : colour,
            outline: outlined ? Stroke(.black, width: 0.7) : nil)
        }
      case .lyingBars(let ys, let lengths, let width, let colour, _):
        for (centre, length) in zip(ys, lengths) where length.isFinite {
          segments.box(x(0), y(centre - width / 2), x(length), y(centre + width / 2), fill: colour)
        }
      case .errors(let xs, let lower, let upper):
        for i in xs.indices where lower[i].isFinite && upper[i].isFinite {
          segments.line([(x(xs[i]), y(lower[i])), (x(xs[i]), y(upper[i]))], Stroke(.black, width: 0.6))
        }
      case .lyingErrors(let ys, let lower, let upper):
        for i in ys.indices where lower[i].isFinite && upper[i].isFinite {
          segments.line([(x(lower[i]), y(ys[i])), (x(upper[i]), y(ys[i]))], Stroke(.black, width: 0.6))
        }
      case .cells(let values, let rows, let columns, let xr, let yr):
        guard let scale = plot.colours else { continue }
        try draw(segments, in: place)
        segments = SegmentText()
        let grid = try folder.writeGrid(values, rows: rows, columns: columns, x: x(xr.lowerBound)...x(xr.upperBound), y: y(yr.lowerBound)...y(yr.upperBound))
        let colours = try palette(scale)
        step("grdimage", [grid, "-C\(colours)", "-Q"] + Self.box(place), at: place.left, place.bottom)
      case .horizontal(let value, let stroke): segments.line([(0, y(value)), (place.width, y(value))], stroke)
      case .vertical(let value, let stroke): segments.line([(x(value), 0), (x(value), place.height)], stroke)
      case .diagonal(let stroke):
        let low = max(frame.x.lowerBound, frame.y.lowerBound), high = min(frame.x.upperBound, frame.y.upperBound)
        if low < high { segments.line([(x(low), y(low)), (x(high), y(high))], stroke) }
      case .note: break
      }
    }
    try draw(segments, in: place)
    try drawAxes(plot, place, x, y)
    if let scale = plot.colours, frame.hasBar { try drawBar(scale, beside: place) }
  }

  private mutating func drawAxes(_ plot: PlotPanel, _ place: FigureLayout.Place, _ x: (Double) -> Double, _ y: (Double) -> Double) throws {
    let frame = place.frame, pen = Stroke(.black, width: 0.5), length = PanelFrame.tickLength
    var segments = SegmentText(), labels = LabelText()
    segments.box(0, 0, place.width, place.height, fill: nil, outline: pen)
    let gap = length + PanelFrame.tickGap
    for tick in frame.xTicks {
      segments.line([(x(tick.value), 0), (x(tick.value), -length)], pen)
      for (line, text) in tick.text.split(separator: "\n").enumerated() {
        labels.add(String(text), x(tick.value), -gap - PanelFrame.tickHeight * Double(line), points: TextSize.tick, angle: frame.isTurned ? 90 : 0, anchor: frame.isTurned ? "RM" : "CT")
      }
    }
    for tick in frame.yTicks {
      segments.line([(0, y(tick.value)), (-length, y(tick.value))], pen)
      labels.add(tick.text, -gap, y(tick.value), points: TextSize.tick, anchor: "RM")
    }
    labels.add(frame.xLabel, place.width / 2, -frame.xLabelDistance)
    labels.addUpright(frame.yLabel, -frame.yLabelDistance - frame.yLabel.lineHeight * Double(frame.yLabel.lines.count - 1), place.height / 2)
    try draw(segments, in: place, overEdges: true)
    try draw(labels, in: place)
  }

  /// An upright colour bar to the right of a plot.
  private mutating func drawBar(_ scale: ColourScale, beside place: FigureLayout.Place) throws {
    let colours = try palette(scale), left = place.width + 0.2, right = left + 0.3
    step("psscale", ["-C\(colours)", "-Dx\(DecimalText.fixed(left, 3))c/0c+w\(DecimalText.fixed(place.height, 3))c/0.3c+jBL", "-B0"], at: place.left, place.bottom)
    var labels = LabelText(), segments = SegmentText()
    for tick in ColourBar.marks(scale, length: place.height, isUpright: true) {
      let y = (tick.value - scale.lower) / (scale.upper - scale.lower) * place.height
      segments.line([(right, y), (right + 0.07, y)], Stroke(.black, width: 0.4))
      labels.add(tick.text, right + 0.12, y, points: TextSize.tick, anchor: "LM")
    }
    labels.addUpright(place.frame.barLabel, right + 0.12 + ColourBar.tickWidth(scale, length: place.height) + 0.26, place.height / 2)
    try draw(segments, in: place, overEdges: true)
    try draw(labels, in: place)
  }

  /// Stretches of indices whose values are all there.
  private static func presentRuns(_ isPresent: [Bool]) -> [[Int]] {
    var runs: [[Int]] = [], current: [Int] = []
    for i in isPresent.indices {
      if isPresent[i] { current.append(i) }
      if !isPresent[i] || i == isPresent.count - 1 {
        if current.count > 1 { runs.append(current) }
        current = []
      }
    }
    return runs
  }
}
