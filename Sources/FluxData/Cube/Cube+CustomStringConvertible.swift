extension Cube: CustomStringConvertible {
  /// A line and a short tree, never the values:
  /// ```
  /// nee [time 816, lat 360, lon 720]
  /// ├── unit: gC m-2 d-1
  /// ├── time: 2001-01-01 … 2017-12-27, standard
  /// └── grid: -89.75 … 89.75 °N, -179.75 … 179.75 °E
  /// ```
  public var description: String {
    let axes = zip(dimensions, shape).map { "\($0) \($1)" }.joined(separator: ", ")
    var lines = ["unit: " + (unit?.description ?? (unitText.isEmpty ? "none" : unitText))]
    if longName != name { lines.insert("of: " + longName, at: 0) }
    if let leading { lines.append("\(leading.name): " + Self.shortened(leading.labels)) }
    if let time, let first = time.dates.first, let last = time.dates.last {
      let step = time.step == .other ? "" : ", each \(time.step.rawValue)"
      lines.append("time: \(first) … \(last)\(step), \(time.calendar.rawValue)")
    }
    if collapsed.count < 2 {
      lines.append("grid: \(Self.range(grid.latitudes)) °N, \(Self.range(grid.longitudes)) °E")
    } else {
      let rows = grid.latitudeBounds, columns = grid.longitudeBounds
      lines.append("over: \(Self.range([rows[0].lower, rows[0].upper])) °N, \(Self.range([columns[0].lower, columns[0].upper])) °E")
    }
    if let missingCount { lines.append("missing: \(missingCount) values skipped") }
    let tree = lines.enumerated().map { ($0 == lines.count - 1 ? "└── " : "├── ") + $1 }
    return (["\(name) [\(axes)]"] + tree).joined(separator: "\n")
  }

  private static func shortened(_ labels: [String]) -> String {
    labels.count <= 8 ? labels.joined(separator: ", ") : labels.prefix(6).joined(separator: ", ") + ", … (\(labels.count))"
  }

  private static func range(_ degrees: [Double]) -> String {
    guard let first = degrees.first, let last = degrees.last else { return "" }
    return degrees.count == 1 ? Self.degrees(first) : "\(Self.degrees(first)) … \(Self.degrees(last))"
  }

  /// Rounded to a ten-thousandth, without trailing zeros.
  private static func degrees(_ value: Double) -> String {
    let rounded = (value * 10_000).rounded() / 10_000
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
