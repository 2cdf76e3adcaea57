import FluxCore
import FluxData
import FluxDrivers

/// One region's pixels that have a whole reference series, and what the sparse model of the region must follow.
struct RegionReference: Sendable {
  let code: String
  /// Cells of the grid, and their places in the driver store. Shape `[pixel]`.
  let cells, pixels: [Int]
  /// Reference NEE, gC m⁻² d⁻¹. Shape `[pixel][time]`.
  let series: [[Double]]
  /// What one gC m⁻² d⁻¹ of a pixel is in PgC d⁻¹. Shape `[pixel]`.
  let weights: [Double]
  /// Rows of the probe networks, beside the series. Shape `[pixel][row]`.
  let probed: [[Double]]
  /// Σ weights, PgC d⁻¹ per (gC m⁻² d⁻¹).
  let total: Double
  /// The region's total of the series, PgC d⁻¹, shape `[time]`, and of the probes, `[row]`.
  let target, probeTarget: [Double]

  /// - Parameters:
  ///   - field: shape `[time, lat, lon]`, NaN where missing.
  ///   - area: whether a pixel counts by its land area.
  /// - Throws: ``FluxError`` when no pixel has a whole series.
  init(
    _ regions: RegionSet, _ region: Int, _ field: [Float], _ time: TimeAxis, _ drivers: DriverStore, _ probes: ProbeNetworks, area: Bool
  ) throws {
    let code = regions.codes[region], cellCount = regions.grid.cellCount, entries = regions.entries(of: region)
    var cells: [Int] = [], pixels: [Int] = [], series: [[Double]] = [], weights: [Double] = []
    for (cell, fraction) in zip(entries.cells, entries.fractions) {
      guard let pixel = drivers.pixel(ofCell: cell) else { continue }
      let values = (0..<time.count).map { Double(field[$0 * cellCount + cell]) }
      guard values.allSatisfy(\.isFinite) else { continue }
      cells.append(cell)
      pixels.append(pixel)
      series.append(values)
      weights.append(regions.grid.cellArea(row: regions.grid.row(ofCell: cell)) * Double(fraction) * 1e-15)
    }
    guard !cells.isEmpty else {
      throw FluxError("region \(code) has no pixel with a whole reference series", at: "bridge.regional", expected: "at least one",
        remedy: "Leave the region out with r:except{'\(code)'}, or give a reference without gaps.")
    }
    total = weights.reduce(0, +)
    let shares = area ? weights : [Double](repeating: total / Double(cells.count), count: cells.count)
    // The probes' rows follow the reference's times, scaled to weigh as much as they do all together.
    let scale = Self.deviation(series) * Double(time.count).squareRoot()
    probed = pixels.map { probes.rows(of: $0, scale: scale) }
    (target, probeTarget) = (Self.sum(series, shares), Self.sum(probed, shares))
    (self.code, self.cells, self.pixels, self.series, self.weights) = (code, cells, pixels, series, weights)
  }

  /// Σ weight × series. Shape `[pixel][time]` → `[time]`.
  private static func sum(_ series: [[Double]], _ weights: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: series.first?.count ?? 0)
    for (row, weight) in zip(series, weights) { for t in row.indices { result[t] += weight * row[t] } }
    return result
  }

  /// Standard deviation over pixels and times.
  private static func deviation(_ series: [[Double]]) -> Double {
    let count = Double(series.count * (series.first?.count ?? 0))
    let mean = series.reduce(0.0) { $0 + $1.reduce(0, +) } / count
    return (series.reduce(0.0) { $0 + $1.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } } / count).squareRoot()
  }
}
