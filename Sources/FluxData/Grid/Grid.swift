import FluxCore
import Glibc

/// A rectilinear grid of latitude and longitude, always normalised: latitude
/// from south to north, longitude from west to east within [-180, 180).
///
/// - Shape: `[row, column]`, row 0 southernmost; a cell's index is `row * columns + column`.
/// - Units: degrees; areas in m².
public struct Grid: Sendable, Hashable {
  /// Cell centres, ascending.
  public let latitudes: [Double]
  /// Cell centres, ascending, in [-180, 180).
  public let longitudes: [Double]
  /// Southern and northern edge of each row.
  public let latitudeBounds: [Edges]
  /// Western and eastern edge of each column; an edge may lie beyond ±180 where a cell crosses it.
  public let longitudeBounds: [Edges]

  /// The two edges of a row or column, lower first.
  public struct Edges: Sendable, Hashable {
    public let lower, upper: Double
    public init(_ lower: Double, _ upper: Double) {
      self.lower = lower
      self.upper = upper
    }
  }

  /// The Earth's radius of every area in this program, m (SCIENCE §1).
  public static let earthRadius = 6_371_007.0

  /// A global grid of square cells, for example 360 × 720 cells of 0.5°.
  ///
  /// - Parameter step: degrees; must divide 180.
  public static func regular(step: Double) throws -> Grid {
    let rows = (180 / step).rounded()
    guard step.isFinite, step > 0, rows >= 1, rows <= 20_000, (rows * step - 180).magnitude < 1e-6 else {
      throw FluxError(
        "a grid step of \(step)°", at: "grid.regular", expected: "a number of degrees that divides 180, such as 0.5, 1 or 2")
    }
    let n = Int(rows)
    return try Grid(
      latitudes: (0..<n).map { -90 + (Double($0) + 0.5) * 180 / rows },
      longitudes: (0..<2 * n).map { -180 + (Double($0) + 0.5) * 180 / rows })
  }

  /// A grid of given cell centres, already normalised; edges lie halfway between centres.
  ///
  /// - Throws: ``FluxError`` for centres out of order or out of range. Files with another order or range go
  ///   through ``GridMapping``.
  public init(latitudes: [Double], longitudes: [Double], at place: String = "Grid") throws {
    func check(_ centres: [Double], _ name: String, _ range: ClosedRange<Double>) throws {
      guard !centres.isEmpty else { throw FluxError("no \(name)", at: place, expected: "at least one") }
      if let wrong = centres.first(where: { !range.contains($0) }) {  // NaN too
        throw FluxError("the \(name) \(wrong)", at: place, expected: "degrees from \(range.lowerBound) to \(range.upperBound)")
      }
      for (a, b) in zip(centres, centres.dropFirst()) where a >= b {
        throw FluxError("the \(name) \(b) follows \(a)", at: place, expected: "\(name)s in ascending order")
      }
    }
    try check(latitudes, "latitude", -90...90)
    try check(longitudes, "longitude", -180...180.0.nextDown)
    self.init(
      latitudes: latitudes, longitudes: longitudes, latitudeBounds: Self.latitudeEdges(latitudes),
      longitudeBounds: Self.longitudeEdges(longitudes))
  }

  /// A grid of given centres and edges, trusted to be normalised.
  init(latitudes: [Double], longitudes: [Double], latitudeBounds: [Edges], longitudeBounds: [Edges]) {
    self.latitudes = latitudes
    self.longitudes = longitudes
    self.latitudeBounds = latitudeBounds
    self.longitudeBounds = longitudeBounds
  }

  public var rows: Int { latitudes.count }
  public var columns: Int { longitudes.count }
  public var cellCount: Int { rows * columns }

  /// The area of each cell of a row whose columns are equally wide, m²: R² Δλ (sin φ₂ − sin φ₁).
  public func cellArea(row: Int) -> Double { cellArea(row: row, column: 0) }

  /// The area of one cell, m².
  public func cellArea(row: Int, column: Int) -> Double {
    rowFactor(row) * (longitudeBounds[column].upper - longitudeBounds[column].lower)
  }

  /// The area of every cell, m². Shape `[row, column]`.
  public func cellAreas() -> [Double] {
    var areas: [Double] = []
    areas.reserveCapacity(cellCount)
    for row in 0..<rows {
      let factor = rowFactor(row)
      for edges in longitudeBounds { areas.append(factor * (edges.upper - edges.lower)) }
    }
    return areas
  }

