import FluxCore

extension Cube {
  /// The box around a RECCAP2 region; cells that hold none of its land are missing.
  ///
  /// Cells at the border count whole here: totals are integrals, which weigh cells by their land fraction.
  func masked(to code: String) throws -> Cube {
    let regions = try RegionSet.reccap2(on: grid)
    let cells = try regions.entries(of: code).cells
    guard !cells.isEmpty else {
      throw FluxError("'\(name)' has no cell in region \(code)", at: "cube:sel", expected: "a grid that reaches into the region")
    }
    let rows = Set(cells.map(grid.row(ofCell:))), columns = Self.shortestArc(Set(cells.map(grid.column(ofCell:))), of: grid)
    let firstRow = rows.min() ?? 0, lastRow = rows.max() ?? 0
    let width = grid.columns, base = source
    let inside = Set(cells)
    let box = Grid(
      latitudes: Array(grid.latitudes[firstRow...lastRow]), longitudes: columns.map { grid.longitudes[$0] },
      latitudeBounds: Array(grid.latitudeBounds[firstRow...lastRow]), longitudeBounds: columns.map { grid.longitudeBounds[$0] })
    let isInside = (firstRow...lastRow).flatMap { row in columns.map { inside.contains(row * width + $0) } }
    let selected = SelectionSource(
      base: base, leading: Array(0..<leadingCount), times: Array(0..<timeCount), firstRow: firstRow, columns: columns)
    let computed = ComputedSource(timeChunk: base.timeChunk) { block, values in
      try selected.read(block, into: values)
      var next = 0
      for _ in block.time {
        for row in block.rows {
          for column in block.columns {
            if !isInside[row * columns.count + column] { values[next] = .nan }
            next += 1
          }
        }
      }
    }
    return with(grid: box, source: computed)
  }

  /// All columns but those of the widest gap: the shortest stretch around the globe that holds the wanted ones.
  private static func shortestArc(_ wanted: Set<Int>, of grid: Grid) -> [Int] {
    let sorted = wanted.sorted()
    guard let first = sorted.first, let last = sorted.last else { return [] }
    var gap = first..<first
    for (a, b) in zip(sorted, sorted.dropFirst()) where b - a - 1 > gap.count { gap = a + 1..<b }
    // The gap over the date line counts too.
    if first + grid.columns - 1 - last >= gap.count { return Array(first...last) }
    return (0..<grid.columns).filter { !gap.contains($0) }
  }
}
