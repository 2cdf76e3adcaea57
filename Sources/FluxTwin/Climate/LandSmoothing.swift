import FluxData
import Glibc

/// Smears totals over neighbouring land by a Gaussian, along rows and then along columns.
///
/// Each cell gives all it has to the land within three σ, by land area: nothing is lost and the sea gets nothing.
struct LandSmoothing: Sendable {
  /// Gifts along rows and along columns: start of each giver, receivers, shares.
  private let passes: [(start: [Int], receiver: [Int32], share: [Float])]

  /// - Parameter sigma: km.
  init(land: OneDegreeLand, sigma: Double) {
    let columns = land.grid.columns, rows = land.grid.rows
    var place = [Int](repeating: -1, count: land.grid.cellCount)
    for (k, cell) in land.cells.enumerated() { place[cell] = k }
    let kilometres = Grid.earthRadius * 1e-3 * Double.pi / 180  // per degree
    passes = [true, false].map { alongRow in
      var start = [0], receiver: [Int32] = [], share: [Float] = []
      for cell in land.cells {
        let row = cell / columns, column = cell % columns
        let step = alongRow ? kilometres * max(0.05, cos(land.grid.latitudes[row] * .pi / 180)) : kilometres
        let reach = min(columns / 4, Int(3 * sigma / step))
        let first = receiver.count
        var sum = 0.0
        for offset in -reach...reach {
          let other: Int
          if alongRow {
            other = row * columns + (column + offset + columns) % columns
          } else {
            guard row + offset >= 0, row + offset < rows else { continue }
            other = (row + offset) * columns + column
          }
          guard place[other] >= 0 else { continue }
          let distance = Double(offset) * step / sigma
          let weight = exp(-0.5 * distance * distance) * land.landArea[place[other]]
          sum += weight
          receiver.append(Int32(place[other]))
          share.append(Float(weight))
        }
        for k in first..<receiver.count { share[k] /= Float(sum) }
        start.append(receiver.count)
      }
      return (start, receiver, share)
    }
  }

  /// Shape `[land cell]`, as the argument.
  func apply(_ totals: [Double]) -> [Double] {
    var now = totals
    for pass in passes {
      var next = [Double](repeating: 0, count: now.count)
      for giver in now.indices where now[giver] != 0 {
        for k in pass.start[giver]..<pass.start[giver + 1] { next[Int(pass.receiver[k])] += now[giver] * Double(pass.share[k]) }
      }
      now = next
    }
    return now
  }
}
