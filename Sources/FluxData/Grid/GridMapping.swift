import FluxCore

/// From the coordinates of a file to a normalised grid, and back to the file's own order.
struct GridMapping: Sendable {
  let grid: Grid
  /// The file's index of each row of the grid.
  let rowOrder: [Int]
  /// The file's index of each column of the grid.
  let columnOrder: [Int]
  /// As the file has them.
  let storedLongitudes: [Double]
  var isNorthToSouth: Bool { rowOrder.count > 1 && rowOrder[0] > 0 }

  /// - Parameters:
  ///   - latitudes: in the file's order, either way.
  ///   - longitudes: in any range and order; a column that comes twice, 0° and 360°, is taken once. Nil for a
  ///     zonal mean: one column around the globe.
  ///   - latitudeBounds: `[lat, 2]` as in the file; edges lie halfway where absent or senseless.
  /// - Throws: ``FluxError`` for centres that are missing, out of range or out of order.
  init(
    latitudes: [Double], longitudes: [Double]?, latitudeBounds: [Double]? = nil, longitudeBounds: [Double]? = nil, at place: String
  ) throws {
    // float32 poles may lie a hair beyond 90.
    let cut = latitudes.map { $0.magnitude > 90 && $0.magnitude < 90.001 ? ($0 < 0 ? -90 : 90) : $0 }
    if let wrong = cut.first(where: { !($0.magnitude <= 90) }) {
      throw FluxError("the latitude \(wrong)", at: place, expected: "degrees from -90 to 90")
    }
    let rising = zip(cut, cut.dropFirst()).allSatisfy { $0 < $1 }, falling = zip(cut, cut.dropFirst()).allSatisfy { $0 > $1 }
    guard rising || falling else {
      throw FluxError("latitudes that neither rise nor fall", at: place, expected: "a rectilinear grid, each latitude once")
    }
    let rowOrder = rising ? Array(cut.indices) : Array(cut.indices.reversed())
    let rows = rowOrder.map { cut[$0] }
    let rowEdges = Self.edges(latitudeBounds, centres: cut, order: rowOrder, normalised: rows)
      .map { $0.map { Grid.Edges(max(-90, $0.lower), min(90, $0.upper)) } } ?? Grid.latitudeEdges(rows)

    var columnOrder: [Int] = [0]
    var columns: [Double] = [0]
    var columnEdges = [Grid.Edges(-180, 180)]
    if let longitudes {
      (columnOrder, columns) = try Self.columns(longitudes, at: place)
      columnEdges = Self.edges(longitudeBounds, centres: longitudes, order: columnOrder, normalised: columns)
        ?? Grid.longitudeEdges(columns)
    }
    grid = Grid(latitudes: rows, longitudes: columns, latitudeBounds: rowEdges, longitudeBounds: columnEdges)
    self.rowOrder = rowOrder
    self.columnOrder = columnOrder
    storedLongitudes = longitudes ?? []
  }

  private static func columns(_ longitudes: [Double], at place: String) throws -> (order: [Int], centres: [Double]) {
    if let wrong = longitudes.first(where: { !($0.magnitude <= 720) }) {
      throw FluxError("the longitude \(wrong)", at: place, expected: "degrees east, such as 0 to 360 or -180 to 180")
    }
    // A wrap may turn the order once; twice means that the axis is no axis.
    let normalised = longitudes.map(Grid.normalisedLongitude)
    func turns(_ isTurn: (Double, Double) -> Bool) -> Int { zip(normalised, normalised.dropFirst()).count { isTurn($0, $1) } }
    guard turns(>=) <= 1 || turns(<=) <= 1 else {
      throw FluxError("longitudes in no order", at: place, expected: "a rectilinear grid, longitudes rising or falling around the globe")
    }
    let sorted = longitudes.indices.sorted { (normalised[$0], $0) < (normalised[$1], $1) }
    var order: [Int] = []
    for i in sorted {
      if let last = order.last, normalised[i] - normalised[last] < 1e-6 { continue }
      order.append(i)
    }
    // 180° written as 179.9999999 beside −180°.
    if order.count > 1, normalised[order[0]] + 360 - normalised[order[order.count - 1]] < 1e-6 { order.removeLast() }
    return (order, order.map { normalised[$0] })
  }

  /// A file's bounds in the grid's order, moved by whole turns with their centres; nil when they do not hold them.
  private static func edges(_ bounds: [Double]?, centres: [Double], order: [Int], normalised: [Double]) -> [Grid.Edges]? {
    guard let bounds, bounds.count == 2 * centres.count else { return nil }
    var result: [Grid.Edges] = []
    for (position, i) in order.enumerated() {
      let a = bounds[2 * i] - centres[i], b = bounds[2 * i + 1] - centres[i]
      let lower = min(a, b), upper = max(a, b)
      guard lower <= 1e-6, upper >= -1e-6, upper > lower, upper - lower <= 360 else { return nil }
      result.append(Grid.Edges(normalised[position] + lower, normalised[position] + upper))
    }
    return result
  }
}
