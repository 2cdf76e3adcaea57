import FluxCore

extension Cube {
  /// Reduces axes to one statistic; reads the cube once, a block at a time.
  ///
  /// - Parameters:
  ///   - names: "time", "lat", "lon" or the leading dimension's name; all axes when empty.
  ///   - weighted: whether means over latitude or longitude weigh cells by their area.
  /// - Returns: a cube in memory without these axes, with the number of missing values that were skipped.
  public func reduced(_ statistic: Statistic, over names: [String] = [], weighted: Bool = true) throws -> Cube {
    let axes = names.isEmpty ? dimensions : names
    for name in axes where !dimensions.contains(name) {
      throw FluxError(
        "no dimension '\(name)'" + NearestName.hint(name, among: dimensions), at: "cube:\(statistic.rawValue)",
        expected: dimensions.isEmpty ? "a cube with dimensions" : "one of \(dimensions.joined(separator: ", "))")
    }
    let shape = ReducedShape(self, removing: Set(axes))
    try AvailableMemory.require(shape.places, ofSize: 32, for: "the \(statistic.rawValue) of '\(name)'", at: "cube:\(statistic.rawValue)")
    let values: [Float]
    let missing: Int
    if statistic == .median {
      (values, missing) = try medians(shape)
    } else {
      var accumulator = StatisticAccumulator(statistic, places: shape.places)
      let areas = weighted && statistic != .sum && !(shape.keepsRows && shape.keepsColumns) ? grid.cellAreas() : nil
      try forEachBlock { block, values in
        guard let start = values.baseAddress else { return }
        for time in 0..<block.time.count {
          for row in 0..<grid.rows {
            let place = shape.place(leading: block.leading, time: block.time.lowerBound + time, row: row)
            areas.withPointer { areas in
              accumulator.add(
                start + (time * grid.rows + row) * grid.columns, count: grid.columns, weights: areas.map { $0 + row * grid.columns },
                from: place, step: shape.columnStep)
            }
          }
        }
      }
      (values, missing) = (accumulator.results(), accumulator.missing)
    }
    return with(
      grid: shape.grid, time: .some(shape.keepsTime ? time : nil), leading: .some(shape.keepsLeading ? leading : nil),
      collapsed: collapsed.union(axes).intersection(["lat", "lon"]), missingCount: missing,
      source: MemorySource(values: values, timeCount: shape.times, rows: shape.grid.rows, columns: shape.grid.columns))
  }

  /// The value of a cube without dimensions.
  public func value() throws -> Float {
    guard dimensions.isEmpty else {
      throw FluxError("a cube \(dimensions) \(shape)", at: "cube", expected: "a cube reduced to one value")
    }
    return try values()[0]
  }

  private func medians(_ shape: ReducedShape) throws -> ([Float], Int) {
    var result = [Float](repeating: .nan, count: shape.places)
    var missing = 0
    if !shape.keepsTime, shape.keepsLeading, shape.keepsRows, shape.keepsColumns {
      // Bands of rows with all their times: the whole cube need not fit.
      let band = max(1, (32 << 20) / max(1, timeCount * grid.columns))
      for leading in 0..<leadingCount {
        for start in stride(from: 0, to: grid.rows, by: band) {
          let rows = start..<min(start + band, grid.rows)
          let values = try read(CubeBlock(leading: leading, time: 0..<timeCount, rows: rows, columns: 0..<grid.columns))
          let map = rows.count * grid.columns
          for cell in 0..<map {
            var valid: [Float] = []
            for time in 0..<timeCount where !values[time * map + cell].isNaN { valid.append(values[time * map + cell]) }
            missing += timeCount - valid.count
            result[leading * grid.cellCount + start * grid.columns + cell] = StatisticAccumulator.median(&valid)
          }
        }
      }
      return (result, missing)
    }
    // Otherwise the values of each place are gathered: at most the whole cube.
    try AvailableMemory.require(leadingCount * timeCount, ofSize: grid.cellCount * 4, for: "the median of '\(name)'", at: "cube:median")
    var gathered = [[Float]](repeating: [], count: shape.places)
    try forEachBlock { block, values in
      for (i, value) in values.enumerated() {
        guard value == value else {
          missing += 1
          continue
        }
        let row = i / grid.columns % grid.rows
        let place = shape.place(leading: block.leading, time: block.time.lowerBound + i / grid.cellCount, row: row)
        gathered[place + shape.columnStep * (i % grid.columns)].append(value)
      }
    }
    for place in 0..<shape.places { result[place] = StatisticAccumulator.median(&gathered[place]) }
    return (result, missing)
  }
}

/// Where the values of a cube go when some axes are reduced.
private struct ReducedShape {
  let keepsLeading, keepsTime, keepsRows, keepsColumns: Bool
  let grid: Grid
  let times, places: Int
  /// How far apart the places of neighbouring columns are: 1, or 0 when columns are reduced.
  let columnStep: Int

  init(_ cube: Cube, removing axes: Set<String>) {
    keepsLeading = !(cube.leading.map { axes.contains($0.name) } ?? false)
    keepsTime = !axes.contains("time")
    keepsRows = !axes.contains("lat")
    keepsColumns = !axes.contains("lon")
    grid = cube.grid.spanning(rows: !keepsRows, columns: !keepsColumns)
    times = keepsTime ? cube.timeCount : 1
    places = (keepsLeading ? cube.leadingCount : 1) * times * grid.cellCount
    columnStep = keepsColumns ? 1 : 0
  }

  /// The place of a row's first column.
  func place(leading: Int, time: Int, row: Int) -> Int {
    (((keepsLeading ? leading : 0) * times + (keepsTime ? time : 0)) * grid.rows + (keepsRows ? row : 0)) * grid.columns
  }
}

extension Grid {
  /// The grid with all rows or columns made into one.
  func spanning(rows spansRows: Bool, columns spansColumns: Bool) -> Grid {
    func whole(_ edges: [Edges]) -> Edges { Edges(edges.map(\.lower).min() ?? 0, edges.map(\.upper).max() ?? 0) }
    func middle(_ edges: Edges) -> Double { (edges.lower + edges.upper) / 2 }
    let row = whole(latitudeBounds), column = whole(longitudeBounds)
    return Grid(
      latitudes: spansRows ? [middle(row)] : latitudes, longitudes: spansColumns ? [Self.normalisedLongitude(middle(column))] : longitudes,
      latitudeBounds: spansRows ? [row] : latitudeBounds, longitudeBounds: spansColumns ? [column] : longitudeBounds)
  }
}

extension Optional where Wrapped == [Double] {
  /// Lends the array's memory, or nil.
  fileprivate func withPointer(_ body: (UnsafePointer<Double>?) -> Void) {
    guard let self else { return body(nil) }
    self.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
