import FluxCore
import FluxData
import Glibc

/// Which region the land flux of each cell of an inversion counts for.
///
/// An inversion's land flux is per area of the whole cell, and its coast is not ours. So a
/// cell's whole flux goes to its regions, in proportion to their land in it; the flux of a cell without
/// any region goes to the nearest region within ``reach`` cells; what is left is the remainder
/// (SCIENCE §4). Nothing is lost: shares of a cell add up to 1.
struct LandAttribution: Sendable {
  /// How far, in cells, a coastal cell may lie from a cell with a region.
  static let reach = 3

  /// For each region, its cells and the area that counts: cell area × share, m². The list after the last
  /// region is land elsewhere (regions that are not in the set), the one after that the remainder.
  let lists: [[(cell: Int, area: Double)]]

  init(_ regions: RegionSet) {
    let grid = regions.grid
    let cellAreas = grid.cellAreas()
    var total = [Double](repeating: 0, count: grid.cellCount)
    var largest = [Float](repeating: 0, count: grid.cellCount)
    var owner = [Int](repeating: -1, count: grid.cellCount)
    for region in 0...regions.count {
      let entries = regions.entries(of: region)
      for (cell, fraction) in zip(entries.cells, entries.fractions) {
        total[cell] += Double(fraction)
        if fraction > largest[cell] { (largest[cell], owner[cell]) = (fraction, region) }
      }
    }
    var lists = [[(cell: Int, area: Double)]](repeating: [], count: regions.count + 2)
    for region in 0...regions.count {
      let entries = regions.entries(of: region)
      for (cell, fraction) in zip(entries.cells, entries.fractions) {
        lists[region].append((cell, cellAreas[cell] * Double(fraction) / total[cell]))
      }
    }
    for cell in 0..<grid.cellCount where owner[cell] < 0 {
      let nearest = Self.nearest(to: cell, in: grid) { owner[$0] >= 0 }
      lists[nearest.map { owner[$0] } ?? regions.count + 1].append((cell, cellAreas[cell]))
    }
    self.lists = lists
  }

  /// The nearest cell, by great circle, of those within ``reach`` rows and columns that satisfy a condition.
  private static func nearest(to cell: Int, in grid: Grid, where isLand: (Int) -> Bool) -> Int? {
    let row = cell / grid.columns, column = cell % grid.columns
    let isGlobal = grid.longitudeBounds.reduce(0) { $0 + $1.upper - $1.lower } > 359.9
    var best: (cell: Int, distance: Double)?
    for r in max(0, row - reach)...min(grid.rows - 1, row + reach) {
      for offset in -reach...reach {
        var c = column + offset
        if isGlobal { c = (c + grid.columns) % grid.columns }
        guard c >= 0, c < grid.columns, isLand(r * grid.columns + c) else { continue }
        let distance = Self.haversine(
          grid.latitudes[row], grid.longitudes[column], grid.latitudes[r], grid.longitudes[c])
        // Distances that are equal on paper differ in the last digit.
        if distance < (best?.distance ?? .infinity) * (1 - 1e-9) { best = (r * grid.columns + c, distance) }
      }
    }
    return best?.cell
  }

  /// sin² of half the angle between two places: grows with their distance.
  private static func haversine(_ latitude1: Double, _ longitude1: Double, _ latitude2: Double, _ longitude2: Double) -> Double {
    let radian = Double.pi / 180
    let a = sin((latitude2 - latitude1) * radian / 2), b = sin((longitude2 - longitude1) * radian / 2)
    return a * a + cos(latitude1 * radian) * cos(latitude2 * radian) * b * b
  }
}
