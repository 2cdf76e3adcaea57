import FluxCore
import FluxData
import FluxEvaluation

extension Figure {
  /// Places on a map, coloured by a number each; the map is of the globe, or of their surroundings where they lie close together.
  ///
  /// - Parameters:
  ///   - values: NaN leaves a place out.
  ///   - range, palette, label: of the colours; see ``ColourScale``.
  public static func points(
    longitudes: [Double], latitudes: [Double], values: [Double], title: String = "", label: String = "", range: ClosedRange<Double>? = nil, palette: String? = nil,
    at place: String = "figure.points"
  ) throws -> Figure {
    let kept = values.indices.filter { values[$0].isFinite && longitudes[$0].isFinite && latitudes[$0].isFinite }
    // Nothing is drawn on the cells: the grid only says which part of the Earth is shown.
    let grid = try Grid.regular(step: 30)
    let scale = ColourScale(of: kept.map { Float(values[$0]) }, label: label, range: range, palette: try ColourScale.checked(palette, at: place))
    var map = MapPanel(grid: grid, values: [Float](repeating: .nan, count: grid.cellCount), colours: scale)
    // The highest and lowest last, so that they lie above.
    let middle = (scale.lower + scale.upper) / 2
    map.points = kept.sorted { abs(values[$0] - middle) < abs(values[$1] - middle) }.map { (longitude: longitudes[$0], latitude: latitudes[$0], value: values[$0]) }
    let x = kept.map { longitudes[$0] }, y = kept.map { latitudes[$0] }
    if let west = x.min(), let east = x.max(), let south = y.min(), let north = y.max(), east - west < 120 {
      let pad = max(3, 0.08 * max(east - west, north - south))
      (map.west, map.east) = (max(-180, west - pad), min(180, east + pad))
      (map.south, map.north) = (max(-90, south - pad), min(90, north + pad))
    }
    return Figure(Panel(title, .map(map)))
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
        guard let mine = rows[site] else { return .nan }
        let m = SiteMetrics(run.values, samples, rows: mine)
        return switch measure { case .rmse: m.rmse; case .bias: m.bias; case .r: m.r }
      }
    }
    let label = switch measure { case .rmse: "RMSE at the site (gC m⁻² d⁻¹)"; case .bias: "bias at the site (gC m⁻² d⁻¹)"; case .r: "R at the site" }
    // One scale for all runs.
    let common = ColourScale(of: scores.flatMap { $0.map(Float.init) }, label: label), range = measure == .r ? -1...1 : common.lower...common.upper
    let panels = try runs.indices.flatMap { i in
      try points(longitudes: samples.sites.map(\.longitude), latitudes: samples.sites.map(\.latitude), values: scores[i],
        title: runs.count > 1 ? RunStyle.title(runs[i].name) : "", label: label, range: range, at: place).panels
    }
    return Figure(panels.map { [$0] }, width: FigureLayout.wholePage)
  }
}
