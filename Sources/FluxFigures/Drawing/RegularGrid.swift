import FluxData

/// A map's values on cells of equal size, as GMT's grids want them; others are looked up where they lie.
struct RegularGrid {
  let values: [Float]
  let rows, columns: Int
  let x, y: ClosedRange<Double>

  init(_ grid: Grid, _ values: [Float]) {
    let latitude = Self.axis(grid.latitudeBounds), longitude = Self.seam(grid.longitudeBounds) ?? Self.axis(grid.longitudeBounds)
    (rows, columns) = (latitude.places.count, longitude.places.count)
    (y, x) = (latitude.range, longitude.range)
    if latitude.isRegular && longitude.isRegular {
      self.values = values
      return
    }
    var looked = [Float](repeating: .nan, count: rows * columns)
    for (row, from) in latitude.places.enumerated() {
      for (column, at) in longitude.places.enumerated() {
        if let from, let at { looked[row * longitude.places.count + column] = values[from * grid.columns + at] }
      }
    }
    self.values = looked
  }

  /// Columns around the globe that reach over the date line, as with centres at 180°W, on cells of half their width between 180°W and 180°E: GMT
  /// shifts such grids row by row. Nil for others.
  private static func seam(_ bounds: [Grid.Edges]) -> (places: [Int?], range: ClosedRange<Double>, isRegular: Bool)? {
    let low = bounds[0].lower, high = bounds[bounds.count - 1].upper
    guard low < -180 - 1e-6 || high > 180 + 1e-6, high - low > 359 else { return nil }
    let count = 2 * bounds.count
    let places: [Int?] = (0..<count).map { i in
      let centre = -180 + (Double(i) + 0.5) * 360 / Double(count)
      return bounds.firstIndex { edges in [centre, centre - 360, centre + 360].contains { edges.lower <= $0 && $0 <= edges.upper } }
    }
    return (places, -180...180, false)
  }

  /// Which row or column each of equally wide cells lies in; nil in gaps.
  private static func axis(_ bounds: [Grid.Edges]) -> (places: [Int?], range: ClosedRange<Double>, isRegular: Bool) {
    let low = bounds[0].lower, high = max(bounds[bounds.count - 1].upper, low + 1e-6), range = low...high
    let widths = bounds.map { $0.upper - $0.lower }
    let smallest = max(widths.min() ?? 1, (high - low) / 4000), isRegular = (widths.max() ?? 1) - smallest < 1e-4 * smallest
      && abs(Double(bounds.count) * smallest - (high - low)) < 1e-3 * (high - low)
    if isRegular { return (bounds.indices.map { $0 }, range, true) }
    let count = max(1, Int(((high - low) / smallest).rounded()))
    let places: [Int?] = (0..<count).map { i in
      let centre = low + (Double(i) + 0.5) * (high - low) / Double(count)
      return bounds.firstIndex { $0.lower <= centre && centre <= $0.upper }
    }
    return (places, range, false)
  }
}
