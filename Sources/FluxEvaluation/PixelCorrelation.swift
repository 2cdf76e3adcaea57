import FluxCore
import FluxData

/// Pearson's correlation in time, pixel by pixel (paper Fig. 7).
public enum PixelCorrelation {
  /// - Parameters:
  ///   - run: months. Shape `[month, lat, lon]`.
  ///   - reference: the same on the same grid; months that both have are compared.
  /// - Returns: `[lat, lon]`, NaN where fewer than three months are present in both or one side does not vary.
  /// - Throws: ``FluxError`` when the grids differ or no month is common.
  public static func map(_ run: Cube, reference: Cube, at place: String) throws -> [Float] {
    guard run.grid.matches(reference.grid) else {
      throw FluxError("run and reference lie on grids of \(run.grid.cellCount) and \(reference.grid.cellCount) cells", at: place, expected: "one grid",
        remedy: "Bring them to one with c:coarsen(n) or c:regrid(grid).")
    }
    let common = try PixelMetrics.commonMonths(run, reference, place), cells = run.grid.cellCount
    // Sums of departures from the first values, which keeps the differences of squares exact enough.
    var first = [(Double, Double)?](repeating: nil, count: cells)
    var sums = [(n: Double, x: Double, y: Double, xx: Double, yy: Double, xy: Double)](repeating: (0, 0, 0, 0, 0, 0), count: cells)
    for (here, there) in common {
      let a = try run.read(time: here..<(here + 1)), b = try reference.read(time: there..<(there + 1))
      for c in 0..<cells where !a[c].isNaN && !b[c].isNaN {
        let start = first[c] ?? (Double(a[c]), Double(b[c]))
        first[c] = start
        let x = Double(a[c]) - start.0, y = Double(b[c]) - start.1
        sums[c].n += 1
        sums[c].x += x
        sums[c].y += y
        sums[c].xx += x * x
        sums[c].yy += y * y
        sums[c].xy += x * y
      }
    }
    return sums.map { s in
      guard s.n >= 3 else { return .nan }
      let xx = s.xx - s.x * s.x / s.n, yy = s.yy - s.y * s.y / s.n
      return xx > 0 && yy > 0 ? Float((s.xy - s.x * s.y / s.n) / (xx * yy).squareRoot()) : .nan
    }
  }
}
