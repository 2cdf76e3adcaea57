import FluxCore
import FluxData
import Glibc

/// The twin's map: the real land mask and the 18 regions on a regular grid.
///
/// A *pixel* is a cell with some land of a region; pixels are in the order of
/// ``RegionSet/landPixels``, so they are the pixels of the driver store too.
public struct TwinGeography: Sendable {
  /// Degrees.
  public let resolution: Double
  public let grid: Grid
  public let regions: RegionSet
  /// The cell of each pixel. Shape `[pixel]`.
  public let cells: [Int]
  /// Centres of the pixels. Shape `[pixel]`.
  public let latitude: [Double]
  public let longitude: [Double]
  /// Share of the cell that is land of a region. Shape `[pixel]`.
  public let landFraction: [Double]
  /// Land area, m². Shape `[pixel]`.
  public let area: [Double]
  /// Land area of each region, m². Shape `[region][pixel]`.
  public let regionArea: [[Double]]
  /// 0 at a coast, 1 deep in a continent. Shape `[pixel]`.
  public let continentality: [Double]

  /// Radiation at the top of the atmosphere, W m⁻². Shape `[row][day of the year 366]`.
  let potentialRadiation: [[Double]]

  public var codes: [String] { regions.codes }
  public var pixelCount: Int { cells.count }

  /// - Parameters:
  ///   - resolution: degrees; a multiple of 0.5 that divides 180, from 0.5 to 10.
  ///   - radius: degrees of latitude over which continentality looks for land.
  /// - Throws: ``FluxError`` for any other resolution.
  public init(resolution: Double, radius: Double) throws {
    // Whole half degrees: the mask's own, out of which land goes to the 1° of inversions.
    let rows = 180 / resolution, halves = resolution * 2
    guard resolution >= 0.5, resolution <= 10, rows == rows.rounded(), halves == halves.rounded() else {
      throw FluxError(
        "resolution is \(resolution)", at: "twin.archive", expected: "a multiple of 0.5 that divides 180, from 0.5 to 10 degrees",
        remedy: "Use 2, 1 or 0.5.")
    }
    let grid = try Grid.regular(step: resolution)
    let regions = try RegionSet.reccap2(on: grid)
    let cells = regions.landPixels
    let land = regions.landFraction()
    self.resolution = resolution
    self.grid = grid
    self.regions = regions
    self.cells = cells
    latitude = cells.map { grid.latitudes[grid.row(ofCell: $0)] }
    longitude = cells.map { grid.longitudes[grid.column(ofCell: $0)] }
    landFraction = cells.map { Double(land[$0]) }
    area = cells.map { Double(land[$0]) * grid.cellArea(row: grid.row(ofCell: $0)) }
    var pixelOfCell = [Int](repeating: -1, count: grid.cellCount)
    for (pixel, cell) in cells.enumerated() { pixelOfCell[cell] = pixel }
    regionArea = (0..<regions.count).map { region in
      var areas = [Double](repeating: 0, count: cells.count)
      let entries = regions.entries(of: region)
      for (cell, fraction) in zip(entries.cells, entries.fractions) {
        areas[pixelOfCell[cell]] = Double(fraction) * grid.cellArea(row: grid.row(ofCell: cell))
      }
      return areas
    }
    potentialRadiation = grid.latitudes.map { latitude in
      (1...366).map { PotentialRadiation.dailyMean(latitude: latitude, dayOfYear: $0) }
    }
    continentality = cells.map { Self.continentality(of: $0, land: land, grid: grid, radius: radius, step: resolution) }
  }

  /// From the share of land in a box of `radius` degrees of latitude around a cell.
  private static func continentality(of cell: Int, land: [Float], grid: Grid, radius: Double, step: Double) -> Double {
    let row = grid.row(ofCell: cell), column = grid.column(ofCell: cell), columns = grid.columns
    let up = max(1, Int(radius / step))
    let across = min(columns / 4, max(1, Int(radius / step / max(0.2, cos(grid.latitudes[row] * .pi / 180)))))
    var inside = 0.0, all = 0.0
    for r in max(0, row - up)...min(grid.rows - 1, row + up) {
      for c in (column - across)...(column + across) {
        inside += Double(land[r * columns + (c + columns) % columns])
        all += 1
      }
    }
    return max(0, min(1, (inside / all - 0.25) / 0.7))
  }

  /// Radiation at the top of the atmosphere over a pixel, W m⁻². Shape `[day of the year 366]`.
  func potentialRadiation(over pixel: Int) -> [Double] { potentialRadiation[grid.row(ofCell: cells[pixel])] }

  /// Whether a pixel's centre lies between the tropics.
  func isTropical(_ pixel: Int, within latitude: Double) -> Bool { abs(self.latitude[pixel]) < latitude }
}
