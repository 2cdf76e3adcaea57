import FluxCore

/// How values move from one grid to another.
public enum RegriddingMethod: String, Sendable, CaseIterable {
  /// The area-weighted mean of what overlaps: totals are kept.
  case conservative
  /// Between the four nearest centres; missing ones are left out and the others weigh more.
  case bilinear
  /// The value of the nearest centre: for classes and masks.
  case nearest
}

extension Cube {
  /// Means of blocks of `n × n` cells, weighted by area. Lazy.
  ///
  /// - Throws: ``FluxError`` when `n` does not divide the grid.
  public func coarsened(by n: Int) throws -> Cube {
    guard n >= 1, grid.rows % n == 0, grid.columns % n == 0 else {
      throw FluxError(
        "blocks of \(n) × \(n) cells on a grid of \(grid.rows) × \(grid.columns)", at: "cube:coarsen",
        expected: "a number that divides both")
    }
    let coarse = grid.coarsened(by: n)
    let base = source, areas = grid.cellAreas(), width = grid.columns
    let computed = ComputedSource(timeChunk: base.timeChunk) { block, values in
      let rows = block.rows.lowerBound * n..<block.rows.upperBound * n
      let columns = block.columns.lowerBound * n..<block.columns.upperBound * n
      let fine = try base.read(CubeBlock(leading: block.leading, time: block.time, rows: rows, columns: columns))
      var next = 0
      for time in 0..<block.time.count {
        for row in 0..<block.rows.count {
          for column in 0..<block.columns.count {
            var sum = 0.0, weight = 0.0
            for r in row * n..<(row + 1) * n {
              for c in column * n..<(column + 1) * n {
                let value = fine[(time * rows.count + r) * columns.count + c]
                guard value == value else { continue }
                let area = areas[(rows.lowerBound + r) * width + columns.lowerBound + c]
                sum += area * Double(value)
                weight += area
              }
            }
            values[next] = weight > 0 ? Float(sum / weight) : .nan
            next += 1
          }
        }
      }
    }
    return with(grid: coarse, source: computed)
  }

  /// The cube on another grid. Lazy; whole maps are read for any part.
  ///
  /// - Parameter keepsTotals: what lies in a cell that is partly missing counts for the whole cell (value × the part that is
  ///   there), so that totals of a flux are kept at coasts too; by default the value is the mean of that part. Conservative only.
  public func regridded(to target: Grid, _ method: RegriddingMethod = .conservative, keepsTotals: Bool = false) throws -> Cube {
    guard method == .conservative || !keepsTotals else {
      throw FluxError("\(method.rawValue) regridding that keeps totals", at: "cube:regrid", expected: "the method \"conservative\"")
    }
    if grid == target { return self }
    let base = source, rows = grid.rows, columns = grid.columns
    let map: @Sendable ([Float]) -> [Float]
    switch method {
    case .conservative:
      let overlap = GridOverlap(from: grid, to: target)
      map = { fine in
        let (value, part) = fine.withUnsafeBufferPointer { overlap.mean($0) }
        return keepsTotals ? zip(value, part).map(*) : value
      }
    case .nearest:
      let cells = target.latitudes.map { grid.nearestRow($0) }, across = target.longitudes.map { grid.nearestColumn($0) }
      map = { fine in cells.flatMap { row in across.map { fine[row * columns + $0] } } }
    case .bilinear:
      let weights = BilinearWeights(from: grid, to: target)
      map = { weights.apply(to: $0) }
    }
    let computed = ComputedSource(timeChunk: base.timeChunk) { block, values in
      var next = 0
      for time in block.time {
        let whole = map(try base.read(CubeBlock(leading: block.leading, time: time..<time + 1, rows: 0..<rows, columns: 0..<columns)))
        for row in block.rows {
          for column in block.columns {
            values[next] = whole[row * target.columns + column]
            next += 1
          }
        }
      }
    }
    return with(grid: target, source: computed)
  }
}

extension Grid {
  /// The grid whose cells are blocks of `n × n` cells of this one.
  func coarsened(by n: Int) -> Grid {
    func joined(_ edges: [Edges]) -> [Edges] {
      stride(from: 0, to: edges.count, by: n).map { Edges(edges[$0].lower, edges[$0 + n - 1].upper) }
    }
    let rows = joined(latitudeBounds), across = joined(longitudeBounds)
    return Grid(
      latitudes: rows.map { ($0.lower + $0.upper) / 2 }, longitudes: across.map { Self.normalisedLongitude(($0.lower + $0.upper) / 2) },
      latitudeBounds: rows, longitudeBounds: across)
  }
}

/// For each row and column of a target grid, the two neighbours in the source and the share of the second.
private struct BilinearWeights: Sendable {
  private struct Neighbours: Sendable { let first, second: Int, share: Double }
  private let rows, columns: [Neighbours]
  private let width: Int

  init(from source: Grid, to target: Grid) {
    width = source.columns
    rows = target.latitudes.map { latitude in
      let next = source.latitudes.firstIndex { $0 > latitude } ?? source.rows
      guard next > 0, next < source.rows else {
        let edge = min(max(next - 1, 0), source.rows - 1)
        return Neighbours(first: edge, second: edge, share: 0)
      }
      let a = source.latitudes[next - 1], b = source.latitudes[next]
      return Neighbours(first: next - 1, second: next, share: (latitude - a) / (b - a))
    }
    // Around the globe when the gap over the date line is an ordinary one.
    let last = source.columns - 1
    let gap = source.longitudes[0] + 360 - source.longitudes[last]
    let widest = zip(source.longitudes, source.longitudes.dropFirst()).map { $1 - $0 }.max() ?? 360
    let wraps = gap <= 1.5 * widest
    columns = target.longitudes.map { longitude in
      let next = source.longitudes.firstIndex { $0 > longitude } ?? source.columns
      if next > 0, next <= last {
        let a = source.longitudes[next - 1], b = source.longitudes[next]
        return Neighbours(first: next - 1, second: next, share: (longitude - a) / (b - a))
      }
      guard wraps else { return Neighbours(first: min(next, last), second: min(next, last), share: 0) }
      let east = next == 0 ? longitude + 360 : longitude
      return Neighbours(first: last, second: 0, share: (east - source.longitudes[last]) / gap)
    }
  }

  func apply(to map: [Float]) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(rows.count * columns.count)
    for row in rows {
      for column in columns {
        var sum = 0.0, weight = 0.0
        for (r, rowShare) in [(row.first, 1 - row.share), (row.second, row.share)] {
          for (c, columnShare) in [(column.first, 1 - column.share), (column.second, column.share)] {
            let value = map[r * width + c], w = rowShare * columnShare
            guard value == value, w > 0 else { continue }
            sum += w * Double(value)
            weight += w
          }
        }
        result.append(weight > 0 ? Float(sum / weight) : .nan)
      }
    }
    return result
  }
}
