import Glibc

/// How the cells of two latitude–longitude grids overlap: the basis of conservative
/// regridding and of aggregating region fractions.
///
/// The overlap of two cells is a product of an overlap of rows and one of columns, so two
/// short lists hold it all. A row's measure is the difference of the sines of its edges
/// (its area on the sphere), a column's the difference of its longitudes in degrees.
///
/// - Shape: `rows` and `columns` list, for each row and column of the target, the source rows
///   and columns that reach into it.
package struct GridOverlap: Sendable {
  /// A source row or column and the measure of what it shares with the target's.
  package struct Share: Sendable, Equatable {
    package let source: Int
    package let measure: Double
  }

  package let rows: [[Share]]
  package let columns: [[Share]]
  /// The measure of each target row, Δ sin φ.
  package let rowMeasure: [Double]
  /// The measure of each target column, Δλ in degrees.
  package let columnMeasure: [Double]
  private let sourceColumnCount: Int

  package init(from source: Grid, to target: Grid) {
    let sourceRows = source.latitudeBounds.map(Self.sines)
    let targetRows = target.latitudeBounds.map(Self.sines)
    rows = Self.overlaps(of: sourceRows, with: targetRows, turns: [0])
    columns = Self.overlaps(of: source.longitudeBounds, with: target.longitudeBounds, turns: [-360, 0, 360])
    rowMeasure = targetRows.map { $0.upper - $0.lower }
    columnMeasure = target.longitudeBounds.map { $0.upper - $0.lower }
    sourceColumnCount = source.columns
  }

  /// The area-weighted mean over each target cell of a map on the source grid.
  ///
  /// - Parameter map: a quantity per area, `[row, column]` of the source, NaN where missing.
  /// - Returns: `[row, column]` of the target. `value`: the mean over the part that has values, NaN
  ///   where the source has none. `part`: that part's share of the target cell's area, 0…1, so that
  ///   Σ area × part × value over the target equals Σ area × value over the source.
  package func mean(_ map: UnsafeBufferPointer<Float>) -> (value: [Float], part: [Float]) {
    let width = columns.count
    var value = [Float](repeating: .nan, count: rows.count * width)
    var part = [Float](repeating: 0, count: rows.count * width)
    for row in 0..<rows.count {
      for column in 0..<width {
        var sum = 0.0, weight = 0.0
        for r in rows[row] {
          for c in columns[column] {
            let v = map[r.source * sourceColumnCount + c.source]
            guard !v.isNaN else { continue }
            let w = r.measure * c.measure
            sum += Double(v) * w
            weight += w
          }
        }
        guard weight > 0 else { continue }
        value[row * width + column] = Float(sum / weight)
        part[row * width + column] = Float(min(1, weight / (rowMeasure[row] * columnMeasure[column])))
      }
    }
    return (value, part)
  }

  /// The same overlaps seen from the source: for each of `count` source rows or columns, the target ones.
  static func transposed(_ shares: [[Share]], count: Int) -> [[(target: Int, measure: Double)]] {
    var result = [[(target: Int, measure: Double)]](repeating: [], count: count)
    for (target, list) in shares.enumerated() {
      for share in list { result[share.source].append((target, share.measure)) }
    }
    return result
  }

  private static func sines(_ edges: Grid.Edges) -> Grid.Edges {
    Grid.Edges(sin(edges.lower * .pi / 180), sin(edges.upper * .pi / 180))
  }

  private static func overlaps(of source: [Grid.Edges], with target: [Grid.Edges], turns: [Double]) -> [[Share]] {
    target.map { cell in
      var shares: [Share] = []
      for turn in turns {
        let low = cell.lower + turn, high = cell.upper + turn
        var s = firstInterval(endingAfter: low, in: source)
        while s < source.count, source[s].lower < high {
          let measure = min(high, source[s].upper) - max(low, source[s].lower)
          // A sliver below a billionth of the cell is rounding of the edges, not overlap.
          if measure > 1e-9 * (high - low) { shares.append(Share(source: s, measure: measure)) }
          s += 1
        }
      }
      return shares
    }
  }

  private static func firstInterval(endingAfter value: Double, in cells: [Grid.Edges]) -> Int {
    var low = 0, high = cells.count
    while low < high {
      let middle = (low + high) / 2
      if cells[middle].upper > value { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
