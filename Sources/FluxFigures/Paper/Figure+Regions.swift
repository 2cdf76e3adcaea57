import FluxCore
import FluxData

extension Figure {
  /// The regions in colours of their own, with their codes (Fig. A1).
  public static func regions(_ regions: RegionSet) -> Figure {
    let grid = regions.grid, dominant = regions.dominantRegion()
    var scale = ColourScale(palette: "", lower: 0, upper: 1, label: "")
    scale.hasBar = false
    // Neighbours in the list are neighbours on the Earth: four tints of each distinct colour keep them apart.
    scale.steps = (0..<regions.count).map { Colour.line($0).lightened([0.25, 0.5, 0.1, 0.65][$0 / Colour.distinct.count % 4]) }
    var map = MapPanel(grid: grid, values: dominant.map { $0 < 0 ? .nan : Float($0) }, colours: scale)
    map.labels = regions.codes.indices.compactMap { region in
      let cells = dominant.indices.filter { dominant[$0] == region }
      return Self.middle(cells, grid).map { (longitude: $0.0, latitude: $0.1, text: regions.codes[region]) }
    }
    return Figure([[Panel("", .map(map))]], width: FigureLayout.wholePage)
  }

  /// The cell nearest to the centre of mass of some cells: a place that lies among them.
  private static func middle(_ cells: [Int], _ grid: Grid) -> (Double, Double)? {
    guard !cells.isEmpty else { return nil }
    var x = 0.0, y = 0.0, weight = 0.0
    for cell in cells {
      let area = grid.cellArea(row: cell / grid.columns)
      x += area * grid.longitudes[cell % grid.columns]
      y += area * grid.latitudes[cell / grid.columns]
      weight += area
    }
    let centre = (x / weight, y / weight)
    func distance(_ cell: Int) -> Double {
      let dx = grid.longitudes[cell % grid.columns] - centre.0, dy = grid.latitudes[cell / grid.columns] - centre.1
      return dx * dx + dy * dy
    }
    return cells.min { distance($0) < distance($1) }.map { (grid.longitudes[$0 % grid.columns], grid.latitudes[$0 / grid.columns]) }
  }
}
