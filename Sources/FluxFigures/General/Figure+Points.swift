import FluxCore
import FluxData
import FluxEvaluation
import FluxObservations
import Glibc

extension Figure {
  /// Places on a map, coloured by a number each; the map is of the globe, or of their surroundings where they lie close together.
  ///
  /// - Parameters:
  ///   - longitudes, latitudes: degrees east (up to 180 or to 360) and north.
  ///   - values: NaN leaves a place out.
  ///   - range, palette, label: of the colours; see ``ColourScale``.
  public static func points(
    longitudes: [Double], latitudes: [Double], values: [Double], title: String = "", label: String = "", range: ClosedRange<Double>? = nil, palette: String? = nil,
    at place: String = "figure.points"
  ) throws -> Figure {
    guard !values.isEmpty else { throw FluxError("there is no place to draw", at: place, expected: "at least one") }
    try check(longitudes, -180...360, "lon", values, at: place)
    try check(latitudes, -90...90, "lat", values, at: place)
    let east = longitudes.map { $0 > 180 ? $0 - 360 : $0 }, kept = values.indices.filter { values[$0].isFinite }
    // Nothing is drawn on the cells: the grid only says which part of the Earth is shown.
    let grid = try Grid.regular(step: 30)
    let scale = ColourScale(of: kept.map { Float(values[$0]) }, label: label, range: range, palette: try ColourScale.checked(palette, at: place))
    var map = MapPanel(grid: grid, values: [Float](repeating: .nan, count: grid.cellCount), colours: scale)
    // The highest and lowest last, so that they lie above.
    let middle = (scale.lower + scale.upper) / 2
    map.points = values.indices.filter { !values[$0].isFinite }.map { _ in (longitude: 0, latitude: 0, value: Double.nan) }
      + kept.sorted { abs(values[$0] - middle) < abs(values[$1] - middle) }.map { (longitude: east[$0], latitude: latitudes[$0], value: values[$0]) }
    (map.west, map.east, map.south, map.north) = surroundings(kept.map { east[$0] }, kept.map { latitudes[$0] })
    return Figure(Panel(title, .map(map)))
  }

  /// - Throws: ``FluxError`` that names the first place off the Earth; places without a value are not looked at.
  private static func check(_ degrees: [Double], _ range: ClosedRange<Double>, _ name: String, _ values: [Double], at place: String) throws {
    guard let odd = values.indices.first(where: { values[$0].isFinite && !range.contains(degrees[$0]) }) else { return }
    let isExchange = name == "lat" && degrees.allSatisfy { (-180...360).contains($0) }
    throw FluxError("\(name)[\(odd + 1)] is \(degrees[odd])", at: place, expected: "degrees \(name == "lat" ? "north, -90 to 90" : "east, -180 to 360")",
      remedy: isExchange ? "Are lat and lon exchanged?" : degrees[odd].isNaN ? "Leave the place out, or make its value NaN."
        : "A place that should not be drawn has NaN as its value.")
  }

  /// The part of the Earth around places that lie close together, never a narrow strip; nothing for places far apart: the globe.
  static func surroundings(_ longitudes: [Double], _ latitudes: [Double]) -> (west: Double?, east: Double?, south: Double?, north: Double?) {
    guard let west = longitudes.min(), let east = longitudes.max(), let south = latitudes.min(), let north = latitudes.max(), east - west < 120 else { return (nil, nil, nil, nil) }
    let pad = max(3, 0.08 * max(east - west, north - south)), middle = (north + south) / 2, narrowing = max(0.2, cos(middle * .pi / 180))
    var height = max(12, north - south + 2 * pad), width = east - west + 2 * pad
    // Wider than high, but not more than twice, in kilometres.
    width = min(360, max(width, 1.1 * height / narrowing, east == west ? 1.6 * height / narrowing : 0))
    height = min(180, max(height, 0.5 * width * narrowing))
    let low = max(-90, min(90 - height, middle - height / 2)), centre = (west + east) / 2
    let left = max(-180, min(180 - width, centre - width / 2))
    return (left, left + width, low, low + height)
  }

  /// What sites on a map are coloured by.
  public enum SiteMeasure: String, Sendable, CaseIterable {
    case rmse, bias, r
  }

  /// The towers on a map, each coloured by how well a run agrees with its days; a panel a run.
  ///
  /// - Parameter runs: name and NEE of each sample, gC m⁻² d⁻¹.
  public static func towerMap(_ runs: [(name: String, values: [Double])], _ samples: SiteDays, measure: SiteMeasure = .rmse, at place: String) throws -> Figure {
    let rows = Dictionary(grouping: samples.siteIndex.indices) { Int(samples.siteIndex[$0]) }
    let scores = runs.map { run in
      samples.sites.indices.map { site -> Double in
        guard let mine = rows[site], samples.sites[site].latitude.isFinite, samples.sites[site].longitude.isFinite else { return .nan }
        let m = SiteMetrics(run.values, samples, rows: mine)
        return switch measure { case .rmse: m.rmse; case .bias: m.bias; case .r: m.r }
      }
    }
    let label = switch measure { case .rmse: "RMSE at the site (gC m⁻² d⁻¹)"; case .bias: "bias at the site (gC m⁻² d⁻¹)"; case .r: "R at the site" }
    // One scale for all runs.
    let common = ColourScale(of: scores.flatMap { $0.map(Float.init) }, label: label), range = measure == .r ? -1...1 : common.lower...common.upper
    var shared = common
    if measure == .r { shared = ColourScale(of: scores.flatMap { $0.map(Float.init) }, label: label, range: range) }
    let panels = try runs.indices.flatMap { i in
      try points(longitudes: samples.sites.map(\.longitude), latitudes: samples.sites.map(\.latitude), values: scores[i],
        title: runs.count > 1 ? RunStyle.title(runs[i].name) : "", label: label, range: range, at: place).panels.map { panel -> Panel in
          guard case .map(var map) = panel.content else { return panel }
          map.colours = shared
          return Panel(panel.title, .map(map))
        }
    }
    return Figure(panels.map { [$0] }, width: FigureLayout.wholePage)
  }
}
