import FluxCore
import FluxData

extension FluxField {
  /// One member of a cube, or a cube without members.
  ///
  /// - Throws: ``FluxError`` when the unit is no carbon flux per area.
  init(_ cube: Cube, leading: Int = 0, name: String? = nil, at place: String) throws {
    let name = name ?? cube.name
    guard let unit = cube.unit else {
      throw FluxError(
        cube.unitText.isEmpty ? "'\(cube.name)' has no unit" : "'\(cube.name)' has the unit '\(cube.unitText)'", at: place,
        expected: "a carbon flux per area, such as PgC m-2 yr-1 or kg CO2 m-2 s-1")
    }
    let substance = cube.substance ?? Self.substance(named: [cube.name, cube.longName])
    _ = try unit.conversion(to: Unit("gC m-2 d-1"), of: substance, at: "\(place): '\(cube.name)'")
    self.init(name: name, grid: cube.grid, time: cube.time, unit: unit, substance: substance) { range in
      try cube.read(time: range, leading: leading)
    }
  }

  /// GFAS gives no standard name: `co2fire`, "Wildfire flux of Carbon Dioxide", in `kg m**-2 s**-1`.
  private static func substance(named texts: [String]) -> Substance? {
    let text = texts.joined(separator: " ").lowercased()
    return ["co2", "carbon dioxide"].contains { contains(text, $0) } ? .carbonDioxide : nil
  }

  private static func contains(_ text: String, _ part: String) -> Bool {
    let text = Array(text.utf8), part = Array(part.utf8)
    return text.count >= part.count && (0...text.count - part.count).contains { text[$0...].starts(with: part) }
  }
}
