import FluxCore
import FluxData

extension Drawing {
  /// A map: light land, the values over it, coastlines, and the colour bar below.
  mutating func draw(_ map: MapPanel, _ place: FigureLayout.Place) throws {
    guard let frame = place.frame.map else { return }
    let projection = frame.arguments(width: place.width), (left, bottom) = (place.left, place.bottom)
    // Lakes are left out of maps of the globe, whose lines must be fine where the map is small.
    let detail = frame.isGlobal || frame.east - frame.west > 60 ? ["-Dc", "-A\(place.width < 5 ? 40000 : 10000)/0/1"] : ["-Dl", "-A2000"]
    let pen = place.width < 5 ? "0.12p" : "0.25p"
    step("pscoast", projection + detail + ["-G232"], at: left, bottom)
    let colours = try palette(map.colours)
    if map.values.contains(where: \.isFinite) {
      let regular = RegularGrid(map.grid, map.values)
      let grid = try folder.writeGrid(regular.values, rows: regular.rows, columns: regular.columns, x: regular.x, y: regular.y)
      // Nearest neighbours: a cell looks like a cell. 250 dots per inch keep files small.
      step("grdimage", [grid, "-C\(colours)", "-Q", "-nn", "-E250"] + projection, at: left, bottom)
    }
    step("pscoast", projection + detail + ["-W\(pen),60/60/60"], at: left, bottom)
    step("psbasemap", projection + ["-B0"], at: left, bottom)
    let points = map.points.filter(\.value.isFinite)
    if !points.isEmpty {
      let text = points.map { "\($0.longitude) \($0.latitude) \($0.value)\n" }.joined()
      step("psxy", [try folder.write(text)] + projection + ["-Sc\(points.count < 30 ? 0.2 : place.width < 9 ? 0.1 : 0.13)c", "-C\(colours)", "-W0.25p"], at: left, bottom)
    }
    if !map.labels.isEmpty {
      for halo in [true, false] {
        var labels = LabelText()
        for label in map.labels { labels.add(label.text, label.longitude, label.latitude, points: min(5.5, max(4.8, 0.53 * place.width)), bold: true, anchor: "CM", halo: halo) }
        step("pstext", [try folder.write(labels.text)] + projection + ["-F+a+f+j", "-N"], at: left, bottom)
      }
    }
    if place.frame.hasBar { try drawBar(map.colours, colours, below: place) }
  }

  /// A lying colour bar below a map, or below all maps that share it; an end is pointed where values lie outside.
  private mutating func drawBar(_ scale: ColourScale, _ colours: String, below place: FigureLayout.Place) throws {
    let length = min(0.8 * place.barWidth, 9), middle = place.barWidth / 2, top = -ColourBar.gap, low = top - ColourBar.height
    step("psscale", ["-C\(colours)", "-Dx\(DecimalText.fixed(middle, 3))c/\(DecimalText.fixed(top, 3))c+w\(DecimalText.fixed(length, 3))c/\(ColourBar.height)c+h+jTC\(scale.ends)", "-B0"],
      at: place.left, place.bottom)
    var labels = LabelText(), segments = SegmentText()
    for tick in ColourBar.marks(scale, length: length, isUpright: false) {
      let x = middle - length / 2 + (tick.value - scale.lower) / (scale.upper - scale.lower) * length
      segments.line([(x, low), (x, low - 0.07)], Stroke(.black, width: 0.4))
      labels.add(tick.text, x, low - 0.12, points: TextSize.tick, anchor: "CT")
    }
    labels.add(place.frame.barLabel, middle, low - ColourBar.labelDistance)
    try draw(segments, in: place, overEdges: true)
    try draw(labels, in: place)
  }
}
