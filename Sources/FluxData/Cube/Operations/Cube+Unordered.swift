import FluxCore

extension Cube {
  /// A cube of values whose latitudes and longitudes come in any order and range.
  ///
  /// - Parameters:
  ///   - values: of shape `[lat, lon]` or `[time, lat, lon]` in the order of the given axes.
  ///   - latitudes: degrees north, rising or falling.
  ///   - longitudes: degrees east, in any range.
  /// - Throws: ``FluxError`` when the shape does not fit the axes.
  public convenience init(
    unordered values: [Float], shape: [Int], latitudes: [Double], longitudes: [Double], time: TimeAxis?, name: String, unit: String,
    longName: String?, at place: String
  ) throws {
    let expected = (time.map { [$0.count] } ?? []) + [latitudes.count, longitudes.count]
    guard shape == expected else {
      throw FluxError(
        "the tensor has shape \(shape)", at: place, expected: "\(expected), one value for each of (\(time == nil ? "" : "time, ")lat, lon)")
    }
    let mapping = try GridMapping(latitudes: latitudes, longitudes: longitudes, at: place)
    var ordered: [Float] = []
    ordered.reserveCapacity(values.count)
    for step in 0..<(time?.count ?? 1) {
      for row in mapping.rowOrder {
        let start = (step * latitudes.count + row) * longitudes.count
        for column in mapping.columnOrder { ordered.append(values[start + column]) }
      }
    }
    try self.init(name: name, values: ordered, grid: mapping.grid, time: time, unit: unit, longName: longName)
  }
}
