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
