import FluxCore
import FluxData

extension Figure {
  /// A map of a cube: a cube in time is shown as its mean over time, which the title says.
  ///
  /// - Parameters:
  ///   - range: of the colours; nil for all but the outermost values, centred on zero where both signs occur.
  ///   - palette: one of ``ColourScale/palettes``.
  ///   - label: below the colour bar; nil for the name and unit of the cube.
  /// - Throws: ``FluxError`` when the cube is no map, or has several members.
  public static func map(
    _ cube: Cube, title: String? = nil, label: String? = nil, range: ClosedRange<Double>? = nil, palette: String? = nil, at place: String = "figure.map"
  ) throws -> Figure {
    let values = try mapValues(cube, at: place)
    let scale = ColourScale(of: values, label: label ?? cube.axisLabel, range: range, palette: try ColourScale.checked(palette, at: place))
    var text = title ?? ""
    if title == nil, let time = cube.time, time.count > 1, let first = time.years.first, let last = time.years.last {
      // A climatology's own year says nothing: many files have 0 or 1.
      let years = cube.attributes.text(Cube.averagedYears)?.split(separator: "-").joined(separator: "–")
      text = years.map { "mean of the average year of \($0)" } ?? (last <= 1 ? "mean of the average year" : first == last ? "mean of \(first)" : "mean of \(first)–\(last)")
    }
    return Figure(Panel(text, .map(MapPanel(grid: cube.grid, values: values, colours: scale))))
  }

  /// The values of a map, `[row, column]`; the mean over time of a cube that has several times.
  static func mapValues(_ cube: Cube, at place: String) throws -> [Float] {
    if cube.leadingCount > 1, let leading = cube.leading {
      throw FluxError(
        "'\(cube.name)' has \(leading.labels.count) entries along '\(leading.name)'", at: place, expected: "one map",
        remedy: "Select one, c:sel{member=\"\(leading.labels[0])\"}, or average them: c:mean(\"\(leading.name)\").")
    }
    guard cube.dimensions.contains("lat"), cube.dimensions.contains("lon"), cube.grid.rows > 1, cube.grid.columns > 1 else {
      throw FluxError("'\(cube.name)' has the dimensions \(cube.dimensions.joined(separator: ", ")) \(cube.shape)", at: place, expected: "a map of latitudes and longitudes",
        remedy: "A series at a place is drawn by c:plot() or figure.lines{runs={name=c}}.")
    }
    let map = cube.timeCount > 1 ? try cube.reduced(.mean, over: ["time"]) : cube
    return try map.read(time: 0..<1)
  }
}

extension Cube {
  /// What its values are, with the unit, for an axis.
  public var axisLabel: String {
    let short = ["nee": "NEE", "gpp": "GPP", "ter": "TER"][name.lowercased()]
    return GMTText.label(short ?? (longName.count <= 48 ? longName : name), unit: unit?.description ?? unitText)
  }
}

extension ColourScale {
  /// Palettes that come with GMT and may be named: diverging first, then sequential.
  public static let palettes = [
    "vik", "roma", "broc", "cork", "berlin", "batlow", "lapaz", "lajolla", "acton", "bamako", "bilbao", "davos", "devon", "grayC", "hawaii", "imola", "nuuk", "oslo",
    "tokyo", "turku", "viridis", "magma",
  ]

  /// - Throws: ``FluxError`` that offers the nearest, for an unknown palette.
  public static func checked(_ palette: String?, at place: String) throws -> String? {
    guard let palette, !palettes.contains(palette) else { return palette }
    throw FluxError("no palette '\(palette)'\(NearestName.hint(palette, among: palettes))", at: place, expected: palettes.joined(separator: ", "))
  }
}
