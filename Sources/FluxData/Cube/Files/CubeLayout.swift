import FluxCore

/// Which axis of a variable is which: found from the CF attributes of its coordinates, then from their names.
struct CubeLayout: Sendable {
  let variable: NetCDFVariable
  let mapping: GridMapping
  let time: TimeAxis?
  let leading: Cube.LeadingDimension?
  /// The positions of the axes among the variable's dimensions, nil where the variable has none.
  let latitudeAxis, longitudeAxis, timeAxis, leadingAxis: Int?

  /// - Throws: ``FluxError`` for a variable that is no cube, saying what it lacks.
  init(_ variable: NetCDFVariable, in file: NetCDFReader) throws {
    let place = "\(file.path), variable '\(variable.name)'"
    guard variable.type.isNumeric else {
      throw FluxError("it is of \(variable.type)", at: place, expected: "a variable of numbers")
    }
    let prefix = variable.name.lastIndex(of: "/").map { String(variable.name[...$0]) } ?? ""
    let axes = try variable.dimensions.map { dimension in
      try CubeAxis(dimension, prefix: prefix, in: file, at: place)
    }
    func position(_ kind: CubeAxis.Kind) -> Int? { axes.firstIndex { $0.kind == kind } }
    let latitude = position(.latitude), longitude = position(.longitude)

    // A site file keeps its place in scalar coordinates.
    let scalarLatitude = try latitude == nil ? CubeAxis.scalar(.latitude, in: file) : nil
    let scalarLongitude = try longitude == nil ? CubeAxis.scalar(.longitude, in: file) : nil
    guard let latitudes = try latitude.map({ try axes[$0].values(in: file, at: place) }) ?? scalarLatitude else {
      let shape = variable.dimensions.map { "\($0.name) \($0.length)" }.joined(separator: ", ")
      throw FluxError(
        "its dimensions (\(shape)) have no latitude" + (longitude == nil ? " and no longitude" : ""), at: place,
        expected: "a variable on a latitude–longitude grid",
        remedy: Self.gridRemedy(variable, file))
    }
    let longitudes = try longitude.map { try axes[$0].values(in: file, at: place) } ?? scalarLongitude
    mapping = try GridMapping(
      latitudes: latitudes, longitudes: longitudes, latitudeBounds: latitude.flatMap { axes[$0].bounds(in: file) },
      longitudeBounds: longitude.flatMap { axes[$0].bounds(in: file) }, at: place)

    let timePosition = position(.time)
    if let timePosition {
      time = try CubeTime.axis(axes[timePosition], in: file, at: place)
    } else {
      time = try CubeTime.scalar(of: variable, in: file, at: place)
    }
    let others = axes.indices.filter { ![latitude, longitude, timePosition].contains($0) && axes[$0].length != 1 }
    guard others.count <= 1 else {
      throw FluxError(
        "it has \(others.count) further dimensions: " + others.map { "\(axes[$0].name) \(axes[$0].length)" }.joined(separator: ", "),
        at: place, expected: "at most one beside time, latitude and longitude")
    }
    // A single member keeps its name; other dimensions of length 1 (a height) say nothing.
    let single = axes.indices.first { ![latitude, longitude, timePosition].contains($0) && axes[$0].isNamed(in: file) }
    leadingAxis = others.first ?? single
    leading = try leadingAxis.map { try axes[$0].labels(in: file) }
    (latitudeAxis, longitudeAxis, timeAxis) = (latitude, longitude, timePosition)
    self.variable = variable
  }

  private static func gridRemedy(_ variable: NetCDFVariable, _ file: NetCDFReader) -> String {
    if let bare = variable.dimensions.first(where: { CubeAxis.Kind(attributes: [:], name: $0.name) == .latitude && !file.contains($0.name) }) {
      return "The dimension '\(bare.name)' has no coordinate variable: add one with the degrees."
    }
    let names = Set(variable.dimensions.map(\.name))
    let isCurvilinear = file.variables.contains { other in
      other.dimensions.count == 2 && Set(other.dimensions.map(\.name)).isSubset(of: names)
        && CubeAxis.Kind(attributes: other.attributes, name: other.name) == .latitude
    }
    if isCurvilinear { return "Its grid is curvilinear or rotated: regrid it first, for example with `cdo remapcon,r720x360`." }
    let grids = gridded(in: file).map(\.name)
    let listed = grids.prefix(8).joined(separator: ", ") + (grids.count > 8 ? ", …" : "")
    return grids.isEmpty ? "The file holds no gridded variable." : "Gridded in this file: " + listed
  }

  /// The variables that lie on a latitude, whether or not the rest of their axes can be read; neither
  /// coordinates nor bounds.
  static func gridded(in file: NetCDFReader) -> [NetCDFVariable] {
    let bounds = Set(file.variables.flatMap { [$0.attributes.text("bounds"), $0.attributes.text("climatology")] })
    let latitudes = Set(file.variables.filter { $0.dimensions.count == 1 }
      .filter { CubeAxis.Kind(attributes: $0.attributes, name: $0.name) == .latitude && $0.name == $0.dimensions[0].name }.map(\.name))
    let hasPlace = (try? CubeAxis.scalar(.latitude, in: file)) != nil
    return file.variables.filter { variable in
      guard variable.type.isNumeric, !variable.dimensions.isEmpty, !bounds.contains(variable.name),
        CubeAxis.Kind(attributes: variable.attributes, name: variable.name) == .other
      else { return false }
      return hasPlace || variable.dimensions.contains { latitudes.contains($0.name) }
    }
  }
}
