import FluxCore
import FluxData
import FluxDrivers
import Glibc
import Synchronization

/// Finds the sparse linear models on a reference flux product (SCIENCE §6).
public struct RegionalBridgeBuilder: Sendable {
  /// How many pixels are drawn for the Lasso to choose from, per region.
  public var candidates = 150
  /// Groups of similar seasonal cycles from which they are drawn, at most; ten pixels or more a group.
  public var strata = 24
  /// The R² at which the path stops.
  public var r2 = 0.99
  public var refit = Refit.conserving
  /// Weight the target by area × land fraction; `false` is Eq. 1's literal sum, scaled to the region's area.
  public var area = true
  /// Networks with random weights whose regional totals selection and refit must reproduce beside the reference's
  /// (``ProbeNetworks``); 0 is the paper's bridge.
  public var probes = 0
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
    guard time.years.count >= 2, field.count == time.count * grid.cellCount else {
      throw FluxError("the reference has \(time.count) times in \(time.years.count) years", at: place, expected: "a series of at least two years")
    }
    let probes = try ProbeNetworks(refit == .conserving ? probes : 0, drivers, seed: seed)
    let found = Mutex([Int: Result<SparseRegion, any Error>]())
    withoutActuallyEscaping(progress) { progress in
      nonisolated(unsafe) let progress = progress
      ThreadPool.forEach(regions.count) { r, worker in
        let result = Result { try fit(regions, r, field, time, drivers, probes) }
        let done = found.withLock { found in
          found[r] = result
          return found.count
        }
        if worker == 0 { progress(done, regions.count) }  // the calling thread
      }
    }
    let models = try found.withLock { found in try (0..<regions.count).compactMap { try found[$0]?.get() } }
    return RegionalBridge(models: models, drivers: drivers, maskHash: regions.maskHash)
  }

  /// As above, of a cube.
  public func build(reference: Cube, regions: RegionSet, drivers: DriverStore, progress: (Int, Int) -> Void = { _, _ in }) throws -> RegionalBridge {
    guard let time = reference.time else {
      throw FluxError("the reference '\(reference.name)' has no time axis", at: "bridge.regional", expected: "a series of at least two years")
    }
    let field = try reference.converted(to: "gC m-2 d-1").values()
    return try build(reference: field, time: time, grid: reference.grid, regions: regions, drivers: drivers, progress: progress)
  }

  private func fit(_ regions: RegionSet, _ r: Int, _ field: [Float], _ time: TimeAxis, _ drivers: DriverStore, _ probes: ProbeNetworks) throws -> SparseRegion {
    try Interrupt.check()
    let code = regions.codes[r], cellCount = regions.grid.cellCount, entries = regions.entries(of: r)
    // Pixels with a whole series, their series, and what one gC m⁻² d⁻¹ there is in PgC d⁻¹.
    var cells: [Int] = [], pixels: [Int] = [], series: [[Double]] = [], weights: [Double] = []
    for (cell, fraction) in zip(entries.cells, entries.fractions) {
      guard let pixel = drivers.pixel(ofCell: cell) else { continue }
      let values = (0..<time.count).map { Double(field[$0 * cellCount + cell]) }
      guard values.allSatisfy(\.isFinite) else { continue }
      cells.append(cell)
      pixels.append(pixel)
      series.append(values)
      weights.append(regions.grid.cellArea(row: regions.grid.row(ofCell: cell)) * Double(fraction) * 1e-15)
    }
    guard !cells.isEmpty else {
      throw FluxError("region \(code) has no pixel with a whole reference series", at: "bridge.regional", expected: "at least one",
        remedy: "Leave the region out with r:except{'\(code)'}, or give a reference without gaps.")
    }
    let total = weights.reduce(0, +)
    let shares = area ? weights : [Double](repeating: total / Double(cells.count), count: cells.count)
    let slots = ReferenceSeasons(time)
    let labels = try Strata.of(series.map(slots.meanCycle), count: min(strata, max(1, cells.count / 10)), seed: seed)
    let drawn = Strata.draw(labels, count: candidates, seed: seed &+ UInt64(r) &* 1000)
    // The probes' rows follow the reference's times, scaled to weigh as much as they do all together.
    let probed = pixels.map { probes.rows(of: $0, scale: Self.deviation(series) * Double(time.count).squareRoot()) }
    let target = Self.sum(series, shares), probeTarget = Self.sum(probed, shares)
    let found = try Lasso().solve(columns: drawn.map { series[$0] + probed[$0] }, target + probeTarget, r2: min(r2, 0.999_999))
    let chosen = found.support.map { drawn[$0] }
    let columns = chosen.map { series[$0] }
    let place = "bridge.regional, region \(code)"
    let (theta, intercept) = try weigh(chosen.map { series[$0] + probed[$0] + means(series[$0], probed[$0], probes) },
      target + probeTarget + means(target, probeTarget, probes), total, found, place)

    var quality = SparseRegion.Quality(regionPixels: cells.count, strata: Set(labels).count, candidates: drawn.count)
    (quality.alpha, quality.gap) = (found.alpha, found.gap)
    let predicted = Self.apply(theta, intercept, columns)
    quality.r2 = Self.r2(target, predicted)
    quality.r2Anomalies = Self.r2(slots.anomaly(target), slots.anomaly(predicted))
    quality.r2Annual = Self.r2(slots.annualMeans(target), slots.annualMeans(predicted))
    quality.gain = theta.reduce(0, +) / total
    quality.r2CrossValidated = try crossValidated(columns, target, total, found, slots, place)
    return SparseRegion(code: code, area: total * 1e15, cells: chosen.map { cells[$0] }, pixels: chosen.map { pixels[$0] },
      theta: theta, intercept: intercept, quality: quality)
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

  /// Σ weight × series. Shape `[pixel][time]` → `[time]`.
  private static func sum(_ series: [[Double]], _ weights: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: series.first?.count ?? 0)
    for (row, weight) in zip(series, weights) { for t in row.indices { result[t] += weight * row[t] } }
    return result
  }

  /// Standard deviation over pixels and times.
  private static func deviation(_ series: [[Double]]) -> Double {
    let count = Double(series.count * (series.first?.count ?? 0))
    let mean = series.reduce(0.0) { $0 + $1.reduce(0, +) } / count
    return (series.reduce(0.0) { $0 + $1.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } } / count).squareRoot()
  }

  /// 1 − residual variance over variance; NaN when nothing varies.
  static func r2(_ y: [Double], _ predicted: [Double]) -> Double {
    let mean = y.reduce(0, +) / Double(y.count)
    let squares = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let residual = zip(y, predicted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return squares > 0 ? 1 - residual / squares : .nan
  }
}
