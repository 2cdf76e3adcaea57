import FluxCore

extension RegionSet {
  /// The same regions on another grid, by the area in which cells overlap: areas are conserved
  /// wherever the other grid reaches.
  ///
  /// Within a cell of this grid, land is taken to be spread evenly.
  public func regridded(to target: Grid) throws -> RegionSet {
    if target == grid { return self }
    let overlap = GridOverlap(from: grid, to: target)
    let rows = GridOverlap.transposed(overlap.rows, count: grid.rows)
    let columns = GridOverlap.transposed(overlap.columns, count: grid.columns)
    var sums = [Double](repeating: 0, count: target.cellCount)
    let fractions = (0...count).map { region in  // the last is the land elsewhere
      var touched: [Int] = []
      let entries = entries(of: region)
      for (cell, fraction) in zip(entries.cells, entries.fractions) {
        for r in rows[cell / grid.columns] {
          for c in columns[cell % grid.columns] {
            let index = r.target * target.columns + c.target
            if sums[index] == 0 { touched.append(index) }
            sums[index] += Double(fraction) * r.measure * c.measure
          }
        }
      }
      return touched.map { index in
        defer { sums[index] = 0 }
        let whole = overlap.rowMeasure[index / target.columns] * overlap.columnMeasure[index % target.columns]
        return (cell: index, fraction: Float(min(1, sums[index] / whole)))
      }
    }
    return try RegionSet(
      codes: codes, names: names, grid: target, fractions: Array(fractions.dropLast()), elsewhere: fractions[count], at: "regions")
  }
}
