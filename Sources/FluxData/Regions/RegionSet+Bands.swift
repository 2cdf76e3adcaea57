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
    let edges = try bandEdges(latitudes, at: "regions.bands")
    let land = try reccap2(on: grid)
    let total = land.landFraction()
    func sine(_ degrees: Double) -> Double { sin(degrees * .pi / 180) }
    let names = bandNames(edges)
    var fractions: [[(cell: Int, fraction: Float)]] = []
    for (south, north) in zip(edges, edges.dropFirst()) {
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

  /// Edges of bands from south to north.
  ///
  /// - Throws: ``FluxError`` for fewer than two, the same twice, or one that is no latitude.
  package static func bandEdges(_ latitudes: [Double], at place: String) throws -> [Double] {
    let edges = latitudes.sorted()
    guard edges.count > 1, edges.allSatisfy({ $0.magnitude <= 90 }), zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw FluxError("the latitudes \(latitudes)", at: place, expected: "at least two different latitudes from -90 to 90")
    }
    return edges
  }

  /// `90S-30S` and so on, for edges from south to north.
  package static func bandNames(_ edges: [Double]) -> [String] {
    zip(edges, edges.dropFirst()).map { "\(label($0))-\(label($1))" }
  }

  private static func label(_ latitude: Double) -> String {
    let size = latitude.magnitude
    let number = size == size.rounded() ? "\(Int(size))" : "\(size)"
    return latitude == 0 ? "0" : number + (latitude < 0 ? "S" : "N")
  }
}
