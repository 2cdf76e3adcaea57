import FluxCore
import Glibc

extension RegionSet {
  /// The land between successive latitudes, named like `90S-30S`.
  ///
  /// Land is that of the 18 regions (without Greenland and Antarctica). A cell that an edge cuts is
  /// shared out by area.
  ///
  /// - Parameter latitudes: edges in degrees north, in any order, at least two.
  public static func bands(_ latitudes: [Double], on grid: Grid) throws -> RegionSet {
    let edges = latitudes.sorted()
    guard edges.count > 1, edges.allSatisfy({ $0.magnitude <= 90 }), zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw FluxError(
        "the latitudes \(latitudes)", at: "regions.bands", expected: "at least two different latitudes from -90 to 90")
    }
    let land = try reccap2(on: grid)
    let total = land.landFraction()
    func sine(_ degrees: Double) -> Double { sin(degrees * .pi / 180) }
    var names: [String] = [], fractions: [[(cell: Int, fraction: Float)]] = []
    for (south, north) in zip(edges, edges.dropFirst()) {
      names.append("\(label(south))-\(label(north))")
      fractions.append(land.landPixels.compactMap { cell in
        let row = grid.latitudeBounds[cell / grid.columns]
        let shared = sine(min(north, row.upper)) - sine(max(south, row.lower))
        guard shared > 0 else { return nil }
        let part = min(1, shared / (sine(row.upper) - sine(row.lower)))
        return (cell, total[cell] * Float(part))
      })
    }
    return try RegionSet(codes: names, names: names, grid: grid, fractions: fractions, at: "regions.bands")
  }

  private static func label(_ latitude: Double) -> String {
    let size = latitude.magnitude
    let number = size == size.rounded() ? "\(Int(size))" : "\(size)"
    return latitude == 0 ? "0" : number + (latitude < 0 ? "S" : "N")
  }
}
