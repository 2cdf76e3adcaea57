import FluxCore

extension RegionSet {
  /// The land fraction of each region as a cube `[region, lat, lon]`, 0…1, which ``open(_:variable:)`` reads back
  /// once it is saved.
  public func mask() throws -> Cube {
    try Cube(
      name: "land_fraction", values: (0..<count).flatMap { fraction(of: $0) }, grid: grid, unit: "1",
      longName: "part of the cell's area that is land of the region",
      leading: Cube.LeadingDimension(name: "region", labels: codes))
  }
}

extension RegionSet: CustomStringConvertible {
  /// `Regions [region 18, lat 360, lon 720]`
  public var description: String { "Regions [region \(count), lat \(grid.rows), lon \(grid.columns)]" }

  /// The description with codes and areas, as a short tree.
  public var tree: String {
    let shown = codes.prefix(20).joined(separator: " ") + (count > 20 ? " …" : "")
    return """
      \(description)
      ├── codes: \(shown)
      ├── land: \(DecimalText.thousandths(totalArea / 1e12)) million km², \(landPixels.count) cells
      └── mask: \(maskHash)
      """
  }
}
