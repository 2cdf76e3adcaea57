import FluxCore
import FluxData
import FluxDrivers
import Glibc
import Synchronization

/// Finds the sparse linear models on a reference flux product (SCIENCE §6).
public struct RegionalBridgeBuilder: Sendable {
  /// How many pixels are drawn for the Lasso to choose from, per region.
  public var candidates = 150
  /// How pixels are grouped by their seasonal cycles before the draw; its seed is ``seed``.
  public var strata = SeasonalStrata.Options()
  public var allocation = StratifiedDraw.Allocation.proportional
  /// What grows where, for the shares of plant functional types in the report.
  public var cover: PlantTypeCover?
  /// The R² at which the path stops.
  public var r2 = 0.99
  public var refit = Refit.conserving
  /// Weight the target by area × land fraction; `false` is Eq. 1's literal sum, scaled to the region's area.
  public var area = true
  /// Networks with random weights whose regional totals selection and refit must reproduce beside the reference's
  /// (``ProbeNetworks``); 0 is the paper's bridge. Without them training drives the model away between the pixels.
  public var probes = 48
  public var seed: UInt64 = 1

  public init() {}

  /// - Parameters:
  ///   - reference: NEE, gC m⁻² d⁻¹, NaN where missing. Shape `[time, lat, lon]`.
  ///   - grid: of the reference; must be that of the regions and the drivers.
  ///   - progress: called on this thread with the number of regions done and of all.
  /// - Throws: ``FluxError`` when the grids differ, or a region has no pixel with a whole series.
  public func build(
    reference field: [Float], time: TimeAxis, grid: Grid, regions: RegionSet, drivers: DriverStore, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> RegionalBridge {
    let place = "bridge.regional"
    guard grid.matches(regions.grid), regions.grid.matches(drivers.grid) else {
      throw FluxError("the reference, the regions and the drivers lie on grids of \(grid.cellCount), \(regions.grid.cellCount) and \(drivers.grid.cellCount) cells",
        at: place, expected: "one grid", remedy: "Take the regions on the drivers' grid, regions.reccap2(d.grid), and regrid the reference.")
    }
    guard time.count >= 12, field.count == time.count * grid.cellCount else {
      throw FluxError("the reference has \(time.count) times", at: place, expected: "a series, at the least an average year of twelve months")
    }
    if let cover, !cover.matches(grid) {
      throw FluxError("the plant functional types lie on another grid", at: place, expected: "that of the regions", remedy: "Regrid them: pft:regrid(d.grid, \"conservative\").")
    }
    let probes = try ProbeNetworks(refit == .conserving ? probes : 0, drivers, seed: seed)
    let source = RegionalSource(builder: self, field: field, time: time, regions: regions, drivers: drivers, probes: probes)
    let found = Mutex([Int: Result<SparseRegion, any Error>]())
    // The largest first, so that no thread is left alone with it at the end.
    let order = (0..<regions.count).sorted { (regions.entries(of: $1).count, $0) < (regions.entries(of: $0).count, $1) }
    withoutActuallyEscaping(progress) { progress in
      nonisolated(unsafe) let progress = progress
      ThreadPool.forEach(regions.count) { k, worker in
        let r = order[k], result = Result { try fit(r, source) }
        let done = found.withLock { found in
          found[r] = result
          return found.count
        }
        if worker == 0 { progress(done, regions.count) }  // the calling thread
      }
    }
    let models = try found.withLock { found in try (0..<regions.count).compactMap { try found[$0]?.get() } }
    return RegionalBridge(models: models, drivers: drivers, maskHash: regions.maskHash, mask: regions, provenance: provenance(source, drivers),
      types: cover?.types ?? [], source: source)
  }

  /// What a reader needs to judge the bridge, and to make it again.
  private func provenance(_ source: RegionalSource, _ drivers: DriverStore) -> [(name: String, value: String)] {
    [
      ("reference_hash", source.referenceHash), ("drivers_hash", drivers.hash), ("reference_years", "\(source.time.years.first ?? 0)-\(source.time.years.last ?? 0)"),
      ("seed", "\(seed)"), ("refit", refit.rawValue), ("r2_asked", "\(r2)"), ("candidates_asked", "\(candidates)"),
      ("clusters_asked", strata.count.map { "\($0)" } ?? "by eigengap, 4 to 12"), ("allocation", allocation.rawValue), ("scale", strata.scale.rawValue),
      ("window", strata.window.map { "\($0) steps" } ?? "a tenth"), ("weighted_by_area", "\(area)"), ("probes", "\(probes)"),
    ]
  }

  /// The land pixels of regions with no driver but a constant, for a bridge whose report is all that is wanted.
  ///
  /// - Throws: ``FluxError`` when the reference has no time axis.
  public static func landAlone(_ regions: RegionSet, _ reference: Cube) throws -> DriverStore {
    guard let years = reference.time?.years, let first = years.first, let last = years.last else {
      throw FluxError("the reference '\(reference.name)' has no time axis", at: "bridge.regional", expected: "a series, at the least an average year of twelve months")
    }
    let pixels = regions.landPixels
    return try DriverStore(definitions: [DriverDefinition("land", .constant, "1", unit: "1")], grid: regions.grid, pixels: pixels,
      time: .daily(years: first...last), values: [[Float](repeating: 1, count: pixels.count)])
  }

  /// As above, of a cube.
  public func build(reference: Cube, regions: RegionSet, drivers: DriverStore, progress: (Int, Int) -> Void = { _, _ in }) throws -> RegionalBridge {
    guard let time = reference.time else {
      throw FluxError("the reference '\(reference.name)' has no time axis", at: "bridge.regional", expected: "a series, at the least an average year of twelve months")
    }
    let field = try reference.converted(to: "gC m-2 d-1").values()
    return try build(reference: field, time: time, grid: reference.grid, regions: regions, drivers: drivers, progress: progress)
  }

  /// Which pixels of a draw the Lasso keeps, as places in the region.
  func select(_ reference: RegionReference, _ drawn: [Int], r2 target: Double? = nil) throws -> (found: Lasso.Solution, chosen: [Int]) {
    let found = try Lasso().solve(columns: drawn.map { reference.series[$0] + reference.probed[$0] }, reference.target + reference.probeTarget,
      r2: min(target ?? r2, 0.999_999))
    return (found, found.support.map { drawn[$0] })
  }

  /// A conserving refit below this goes further down the path: so few pixels cannot keep both the sum and the course.
  private static let leastR2 = 0.95

  private func fit(_ region: Int, _ source: RegionalSource) throws -> SparseRegion {
    try Interrupt.check()
    let reference = try source.reference(region), slots = ReferenceSeasons(source.time), probes = source.probes
    let (series, probed, target, total) = (reference.series, reference.probed, reference.target, reference.total)
    let groups = try source.strata(reference)
    let drawn = StratifiedDraw.draw(groups.labels, count: candidates, allocation: allocation, seed: seed &+ UInt64(region) &* 1000)
    let place = "bridge.regional, region \(reference.code)"
    func attempt(_ r2: Double) throws -> (found: Lasso.Solution, chosen: [Int], theta: [Double], intercept: Double, predicted: [Double]) {
      let (found, chosen) = try select(reference, drawn, r2: r2)
      let (theta, intercept) = try weigh(chosen.map { series[$0] + probed[$0] + means(series[$0], probed[$0], probes) },
        target + reference.probeTarget + means(target, reference.probeTarget, probes), total, found, place)
      return (found, chosen, theta, intercept, Self.apply(theta, intercept, chosen.map { series[$0] }))
    }
    var made = try attempt(r2), further = r2
    while refit == .conserving, Self.r2(target, made.predicted) < Self.leastR2, further < 0.9999, made.chosen.count < min(drawn.count, target.count / 2) {
      further = 1 - (1 - further) / 2
      made = try attempt(further)
    }
    let (found, chosen, theta, intercept, predicted) = made, columns = chosen.map { series[$0] }

    var quality = SparseRegion.Quality(regionPixels: reference.cells.count, strata: groups.count, candidates: drawn.count)
    (quality.alpha, quality.gap) = (found.alpha, found.gap)
    (quality.landmarks, quality.agreement) = (groups.landmarks, groups.agreement)
    quality.r2 = Self.r2(target, predicted)
    quality.r2Anomalies = Self.r2(slots.monthlyAnomalies(target), slots.monthlyAnomalies(predicted))
    quality.r2Annual = Self.r2(slots.annualMeans(target), slots.annualMeans(predicted))
    quality.gain = theta.reduce(0, +) / total
    quality.r2CrossValidated = refit == .none
      ? try crossValidated(drawn.map { series[$0] + probed[$0] }, target + reference.probeTarget, found, slots)
      : try crossValidated(columns, target, total, found, slots, place)
    if let cover {
      quality.types = cover.mean(chosen.map { reference.cells[$0] })
      quality.regionTypes = cover.mean(reference.cells, weights: reference.weights)
    }
    return SparseRegion(code: reference.code, area: total * 1e15, cells: chosen.map { reference.cells[$0] },
      pixels: chosen.map { reference.pixels[$0] }, theta: theta, intercept: intercept, quality: quality)
  }

  /// R² of the paper's own model on whole years that its path has not seen.
  private func crossValidated(_ columns: [[Double]], _ y: [Double], _ found: Lasso.Solution, _ slots: ReferenceSeasons) throws -> Double {
    let years = slots.year + [Int](repeating: slots.year[0], count: y.count - slots.year.count)
    return try columns.flatMap { $0 }.withUnsafeBufferPointer {
      try Lasso().crossValidated(columns: $0.baseAddress!, count: columns.count, y, groups: years, blocks: 4, solution: found)
    }
  }

  /// The means of the reference and of each network, which the refit of a bridge with probes sees once more, three times as
  /// heavy as they are among the months: training moves the mean of a model, and R² over months hardly asks for it.
  private func means(_ series: [Double], _ probed: [Double], _ probes: ProbeNetworks) -> [Double] {
    guard probes.count > 0 else { return [] }
    func mean(_ values: ArraySlice<Double>) -> Double { 3 * values.reduce(0, +) / Double(values.count).squareRoot() }
    return [mean(series[...])] + (0..<probes.count).map { mean(probed[($0 * probes.months)..<(($0 + 1) * probes.months)]) }
  }

  private func weigh(_ columns: [[Double]], _ y: [Double], _ total: Double, _ found: Lasso.Solution, _ place: String) throws -> ([Double], Double) {
    switch refit {
    case .conserving: (try LeastSquares.solve(columns: columns, y, total: total, at: place), 0)
    case .debias: try LeastSquares.solveWithIntercept(columns: columns, y, at: place)
    case .none: (found.support.map { found.coefficients[$0] }, found.intercept)
    }
  }

  /// R² on whole years that the weights have not seen, in up to four blocks; the support stays as it is.
  private func crossValidated(_ columns: [[Double]], _ y: [Double], _ total: Double, _ found: Lasso.Solution, _ slots: ReferenceSeasons, _ place: String) throws -> Double {
    let years = Array(Set(slots.year)).sorted(), blocks = min(4, years.count)
    guard blocks > 1 else { return .nan }
    var predicted = y
    for block in 0..<blocks {
      let out = Set(years.indices.filter { $0 * blocks / years.count == block }.map { years[$0] })
      let kept = y.indices.filter { !out.contains(slots.year[$0]) }
      guard kept.count > columns.count + 1 else { return .nan }
      let (theta, intercept) = try weigh(columns.map { c in kept.map { c[$0] } }, kept.map { y[$0] }, total, found, place)
      let all = Self.apply(theta, intercept, columns)
      for t in y.indices where out.contains(slots.year[t]) { predicted[t] = all[t] }
    }
    return Self.r2(y, predicted)
  }

  private static func apply(_ theta: [Double], _ intercept: Double, _ columns: [[Double]]) -> [Double] {
    guard let length = columns.first?.count else { return [] }
    return (0..<length).map { t in
      var sum = intercept
      for k in columns.indices { sum += theta[k] * columns[k][t] }
      return sum
    }
  }

  /// 1 − residual variance over variance; NaN when nothing varies.
  static func r2(_ y: [Double], _ predicted: [Double]) -> Double {
    let mean = y.reduce(0, +) / Double(y.count)
    let squares = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let residual = zip(y, predicted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return squares > 0 ? 1 - residual / squares : .nan
  }
}
