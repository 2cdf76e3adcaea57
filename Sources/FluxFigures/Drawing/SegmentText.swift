import FluxCore

/// Lines and filled areas as GMT's psxy reads them: segments with their own pen and filling.
struct SegmentText {
  /// Areas and lines in turns: psxy closes every line that follows a filled segment of the same file.
  private(set) var parts: [(isArea: Bool, text: String)] = []
  var isEmpty: Bool { parts.isEmpty }

  private mutating func add(_ text: String, isArea: Bool) {
    if parts.last?.isArea == isArea { parts[parts.count - 1].text += text } else { parts.append((isArea, text)) }
  }

  static func pen(_ stroke: Stroke) -> String {
    "-W\(DecimalText.fixed(stroke.width, 2))p,\(stroke.colour.text)" + stroke.pattern.text
  }

  /// A line through points in cm, broken where one is missing.
  mutating func line(_ points: [(Double, Double)], _ stroke: Stroke) {
    var isOpen = false
    for (x, y) in points {
      guard x.isFinite, y.isFinite else {
        isOpen = false
        continue
      }
      if !isOpen { add("> \(Self.pen(stroke))\n", isArea: false) }
      isOpen = true
      add(Self.point(x, y), isArea: false)
    }
  }

  /// - Parameter transparency: of the filling, percent.
  mutating func area(_ points: [(Double, Double)], fill: Colour?, outline: Stroke? = nil, transparency: Int = 0) {
    let head = "> \(outline.map(Self.pen) ?? "-W-") \(fill.map { "-G\($0.text)" + (transparency > 0 ? "@\(transparency)" : "") } ?? "-G-")\n"
    add(head + (points + points.prefix(1)).map { Self.point($0.0, $0.1) }.joined(), isArea: true)
  }

  mutating func box(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, fill: Colour?, outline: Stroke? = nil) {
    area([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], fill: fill, outline: outline)
  }

  /// A tenth of a micrometre is finer than any printer.
  static func point(_ x: Double, _ y: Double) -> String {
    "\(DecimalText.fixed(max(-1e4, min(1e4, x)), 5)) \(DecimalText.fixed(max(-1e4, min(1e4, y)), 5))\n"
  }
}

/// Words at places as GMT's pstext reads them.
struct LabelText {
  private(set) var text = ""
  var isEmpty: Bool { text.isEmpty }

  /// - Parameters:
  ///   - anchor: which point of the words stands at x, y: L C R and B M T.
  ///   - halo: white and thick, to be drawn below the same words in black.
  ///   - room: the words become smaller rather than longer than this, cm.
  mutating func add(
    _ words: String, _ x: Double, _ y: Double, points: Double = TextSize.label, bold: Bool = false, angle: Double = 0, anchor: String,
    colour: Colour = .black, halo: Bool = false, room: Double = .infinity
  ) {
    guard !words.isEmpty else { return }
    let width = GMTText.width(words, points: points) * (bold ? 1.07 : 1), size = width > room ? max(4, points * room / width) : points
    let font = "\(DecimalText.fixed(size, 2))p,Helvetica\(bold ? "-Bold" : ""),\(halo ? "255/255/255=1.2p,255/255/255" : colour.text)"
    text += "\(DecimalText.fixed(x, 5)) \(DecimalText.fixed(y, 5)) \(DecimalText.fixed(angle, 0)) \(font) \(anchor) \(GMTText.escaped(words))\n"
  }

  /// Lines below each other, centred; y is the middle of the first.
  mutating func add(_ words: WrappedText, _ x: Double, _ y: Double, bold: Bool = false, colour: Colour = .black) {
    for (i, line) in words.lines.enumerated() { add(line, x, y - Double(i) * words.lineHeight, points: words.points, bold: bold, anchor: "CM", colour: colour) }
  }

  /// Lines that are read from below to above; x is the middle of the first, the leftmost.
  mutating func addUpright(_ words: WrappedText, _ x: Double, _ y: Double) {
    for (i, line) in words.lines.enumerated() { add(line, x + Double(i) * words.lineHeight, y, points: words.points, angle: 90, anchor: "CM") }
  }
}
