import FluxCore

/// One dimension of a variable with its coordinate variable.
struct CubeAxis {
  enum Kind { case latitude, longitude, time, other }

  let name: String
  let length: Int
  let kind: Kind
  /// The name of the coordinate variable, when the file has one of this dimension alone.
  let coordinate: NetCDFVariable?
  private let prefix: String

  init(_ dimension: NetCDFDimension, prefix: String, in file: NetCDFReader, at place: String) throws {
    name = dimension.name
    length = dimension.length
    self.prefix = prefix
    guard length > 0 else { throw FluxError("dimension '\(name)' is empty", at: place) }
    // A coordinate may lie in the variable's group or in the file's root.
    let found = [prefix + name, name].first(where: file.contains)
    let candidate = try found.map(file.variable)
    coordinate = candidate.flatMap { $0.dimensions.map(\.length) == [dimension.length] ? $0 : nil }
    kind = coordinate.map { Kind(attributes: $0.attributes, name: $0.name) } ?? .other
    if kind != .other {
      guard length <= 10_000_000 else { throw FluxError("dimension '\(name)' has the absurd length \(length)", at: place) }
    }
  }

  /// The coordinate's values, as physical numbers.
  func values(in file: NetCDFReader, at place: String) throws -> [Double] {
    guard let coordinate else { return [] }
    guard coordinate.type.isNumeric else {
      throw FluxError("the coordinate '\(coordinate.name)' is of \(coordinate.type)", at: place, expected: "numbers")
    }
    let unit = coordinate.attributes.text("units")?.lowercased() ?? "degrees"
    guard unit.hasPrefix("degree") || unit.isEmpty || unit == "deg" || kind == .time else {
      throw FluxError(
        "the coordinate '\(coordinate.name)' is in '\(unit)'", at: place, expected: "degrees_north and degrees_east",
        remedy: "Regrid the file to latitude and longitude first, for example with `cdo remapcon,r720x360`.")
    }
    return try file.doubles(coordinate.name)
  }

  /// The values of the `bounds` variable, `[length, 2]`, or nil.
  func bounds(in file: NetCDFReader) -> [Double]? {
    guard let name = coordinate?.attributes.text("bounds"),
      let variable = [prefix + name, name].first(where: file.contains).flatMap({ try? file.variable($0) }),
      variable.type.isNumeric, variable.shape == [length, 2]
    else { return nil }
    return try? file.doubles(variable.name)
  }

  /// A place or member that the file keeps in a variable without dimensions.
  static func scalar(_ kind: Kind, in file: NetCDFReader) throws -> [Double]? {
    let found = file.variables.first {
      $0.dimensions.isEmpty && $0.type.isNumeric && Kind(attributes: $0.attributes, name: $0.name) == kind
    }
    return try found.map { try file.doubles($0.name) }
  }

  /// Whether text names the entries, as of ensemble members.
  func isNamed(in file: NetCDFReader) -> Bool { textVariable(in: file) != nil }

  private func textVariable(in file: NetCDFReader) -> NetCDFVariable? {
    func isText(_ variable: NetCDFVariable) -> Bool {
      guard variable.dimensions.first?.name == name, variable.dimensions.first?.length == length else { return false }
      return variable.type == .string && variable.dimensions.count == 1 || variable.type == .char && variable.dimensions.count == 2
    }
    return file.variables.first { $0.name == name && isText($0) } ?? file.variables.first(where: isText)
  }

  /// The names of the entries: a text variable of this dimension (`ensemble_member_name`), else its numbers,
  /// else 1, 2, ….
  func labels(in file: NetCDFReader) throws -> Cube.LeadingDimension {
    guard length <= 100_000 else { throw FluxError("dimension '\(name)' has the absurd length \(length)", at: file.path) }
    var labels = (1...length).map(String.init)
    if let text = textVariable(in: file) {
      labels = try file.strings(text.name)
    } else if let coordinate, coordinate.type.isNumeric {
      labels = try file.rawDoubles(coordinate.name).map { $0 == $0.rounded() && $0.magnitude < 1e15 ? "\(Int($0))" : "\($0)" }
    }
    return Cube.LeadingDimension(name: name, labels: labels)
  }
}

extension CubeAxis.Kind {
  init(attributes: NetCDFAttributes, name: String) {
    let unit = attributes.text("units")?.lowercased() ?? ""
    let last = String(name.split(separator: "/").last ?? "").lowercased()
    let standard = attributes.text("standard_name") ?? ""
    // A rotated pole's "grid_latitude" is in plain degrees and is no latitude.
    if standard.hasPrefix("grid_l") || standard.hasPrefix("projection") { self = .other }
    else if standard == "latitude" || ["degrees_north", "degree_north", "degree_n", "degrees_n", "degreen", "degreesn"].contains(unit) { self = .latitude }
    else if standard == "longitude" || ["degrees_east", "degree_east", "degree_e", "degrees_e", "degreee", "degreese"].contains(unit) { self = .longitude }
    else if standard == "time" || unit.contains(" since ") && !standard.hasSuffix("period") { self = .time }
    else if ["lat", "latitude", "nav_lat", "lats"].contains(last) { self = .latitude }
    else if ["lon", "longitude", "nav_lon", "lons", "long"].contains(last) { self = .longitude }
    else if last == "time" { self = .time }
    else { self = .other }
  }
}
