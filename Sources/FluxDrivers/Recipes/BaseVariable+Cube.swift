import FluxCore
import FluxData

extension BaseVariable {
  /// A base variable from a cube, converted to the unit of ``units``.
  ///
  /// Daily totals (`mm`, `J m-2`) count as per day, and 1 kg m⁻² of water as 1 mm; a pure number needs no unit.
  /// A leading dimension, when there is one, is that of plant functional types.
  ///
  /// - Throws: ``FluxError`` for an unknown name, a cube without time, a unit that is missing or of another kind.
  public init(name: String, cube: Cube) throws {
    let place = "drivers.build"
    guard let unitText = Self.units[name] else {
      let known = Self.compositeNames + Self.dailyNames + ["rpot"]
      throw FluxError(
        "unknown variable '\(name)'\(NearestName.hint(name, among: known))", at: place, expected: "one of \(known.joined(separator: ", "))")
    }
    guard let time = cube.time else {
      throw FluxError("'\(name)' has no time", at: place, expected: "a cube of \(cube.name) with a time dimension")
    }
    let (scale, offset, note) = try Self.conversion(of: cube, to: unitText, name: name)
    let types = cube.leading?.labels
    self.init(name: name, grid: cube.grid, time: time, types: types, note: note) { steps in
      var values: [Float] = []
      for type in 0..<(types?.count ?? 1) {
        let part = try cube.read(time: steps, leading: type)
        if types == nil { values = part } else { values += part }
      }
      if scale != 1 || offset != 0 {
        values.withUnsafeMutableBufferPointer { values in
          for i in values.indices { values[i] = scale * values[i] + offset }
        }
      }
      return values
    }
  }

  private static func conversion(
    of cube: Cube, to wanted: String, name: String
  ) throws -> (scale: Float, offset: Float, note: String?) {
    let place = "drivers.build", target = try Unit(wanted)
    guard let unit = cube.unit else {
      if cube.unitText.isEmpty, wanted == "1" { return (1, 0, nil) }
      let came = cube.unitText.isEmpty ? "no unit" : "the unit '\(cube.unitText)', which cannot be read"
      throw FluxError("'\(name)' has \(came)", at: place, expected: "a unit that converts to '\(wanted)'")
    }
    func line(_ from: Unit, _ to: Unit) -> (scale: Float, offset: Float)? {
      guard let found = try? from.conversion(to: to), !found.needsCalendar else { return nil }
      return (Float(found.scale), Float(found.offset))
    }
    if let line = line(unit, target) { return (line.scale, line.offset, nil) }
    if name == "precip", let line = line(unit, try Unit("kg m-2 d-1")) { return (line.scale, 0, nil) }
    let perDay = unit.multiplied(by: try Unit("d-1"))
    let note = "\(name): '\(unit)' is taken as the total of each day"
    if dailyNames.contains(name) || name == "rpot", let line = line(perDay, target) { return (line.scale, 0, note) }
    if name == "precip", let line = line(perDay, try Unit("kg m-2 d-1")) { return (line.scale, 0, note) }
    throw FluxError(
      "'\(name)' has the unit '\(unit)'", at: place, expected: "a unit that converts to '\(wanted)'",
      remedy: "Give another cube, or correct the file's `units` attribute.")
  }
}

extension PlantFunctionalTypeMosaic {
  /// The fractions of a cube `pft(type, lat, lon)` at land pixels.
  ///
  /// - Throws: ``FluxError`` when the cube has no leading dimension, several times, or another grid.
  public init(_ cube: Cube, grid: Grid, landPixels: [Int]) throws {
    guard let types = cube.leading, cube.grid.matches(grid) else {
      throw FluxError(
        "'pft' is \(cube.dimensions) \(cube.shape)", at: "drivers.build",
        expected: "fractions (type, lat, lon) on \(grid.rows) × \(grid.columns) cells")
    }
    guard cube.timeCount == 1 else {
      throw FluxError(
        "'pft' has \(cube.timeCount) times", at: "drivers.build", expected: "one map of fractions a type",
        remedy: "Use pft:mean(\"time\") or pft:sel{year=…}:mean(\"time\").")
    }
    var fractions: [Float] = []
    for type in types.labels.indices {
      let map = try cube.read(time: 0..<1, leading: type)
      fractions += landPixels.map { map[$0] }
    }
    try self.init(names: types.labels, fractions: fractions, pixelCount: landPixels.count)
  }
}

extension DriverBuilder {
  /// A builder that reads cubes, for every pixel with land of a region.
  ///
  /// - Parameters:
  ///   - cubes: by the names of ``BaseVariable/compositeNames`` and ``BaseVariable/dailyNames``, and `rpot` if wanted.
  ///   - pft: fractions of plant functional types, for cubes that are stored per type.
  ///   - grid: cubes on another one are regridded conservatively; that of the cubes when nil.
  ///   - regions: the regions whose land counts; the 18 of RECCAP2 when nil.
  public init(cubes: [String: Cube], pft: Cube? = nil, grid: Grid? = nil, regions: RegionSet? = nil) throws {
    func onGrid(_ cube: Cube) throws -> Cube {
      guard let grid, !cube.grid.matches(grid) else { return cube }
      return try cube.regridded(to: grid, .conservative)
    }
    let variables = try cubes.sorted { $0.key < $1.key }.map { try BaseVariable(name: $0.key, cube: onGrid($0.value)) }
    guard let own = variables.first?.grid else {
      throw FluxError(
        "no cube", at: "drivers.build",
        expected: "cubes of \((BaseVariable.compositeNames + BaseVariable.dailyNames).joined(separator: ", "))")
    }
    let land = try regions ?? RegionSet.reccap2(on: own)
    guard land.grid.matches(own) else {
      throw FluxError(
        "the regions have \(land.grid.rows) × \(land.grid.columns) cells", at: "drivers.build", expected: "\(own.rows) × \(own.columns)")
    }
    try self.init(
      variables: variables, landPixels: land.landPixels,
      mosaic: try pft.map { try PlantFunctionalTypeMosaic(onGrid($0), grid: own, landPixels: land.landPixels) })
  }
}
