import FluxCore
import FluxData

/// Brings what a pixel exchanges to the 1° grid of inversions, so that totals stay.
///
/// The land of the 0.5° mask lies in one pixel and in one 1° cell: its area carries the flux across.
struct OneDegreeLand: Sendable {
  let grid: Grid
  /// 1° cells with land, ascending.
  let cells: [Int]
  /// Land area of these cells, m². Shape `[land cell]`.
  let landArea: [Double]
  /// Land area of each region in these cells, m². Shape `[region][land cell]`.
  let regionArea: [[Double]]
  /// Pieces of land: pixel, place in `cells`, m².
  private let pieces: [(pixel: Int, cell: Int, area: Double)]

  /// The twin's cells are made of whole half degrees, which ``TwinGeography`` sees to.
  init(geography: TwinGeography) throws {
    let half = try Grid.regular(step: 0.5)
    let grid = try Grid.regular(step: 1)
    let mask = try RegionSet.reccap2()
    let land = mask.landFraction(), step = Int(geography.resolution * 2)
    var pixelOfCell = [Int](repeating: -1, count: geography.grid.cellCount)
    for (pixel, cell) in geography.cells.enumerated() { pixelOfCell[cell] = pixel }
    func oneDegree(_ cell: Int) -> Int { (cell / 720 / 2) * 360 + (cell % 720) / 2 }
    let cells = Set(mask.landPixels.map(oneDegree)).sorted()
    var placeOfCell = [Int](repeating: -1, count: grid.cellCount)
    for (place, cell) in cells.enumerated() { placeOfCell[cell] = place }
    var areas = [Double](repeating: 0, count: cells.count), pieces: [(pixel: Int, cell: Int, area: Double)] = []
    for cell in mask.landPixels {
      let area = Double(land[cell]) * half.cellArea(row: cell / 720)
      let pixel = pixelOfCell[(cell / 720 / step) * geography.grid.columns + (cell % 720) / step]
      let place = placeOfCell[oneDegree(cell)]
      areas[place] += area
      if pixel >= 0 { pieces.append((pixel, place, area)) }
    }
    regionArea = (0..<mask.count).map { region in
      var own = [Double](repeating: 0, count: cells.count)
      let entries = mask.entries(of: region)
      for (cell, fraction) in zip(entries.cells, entries.fractions) {
        own[placeOfCell[oneDegree(cell)]] += Double(fraction) * half.cellArea(row: cell / 720)
      }
      return own
    }
    self.grid = grid
    self.cells = cells
    landArea = areas
    self.pieces = pieces
  }

  /// What land cells exchange when each pixel's land exchanges `rate` per m². Shape `[land cell]`.
  func totals(_ rate: [Double]) -> [Double] {
    var totals = [Double](repeating: 0, count: cells.count)
    for piece in pieces { totals[piece.cell] += rate[piece.pixel] * piece.area }
    return totals
  }

  /// Per area of the whole cell, zero elsewhere. Shape `[row, column]`.
  func perCellArea(_ totals: [Double]) -> [Float] {
    var map = [Float](repeating: 0, count: grid.cellCount)
    for (place, cell) in cells.enumerated() { map[cell] = Float(totals[place] / grid.cellArea(row: grid.row(ofCell: cell))) }
    return map
  }
}
