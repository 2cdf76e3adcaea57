import FluxData
import Glibc

/// Finds the nearest land pixel that has what another one lacks.
struct LandNeighbours {
  /// Unit vectors of the pixels' centres.
  private let centres: [SIMD3<Double>]

  init(grid: Grid, pixels: [Int]) {
    centres = pixels.map { cell in
      let φ = grid.latitudes[grid.row(ofCell: cell)] * .pi / 180
      let λ = grid.longitudes[grid.column(ofCell: cell)] * .pi / 180
      return SIMD3(cos(φ) * cos(λ), cos(φ) * sin(λ), sin(φ))
    }
  }

  /// The donor for each pixel of `empty`: the nearest pixel not among them. The lower index wins a tie.
  ///
  /// - Returns: donors in the order of `empty` and the largest distance, km; nil when every pixel is empty.
  func donors(for empty: [Int]) -> (donors: [Int], farthest: Double)? {
    var isEmpty = [Bool](repeating: false, count: centres.count)
    for pixel in empty { isEmpty[pixel] = true }
    let full = centres.indices.filter { !isEmpty[$0] }
    guard let first = full.first else { return nil }
    var lowest = 1.0
    let donors = empty.map { pixel in
      var best = first, cosine = -2.0
      for candidate in full {
        let product = (centres[pixel] * centres[candidate]).sum()
        if product > cosine { (best, cosine) = (candidate, product) }
      }
      lowest = min(lowest, cosine)
      return best
    }
    return (donors, acos(max(-1, lowest)) * Grid.earthRadius / 1000)
  }
}
