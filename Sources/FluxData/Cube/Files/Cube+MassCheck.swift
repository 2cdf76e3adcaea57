import FluxCore

extension Cube {
  /// What regridding does to the total of a flux per area, said of the first time (and the first entry before time): the sums
  /// of value × cell area on both grids.
  ///
  /// - Parameter regridded: this cube on another grid.
  /// - Returns: a line to print; nil for what is no flux or amount per area.
  public func massCheck(_ regridded: Cube) throws -> String? {
    guard let unit, unit.isPerArea, grid != regridded.grid else { return nil }
    let total = try unit.multiplied(by: Unit("m2"))
    let isCarbon = try total.isConvertible(to: Unit("gC d-1"), of: substance)
    // A carbon flux in PgC yr⁻¹ of a common year, anything else in its own unit.
    let scale = isCarbon ? try total.conversion(to: Unit("PgC d-1"), of: substance, at: "cube:regrid").scale(daysInMonth: 30, daysInYear: 365) * 365 : 1
    let before = try Self.total(self) * scale, after = try Self.total(regridded) * scale
    let text = isCarbon ? "PgC yr-1" : total.description
    let part = before == 0 ? 0 : (after - before) / before.magnitude * 100
    let size = before.magnitude.exponentDigits
    let date = time.flatMap(\.dates.first).map { " on \($0)" } ?? ""
    return "\(name)\(date): \(size(before)) → \(size(after)) \(text) (\(part < 0 ? "" : "+")\(DecimalText.fixed(part, 3)) %)"
  }

  private static func total(_ cube: Cube) throws -> Double {
    let values = try cube.read(time: 0..<1)
    return zip(values, cube.grid.cellAreas()).reduce(0) { $1.0.isNaN ? $0 : $0 + Double($1.0) * $1.1 }
  }
}

extension Double {
  /// Prints numbers of this size with four digits behind the point, or as a plain number where they are very large or small.
  fileprivate var exponentDigits: (Double) -> String {
    self >= 1e-2 && self < 1e6 ? { DecimalText.fixed($0, 4) } : { "\(Float($0))" }
  }
}
