import FluxCore
import FluxData

extension Drawing {
  /// A map: light land, the values over it, coastlines, and the colour bar below.
  mutating func draw(_ map: MapPanel, _ place: FigureLayout.Place) throws {
    guard let frame = place.frame.map else { return }
    let projection = frame.arguments(width: place.width), (left, bottom) = (place.left, place.bottom)
    let detail = frame.isGlobal || frame.east - frame.west > 60 ? ["-Dc", "-A10000"] : ["-Dl", "-A2000"]
    step("pscoast", projection + detail + ["-G232"], at: left, bottom)
    let colours = try palette(map.colours)
    if map.values.contains(where: \.isFinite) {
      let regular = RegularGrid(map.grid, map.values)
      let grid = try folder.writeGrid(regular.values, rows: regular.rows, columns: regular.columns, x: regular.x, y: regular.y)
      // Nearest neighbours: a cell looks like a cell. 250 dots per inch keep files small.
      step("grdimage", [grid, "-C\(colours)", "-Q", "-nn", "-E250"] + projection, at: left, bottom)
    }
    step("pscoast", projection + detail + ["-W0.25p,60/60/60"], at: left, bottom)
    step("psbasemap", projection + ["-B0"], at: left, bottom)
    if !map.points.isEmpty {
      let text = map.points.map { "\($0.longitude) \($0.latitude) \($0.value)\n" }.joined()
      step("psxy", [try folder.write(text)] + projection + ["-Sc0.13c", "-C\(colours)", "-W0.25p"], at: left, bottom)
    }
    if !map.labels.isEmpty {
      for halo in [true, false] {
        var labels = LabelText()
        for label in map.labels { labels.add(label.text, label.longitude, label.latitude, points: 5.5, bold: true, anchor: "CM", halo: halo) }
        step("pstext", [try folder.write(labels.text)] + projection + ["-F+a+f+j", "-N"], at: left, bottom)
      }
    }
    guard map.colours.hasBar else { return }
    let length = min(0.8 * place.width, 9)
    step("psscale", ["-C\(colours)", "-Dx\(Table.fixed(place.width / 2, 3))c/-0.28c+w\(Table.fixed(length, 3))c/0.2c+h+jTC+e",
      "-Bxa\(ColourBar.step(map.colours, length: length))"], at: left, bottom)
    var labels = LabelText()
    labels.add(map.colours.label, place.width / 2, -1.08, anchor: "CM", room: place.width + 0.2)
    try draw(labels, in: place)
  }
}

/// A map's values on cells of equal size, as GMT's grids want them; others are looked up where they lie.
private struct RegularGrid {
  let values: [Float]
  let rows, columns: Int
  let x, y: ClosedRange<Double>

  init(_ grid: Grid, _ values: [Float]) {
    let latitude = Self.axis(grid.latitudeBounds), longitude = Self.axis(grid.longitudeBounds)
    (rows, columns) = (latitude.places.count, longitude.places.count)
    (y, x) = (latitude.range, longitude.range)
    if latitude.isRegular && longitude.isRegular {
      self.values = values
      return
    }
    var looked = [Float](repeating: .nan, count: rows * columns)
    for (row, from) in latitude.places.enumerated() {
      for (column, at) in longitude.places.enumerated() {
        if let from, let at { looked[row * longitude.places.count + column] = values[from * grid.columns + at] }
      }
    }
    self.values = looked
  }

  /// Which row or column each of equally wide cells lies in; nil in gaps.
  private static func axis(_ bounds: [Grid.Edges]) -> (places: [Int?], range: ClosedRange<Double>, isRegular: Bool) {
    let low = bounds[0].lower, high = max(bounds[bounds.count - 1].upper, low + 1e-6), range = low...high
    let widths = bounds.map { $0.upper - $0.lower }
    let smallest = max(widths.min() ?? 1, (high - low) / 4000), isRegular = (widths.max() ?? 1) - smallest < 1e-4 * smallest
      && abs(Double(bounds.count) * smallest - (high - low)) < 1e-3 * (high - low)
    if isRegular { return (bounds.indices.map { $0 }, range, true) }
    let count = max(1, Int(((high - low) / smallest).rounded()))
    let places: [Int?] = (0..<count).map { i in
      let centre = low + (Double(i) + 0.5) * (high - low) / Double(count)
      return bounds.firstIndex { $0.lower <= centre && centre <= $0.upper }
    }
    return (places, range, false)
  }
}
