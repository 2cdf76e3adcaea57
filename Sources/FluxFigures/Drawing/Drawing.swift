import FluxCore

/// The steps by which GMT draws a figure, one PostScript page.
struct Drawing {
  let folder: DrawingFolder
  let layout: FigureLayout
  private(set) var steps: [GMTStep] = []
  private var isStarted = false
  var page: String { "\(folder.path)/page.ps" }
  /// What a user's own gmt.conf must not change.
  private static let settings = [
    "--PS_CHAR_ENCODING=ISOLatin1+", "--PROJ_LENGTH_UNIT=cm", "--MAP_FRAME_TYPE=plain", "--MAP_FRAME_PEN=0.5p", "--MAP_TICK_LENGTH=0.08c",
    "--MAP_TICK_PEN=0.4p", "--MAP_ANNOT_OFFSET=0.07c", "--FONT_ANNOT_PRIMARY=7p,Helvetica,black", "--GMT_HISTORY=false", "--PS_COMMENTS=false",
    "--FORMAT_FLOAT_OUT=%.12g", "--COLOR_NAN=white", "--PS_LINE_JOIN=round",
  ]

  init(_ figure: Figure, in folder: DrawingFolder) throws {
    self.folder = folder
    layout = FigureLayout(figure.thinned(width: FigureLayout.width(of: figure)))
    for place in layout.places {
      switch place.panel.content {
      case .map(let map): try draw(map, place)
      case .plot(let plot): try draw(plot, place)
      }
      try drawHead(place)
    }
    try drawTitle()
    let last = try folder.write("")
    step("psxy", [last, "-T", "-R0/1/0/1", "-JX1c"])
    steps[steps.count - 1].arguments.removeAll { $0 == "-K" }
  }

  /// A module that draws on the page at a place, cm from the lower left corner.
  mutating func step(_ module: String, _ arguments: [String], at left: Double = 0, _ bottom: Double = 0) {
    var all = arguments + ["-Xa\(DecimalText.fixed(left, 4))c", "-Ya\(DecimalText.fixed(bottom, 4))c", "-K"]
    if isStarted {
      all += ["-O", "->>\(page)"]
    } else {
      // A margin of 2 cm, which is cropped: nothing that juts out is lost.
      all += ["-P", "--PS_MEDIA=\(DecimalText.fixed(layout.width + 4, 2))cx\(DecimalText.fixed(layout.height + 4, 2))c", "--MAP_ORIGIN_X=2c", "--MAP_ORIGIN_Y=2c", "->\(page)"]
      isStarted = true
    }
    steps.append(GMTStep(module, all + Self.settings))
  }

  /// A module that writes a file.
  mutating func tool(_ module: String, _ arguments: [String]) { steps.append(GMTStep(module, arguments)) }

  /// Lines and areas in cm of a box, cut at its edges unless `overEdges`.
  mutating func draw(_ segments: SegmentText, in place: FigureLayout.Place, overEdges: Bool = false) throws {
    // psxy cuts lines at the region whatever -N says, so the region is wider than the box.
    let m = overEdges ? 20.0 : 0, (w, h) = (place.width, place.height)
    for part in segments.parts {
      step("psxy", [try folder.write(part.text), "-R\(-m)/\(w + m)/\(-m)/\(h + m)", "-JX\(w + 2 * m)c/\(h + 2 * m)c"], at: place.left - m, place.bottom - m)
    }
  }

  mutating func draw(_ labels: LabelText, in place: FigureLayout.Place) throws {
    guard !labels.isEmpty else { return }
    step("pstext", [try folder.write(labels.text)] + Self.box(place) + ["-F+a+f+j", "-N"], at: place.left, place.bottom)
  }

  static func box(_ place: FigureLayout.Place) -> [String] {
    ["-R0/\(DecimalText.fixed(place.width, 4))/0/\(DecimalText.fixed(place.height, 4))", "-JX\(DecimalText.fixed(place.width, 4))c/\(DecimalText.fixed(place.height, 4))c"]
  }

  /// A palette cut to a scale's range; its path.
  mutating func palette(_ scale: ColourScale) throws -> String {
    if let steps = scale.steps {
      return try folder.write(steps.enumerated().map { "\(Double($0) - 0.5) \($1.text) \(Double($0) + 0.5) \($1.text)\n" }.joined(), "cpt")
    }
    let path = folder.newPath("cpt")
    let step = (scale.upper - scale.lower) / 64
    tool("makecpt", ["-C\(scale.palette)", "-T\(scale.lower)/\(scale.upper)/\(step)", "-D", "--COLOR_NAN=white", "->\(path)"] + (scale.isReversed ? ["-I"] : []))
    return path
  }

  /// The title of a panel, its notes and its legend; in a blank panel, that it is blank.
  private mutating func drawHead(_ place: FigureLayout.Place) throws {
    var labels = LabelText(), segments = SegmentText()
    let frame = place.frame, legend = frame.legend
    Self.draw(legend, &segments, &labels, left: -0.1, top: place.height + 0.06 + legend.height, room: place.width + 0.2)
    var above = place.height + 0.08 + legend.height
    if !frame.notes.lines.isEmpty {
      labels.add(frame.notes, place.width / 2, above + frame.notes.height - frame.notes.lineHeight / 2)
      above += frame.notes.height + 0.04
    }
    labels.add(frame.title, place.width / 2, above + frame.title.height - frame.title.lineHeight / 2, bold: true)
    if place.panel.isBlank { labels.add(place.panel.blankWords, place.width / 2, place.height / 2, points: min(TextSize.label, 2.6 * place.width), anchor: "CM", colour: .grey) }
    try draw(segments, in: place, overEdges: true)
    try draw(labels, in: place)
  }

  private static func draw(_ legend: Legend, _ segments: inout SegmentText, _ labels: inout LabelText, left: Double, top: Double, room: Double) {
    for (line, entries) in legend.lines.enumerated() {
      let y = top - (Double(line) + 0.5) * Legend.lineHeight
      var x = left
      for entry in entries {
        let end = x + Legend.keyWidth
        switch entry.key {
        case .stroke(let stroke): segments.line([(x, y), (end, y)], stroke)
        case .dot(let colour):
          let round = (0..<24).map { i in (x + 0.25 + 0.07 * cosine(i, 24), y + 0.07 * sine(i, 24)) }
          segments.area(round, fill: colour)
        case .box(let colour): segments.box(x + 0.1, y - 0.1, end, y + 0.1, fill: colour, outline: colour == nil ? Stroke(.black, width: 0.6) : nil)
        }
        labels.add(entry.name, end + 0.1, y, points: TextSize.tick, anchor: "LM", room: room - Legend.keyWidth - 0.1)
        x += entry.width
      }
    }
  }

  /// The figure's title and the legend of all panels.
  private mutating func drawTitle() throws {
    guard let first = layout.places.first else { return }
    var labels = LabelText(), segments = SegmentText()
    var top = layout.height - 0.1 - first.bottom
    if !layout.title.lines.isEmpty {
      labels.add(layout.title, layout.width / 2 - first.left, top - 0.05 - layout.title.lineHeight / 2, bold: true)
      top -= layout.title.height + 0.15
    }
    if let legend = layout.sharedLegend {
      let width = legend.lines.map { $0.reduce(-0.3) { $0 + $1.width } }.max() ?? 0
      Self.draw(legend, &segments, &labels, left: (layout.width - width) / 2 - first.left, top: top, room: layout.width)
    }
    try draw(segments, in: first, overEdges: true)
    try draw(labels, in: first)
  }
}