  /// R² (sin φ₂ − sin φ₁) per degree of longitude.
  private func rowFactor(_ row: Int) -> Double {
    let radian = Double.pi / 180
    let edges = latitudeBounds[row]
    return Self.earthRadius * Self.earthRadius * radian * (sin(edges.upper * radian) - sin(edges.lower * radian))
  }

  public func row(ofCell cell: Int) -> Int { cell / columns }
  public func column(ofCell cell: Int) -> Int { cell % columns }

  /// The row whose centre is nearest; the northern one when two are equally near.
  public func nearestRow(_ latitude: Double) -> Int {
    latitudes.indices.min { (latitudes[$0] - latitude).magnitude < (latitudes[$1] - latitude).magnitude } ?? 0
  }

  /// The column whose centre is nearest, around the globe.
  public func nearestColumn(_ longitude: Double) -> Int {
    func distance(_ column: Int) -> Double { Self.normalisedLongitude(longitudes[column] - longitude).magnitude }
    return longitudes.indices.min { distance($0) < distance($1) } ?? 0
  }

  /// The cell that holds a place, or nil outside the grid. A place on an edge belongs to the cell north or
  /// east of it.
  public func cell(latitude: Double, longitude: Double) -> Int? {
    guard latitude.isFinite, longitude.isFinite, latitude.magnitude <= 90 else { return nil }
    let row = latitudeBounds.lastIndex { $0.lower <= latitude && latitude <= $0.upper }
    let column = longitudeBounds.lastIndex { edges in
      // Degrees east of the western edge, 0 ..< 360.
      let east = Self.normalisedLongitude(longitude - edges.lower - 180) + 180
      return east < edges.upper - edges.lower
    }
    guard let row, let column else { return nil }
    return row * columns + column
  }

  /// Whether two grids have the same cells, to a thousandth of a cell: files store centres as float32.
  public func matches(_ other: Grid) -> Bool {
    func near(_ a: [Double], _ b: [Double], _ edges: [Edges]) -> Bool {
      zip(a, b).enumerated().allSatisfy { i, pair in
        (pair.0 - pair.1).magnitude <= 1e-3 * max(edges[i].upper - edges[i].lower, 1e-6)
      }
    }
    return rows == other.rows && columns == other.columns && near(latitudes, other.latitudes, latitudeBounds)
      && near(longitudes, other.longitudes, longitudeBounds)
  }

  /// The same meridian in [-180, 180).
  public static func normalisedLongitude(_ longitude: Double) -> Double {
    let turned = longitude - 360 * ((longitude + 180) / 360).rounded(.down)
    return turned >= 180 ? -180 : turned  // rounding just below −180
  }

  /// Halfway edges, the outermost as far out as in, cut at the poles.
  static func latitudeEdges(_ centres: [Double]) -> [Edges] {
    guard centres.count > 1 else { return centres.map { Edges($0, $0) } }
    let last = centres.count - 1
    let south = centres[1] - centres[0], north = centres[last] - centres[last - 1]
    return centres.indices.map { i in
      let lower = i == 0 ? outerEdge(centres[0], spacing: -south) : (centres[i - 1] + centres[i]) / 2
      let upper = i == last ? outerEdge(centres[last], spacing: north) : (centres[i] + centres[i + 1]) / 2
      return Edges(max(-90, lower), min(90, upper))
    }
  }

  /// Half a spacing beyond the outermost centre; the pole itself where less than half a cell is left to it, as on
  /// Gaussian grids, whose last row reaches to the pole.
  private static func outerEdge(_ centre: Double, spacing: Double) -> Double {
    let edge = centre + spacing / 2, pole = spacing > 0 ? 90.0 : -90.0
    return (pole - edge).magnitude < spacing.magnitude / 2 * (1 - 1e-3) ? pole : edge
  }

  /// Halfway edges around the globe. A gap of more than twice the median spacing is a hole (a region that
  /// crosses 180° has one in the middle): cells beside it are as wide there as on their other side.
  static func longitudeEdges(_ centres: [Double]) -> [Edges] {
    guard centres.count > 1 else { return centres.map { Edges($0, $0) } }
    let n = centres.count
    let gaps = centres.indices.map { i in i + 1 < n ? centres[i + 1] - centres[i] : centres[0] + 360 - centres[n - 1] }
    let typical = gaps.sorted()[n / 2 - (n % 2 == 0 ? 1 : 0)]
    let hole = max(2 * typical, 1e-9)
    return centres.indices.map { i in
      let west = gaps[(i + n - 1) % n], east = gaps[i]
      let inner = min(west, east) <= hole ? min(west, east) : typical
      return Edges(centres[i] - (west > hole ? inner : west) / 2, centres[i] + (east > hole ? inner : east) / 2)
    }
  }
}
