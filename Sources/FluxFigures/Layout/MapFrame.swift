import FluxData
import Glibc

/// The part of the Earth that a map shows, and its projection: Robinson for the globe, plate carrée for a part.
struct MapFrame {
  let west, east, south, north: Double
  let isGlobal: Bool
  /// Height over width.
  let aspect: Double

  init(_ map: MapPanel) {
    let grid = map.grid
    var rows = (grid.rows, -1), columns = (grid.columns, -1)
    for row in 0..<grid.rows {
      for column in 0..<grid.columns where map.values[row * grid.columns + column].isFinite {
        rows = (min(rows.0, row), max(rows.1, row))
        columns = (min(columns.0, column), max(columns.1, column))
      }
    }
    let isEmpty = rows.1 < 0
    if isEmpty { (rows, columns) = ((0, grid.rows - 1), (0, grid.columns - 1)) }
    let bounds = (
      west: grid.longitudeBounds[columns.0].lower, east: grid.longitudeBounds[columns.1].upper,
      south: grid.latitudeBounds[rows.0].lower, north: grid.latitudeBounds[rows.1].upper)
    isGlobal = (map.east ?? bounds.east) - (map.west ?? bounds.west) > 200
    if isGlobal {
      (west, east) = (-180, 180)
      // Land maps end at 60° S: Antarctica would take a fifth of the page.
      south = map.south ?? (bounds.south < -60 && !isEmpty ? -90 : -60)
      north = map.north ?? (bounds.north > 85 ? 90 : 85)
      aspect = Self.robinson(north) - Self.robinson(south)
    } else {
      let pad = 0.04 * max(bounds.east - bounds.west, bounds.north - bounds.south)
      west = map.west ?? (bounds.west - pad)
      east = map.east ?? (bounds.east + pad)
      south = max(-90, map.south ?? (bounds.south - pad))
      north = min(90, map.north ?? (bounds.north + pad))
      aspect = max(0.2, min(2, (north - south) / (max(east - west, 1e-6) * max(0.2, cos((north + south) / 2 * .pi / 180)))))
    }
  }

  /// GMT's -R and -J for a box of this width, cm.
  func arguments(width: Double) -> [String] {
    let region = "-R\(west)/\(east)/\(south)/\(north)"
    return isGlobal ? [region, "-JN0/\(width)c"] : [region, "-JX\(width)cd/\(width * aspect)cd"]
  }

  /// Where a parallel lies over the equator, as a share of the map's width (Snyder 1993).
  private static func robinson(_ latitude: Double) -> Double {
    let shares = [
      0, 0.0620, 0.1240, 0.1860, 0.2480, 0.3100, 0.3720, 0.4340, 0.4958, 0.5571, 0.6176, 0.6769, 0.7346, 0.7903, 0.8435, 0.8936, 0.9394, 0.9761, 1,
    ]
    let place = min(abs(latitude) / 5, 18), below = min(Int(place), 17)
    let share = shares[below] + (place - Double(below)) * (shares[below + 1] - shares[below])
    return (latitude < 0 ? -1 : 1) * 0.2536 * share
  }
}
