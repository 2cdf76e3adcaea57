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

  /// The cell that lies deepest among some cells, by steps between neighbours: a place for a word, never at sea nor on an edge.
  private static func middle(_ cells: [Int], _ grid: Grid) -> (Double, Double)? {
    let rows = grid.rows, columns = grid.columns, wraps = grid.longitudeBounds[columns - 1].upper - grid.longitudeBounds[0].lower > 359
    var depth = [Int](repeating: 0, count: rows * columns)
    for cell in cells { depth[cell] = -1 }
    func neighbours(_ cell: Int) -> [Int?] {
      let row = cell / columns, column = cell % columns
      return [-1, 0, 1].flatMap { dy in
        [-1, 0, 1].map { dx -> Int? in
          let y = row + dy, x = wraps ? (column + dx + columns) % columns : column + dx
          return (0..<rows).contains(y) && (0..<columns).contains(x) ? y * columns + x : nil
        }
      }
    }
    // Rings from the edge inwards.
    var ring = cells.filter { cell in neighbours(cell).contains { $0.map { depth[$0] == 0 } ?? true } }, level = 1, deepest = ring
    for cell in ring { depth[cell] = 1 }
    while !ring.isEmpty {
      deepest = ring
      level += 1
      var next: [Int] = []
      for cell in ring { for case let other? in neighbours(cell) where depth[other] == -1 { depth[other] = level; next.append(other) } }
      ring = next
    }
    guard !deepest.isEmpty else { return nil }
    func centre(_ cells: [Int]) -> (x: Double, y: Double) {
      let n = Double(cells.count)
      return (cells.reduce(0) { $0 + grid.longitudes[$1 % columns] } / n, cells.reduce(0) { $0 + grid.latitudes[$1 / columns] } / n)
    }
    let middle = centre(deepest)
    func distance(_ cell: Int) -> Double {
      let dx = grid.longitudes[cell % columns] - middle.x, dy = grid.latitudes[cell / columns] - middle.y
      return dx * dx + dy * dy
    }
    return deepest.min { distance($0) < distance($1) }.map { (grid.longitudes[$0 % columns], grid.latitudes[$0 / columns]) }
  }
}
