import FluxCore

extension Cube {
  /// Opens a variable of a file, of an NCZarr store, or of many files joined along time.
  ///
  /// - Parameters:
  ///   - path: a path, or a pattern such as `tair_*.nc`.
  ///   - variable: may be left out where a file has a single gridded variable.
  /// - Throws: ``FluxError`` when the file cannot be opened or the variable is no cube, saying why.
  public static func open(_ path: String, variable: String? = nil) throws -> Cube {
    try open(paths: FilePattern.paths(matching: path), variable: variable)
  }

  /// Opens files that continue each other in time, in any order.
  public static func open(paths: [String], variable: String? = nil) throws -> Cube {
    guard let first = paths.first else { throw FluxError("an empty list of files", at: "cube.open", expected: "at least one file") }
    if paths.count == 1 { return try open(NetCDFReader(path: first), variable: variable) }
    guard paths.count <= 900 else {
      throw FluxError(
        "\(paths.count) files", at: "cube.open", expected: "at most 900 open at once",
        remedy: "Join them by year first, for example with `ncrcat` or `cdo mergetime`.")
    }
    var name = variable
    var parts: [(path: String, cube: Cube)] = []
    for path in paths {
      let cube = try open(NetCDFReader(path: path), variable: name)
      name = name ?? cube.name
      parts.append((path, cube))
    }
    return try joined(parts)
  }

  /// The variables of a file: what ``open(_:variable:)`` can be asked for, and the rest.
  public static func list(_ path: String) throws -> [NetCDFVariable] { try NetCDFReader(path: path).variables }

  /// Opens a variable of a file that is already open.
  public static func open(_ file: NetCDFReader, variable: String? = nil) throws -> Cube {
    let description = try variable.map(file.variable) ?? onlyGriddedVariable(of: file)
    let layout = try CubeLayout(description, in: file)
    let attributes = description.attributes
    var kept = NetCDFAttributes()
    for (name, value) in attributes where !hidden.contains(name) { kept[name] = value }
    // Some writers say "unit".
    let unit = attributes.text("units") ?? attributes.text("unit") ?? ""
    var collapsed: Set<String> = []
    if layout.longitudeAxis == nil { collapsed.insert("lon") }
    if layout.latitudeAxis == nil { collapsed.insert("lat") }
    let name = description.name.split(separator: "/").last.map(String.init) ?? description.name
    return Cube(
      name: name, longName: attributes.text("long_name"), unitText: unit, grid: layout.mapping.grid, time: layout.time,
      leading: layout.leading, attributes: kept, collapsed: collapsed,
      origin: Origin(
        paths: [file.path], isNorthToSouth: layout.mapping.isNorthToSouth, firstLongitude: layout.mapping.storedLongitudes.first ?? 0,
        lastLongitude: layout.mapping.storedLongitudes.last ?? 0, type: description.type),
      inputs: [file.path], source: NetCDFCubeSource(file: file, layout: layout))
  }

  /// Attributes that the cube itself stands for.
  private static let hidden: Set<String> = [
    "units", "unit", "long_name", "scale_factor", "add_offset", "_FillValue", "missing_value", "valid_min", "valid_max", "valid_range",
    "_Unsigned", "_ChunkSizes", "actual_range", "coordinates", "bounds", "grid_mapping",
  ]

  private static func onlyGriddedVariable(of file: NetCDFReader) throws -> NetCDFVariable {
    let gridded = CubeLayout.gridded(in: file)
    // Those with most dimensions are meant: a land mask beside a flux is not.
    let most = gridded.map(\.dimensions.count).max() ?? 0
    let candidates = gridded.filter { $0.dimensions.count == most }
    if candidates.count == 1 { return candidates[0] }
    guard candidates.isEmpty else {
      let names = candidates.prefix(12).map(\.name).joined(separator: ", ") + (candidates.count > 12 ? ", …" : "")
      throw FluxError(
        "\(candidates.count) gridded variables and none named", at: file.path, expected: "the name of one of \(names)",
        remedy: "For example cube.open(path, \"\(candidates[0].name)\").")
    }
    // Nothing gridded: say what the likeliest variable lacks.
    let numbers = file.variables.filter { $0.type.isNumeric }
    if let likeliest = numbers.max(by: { $0.dimensions.count < $1.dimensions.count }) {
      _ = try CubeLayout(likeliest, in: file)
      return likeliest
    }
    let kinds = Set(file.variables.map { "\($0.type)" }).sorted().joined(separator: ", ")
    throw FluxError(
      file.variables.isEmpty ? "a file without variables" : "no variable of numbers, only of \(kinds)", at: file.path,
      expected: "a variable on latitude and longitude")
  }

  private static func joined(_ parts: [(path: String, cube: Cube)]) throws -> Cube {
    let first = parts[0]
    for (path, cube) in parts {
      func refuse(_ what: String, _ expected: String) -> FluxError {
        FluxError("\(what) than \(first.path)", at: path, expected: expected, remedy: "Open files of one data set.")
      }
      guard let time = cube.time else { throw FluxError("no time axis", at: path, expected: "files that continue each other in time") }
      if !cube.grid.matches(first.cube.grid) { throw refuse("another grid", "equal grids") }
      if cube.unitText != first.cube.unitText { throw refuse("another unit ('\(cube.unitText)')", "'\(first.cube.unitText)'") }
      if cube.leading != first.cube.leading { throw refuse("another leading dimension", "equal dimensions") }
      if time.calendar != first.cube.time?.calendar { throw refuse("another calendar (\(time.calendar.rawValue))", "one calendar") }
    }
    func firstDate(_ part: (path: String, cube: Cube)) -> CalendarDate {
      part.cube.time?.dates.first ?? CalendarDate(year: 0, month: 1, day: 1)
    }
    let sorted = parts.sorted { firstDate($0) < firstDate($1) }
    var dates: [CalendarDate] = []
    var bounds: [TimeAxis.TimeInterval]? = []
    for (_, cube) in sorted {
      dates += cube.time?.dates ?? []
      bounds = cube.time?.bounds.flatMap { own in bounds.map { $0 + own } }
    }
    let time = try TimeAxis(
      calendar: first.cube.time?.calendar ?? .standard, dates: dates, bounds: bounds, at: "joining \(parts.count) files along time")
    return first.cube.with(time: time, inputs: parts.map(\.path).sorted(), source: JoinedSource(sorted.map { ($0.cube.source, $0.cube.timeCount) }))
  }
}
