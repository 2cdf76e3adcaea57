import FluxCore

extension Series {
  /// Writes CF netCDF-4, all or nothing: the variable, its regions, members, times, areas and notes.
  ///
  /// - Parameter path: of the file, replaced when it exists.
  public func save(_ path: String) throws {
    var attributes = NetCDFAttributes.provenance(inputs: [])
    if !notes.isEmpty { attributes["comment"] = .text(notes.joined(separator: "\n")) }
    let writer = try NetCDFWriter(path: path, attributes: attributes)
    if let members { try writer.defineLabels(members, dimension: "member", longName: "ensemble member") }
    try writer.defineLabels(regions, dimension: "region", longName: "region code")
    try writer.defineTime(time)
    if let regionArea {
      try writer.define(
        variable: "area", type: .double, dimensions: ["region"], attributes: ["long_name": "land area", "units": "m2"])
      try writer.write(regionArea, to: "area")
    }
    let quantity = Quantity.named(name)
    try writer.define(
      variable: name, type: .double, dimensions: dimensions,
      attributes: ["long_name": .text(quantity?.longName ?? name), "units": .text(unit.description)], fill: .nan)
    try writer.write(values, to: name)
    try writer.commit()
  }

  /// Reads what ``save(_:)`` wrote.
  ///
  /// - Parameter variable: which, when the file has several.
  public static func open(_ path: String, variable: String? = nil) throws -> Series {
    let file = try NetCDFReader(path: path)
    let candidates = file.variables.filter { $0.dimensions.map(\.name).suffix(2) == ["region", "time"] }
    let names = candidates.map(\.name)
    guard let chosen = variable ?? (names.count == 1 ? names[0] : nil) else {
      throw FluxError(
        names.isEmpty ? "no variable has the dimensions [region, time]" : "several series: \(names.joined(separator: ", "))", at: path,
        expected: names.isEmpty ? "a file that series:save wrote" : "the name of one of them")
    }
    let description = try file.variable(chosen)
    let axes = description.dimensions.map(\.name)
    guard axes == ["region", "time"] || axes == ["member", "region", "time"] else {
      throw FluxError("variable '\(chosen)' has the dimensions \(axes)", at: path, expected: "[member?, region, time]")
    }
    let note = file.attributes.text("comment")
    return try Series(
      name: chosen, unit: Unit(description.attributes.text("units") ?? "1", at: path), time: timeAxis(of: file),
      regions: file.strings("region"), regionArea: file.contains("area") ? file.doubles("area") : nil,
      members: axes.count == 3 ? file.strings("member") : nil, values: file.doubles(chosen),
      notes: note.map { $0.split(separator: "\n").map(String.init) } ?? [], at: path)
  }

  private static func timeAxis(of file: NetCDFReader) throws -> TimeAxis {
    let attributes = try file.variable("time").attributes
    let calendar = try Calendar(attribute: attributes.text("calendar"), at: file.path)
    let unit = try TimeUnit(attributes.text("units") ?? "", calendar: calendar, at: file.path)
    let dates = try file.doubles("time").map { try unit.date($0, at: file.path) }
    var bounds: [TimeAxis.TimeInterval]?
    if file.contains("time_bnds") {
      let edges = try file.doubles("time_bnds").map { try unit.date($0, at: file.path) }
      if edges.count == 2 * dates.count {
        bounds = dates.indices.map { TimeAxis.TimeInterval(start: edges[2 * $0], end: edges[2 * $0 + 1]) }
      }
    }
    return try TimeAxis(calendar: calendar, dates: dates, bounds: bounds, at: file.path)
  }

  /// Writes a table: a line for each time (and member), a column for each region beside the time and
  /// the unit; missing values are empty.
  public func csv(_ path: String) throws { try TextFile.write(csvText(), to: path) }

  /// The text of ``csv(_:)``; numbers read back exactly.
  func csvText() -> String {
    var text = ((members == nil ? [] : ["member"]) + ["time", "unit"] + regions).map(Self.field).joined(separator: ",") + "\n"
    for member in 0..<memberCount {
      let label = members.map { Self.field($0[member]) + "," } ?? ""
      for index in 0..<time.count {
        let cells = regions.indices.map { region in
          let value = self[member, region, time: index]
          return value.isNaN ? "" : "\(value)"
        }
        text += label + "\(time.dates[index]),\(unit)," + cells.joined(separator: ",") + "\n"
      }
    }
    return text
  }

  private static func field(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" }) else { return text }
    return "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}
