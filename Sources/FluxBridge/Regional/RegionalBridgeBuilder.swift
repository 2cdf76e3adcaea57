import FluxCore
import FluxData
import FluxDrivers
import Glibc

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
  /// How much larger 1 − R² may become for weights nearer to equal shares of their stratum's area (conserving refit);
  /// 1 is least squares. More carries the mean over to other models better, and the seasonal cycle worse.
  public var slack = 1.0
  public var seed: UInt64 = 1

  public init() {}

  /// - Parameters:
  ///   - reference: NEE, gC m⁻² d⁻¹, NaN where missing. Shape `[time, lat, lon]`.
  ///   - grid: of the reference; must be that of the regions and the drivers.
  ///   - progress: called after each region with its place and their number.
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
    let storePixel = Dictionary(uniqueKeysWithValues: drivers.pixels.enumerated().map { ($1, $0) })
    var models: [SparseRegion] = []
    for r in 0..<regions.count {
      try Interrupt.check()
      models.append(try fit(regions, r, field, time, storePixel, place))
      progress(r + 1, regions.count)
    }
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

  private func fit(_ regions: RegionSet, _ r: Int, _ field: [Float], _ time: TimeAxis, _ storePixel: [Int: Int], _ place: String) throws -> SparseRegion {
    let code = regions.codes[r], cellCount = regions.grid.cellCount, entries = regions.entries(of: r)
    // Pixels with a whole series, their series, and what one gC m⁻² d⁻¹ there is in PgC d⁻¹.
    var cells: [Int] = [], series: [[Double]] = [], weights: [Double] = []
    for (cell, fraction) in zip(entries.cells, entries.fractions) where storePixel[cell] != nil {
      let values = (0..<time.count).map { Double(field[$0 * cellCount + cell]) }
      guard values.allSatisfy(\.isFinite) else { continue }
      cells.append(cell)
      series.append(values)
      weights.append(regions.grid.cellArea(row: regions.grid.row(ofCell: cell)) * Double(fraction) * 1e-15)
    }
    guard !cells.isEmpty else {
      throw FluxError("region \(code) has no pixel with a whole reference series", at: place, expected: "at least one",
        remedy: "Leave the region out with r:except{'\(code)'}, or give a reference without gaps.")
    }
    let total = weights.reduce(0, +)
    let target = (0..<time.count).map { t in
      var sum = 0.0
      for p in cells.indices { sum += series[p][t] * (area ? weights[p] : total / Double(cells.count)) }
      return sum
    }
    let slots = ReferenceSeasons(time)
    let labels = try Strata.of(series.map(slots.meanCycle), count: min(strata, max(1, cells.count / 10)), seed: seed)
    let drawn = Strata.draw(labels, count: candidates, seed: seed &+ UInt64(r) &* 1000)
    var lasso = Lasso()
    lasso.pointsPerDecade = 25
    let found = try lasso.solve(columns: drawn.map { series[$0] }, target, r2: min(r2, 0.999_999))
    let chosen = found.support.map { drawn[$0] }
    let columns = chosen.map { series[$0] }
    let place = "bridge.regional, region \(code)"
    let shares = StratumShares(labels: labels, weights: weights, chosen: chosen)
    let (theta, intercept) = try weigh(columns, target, shares, found, place)

    var quality = SparseRegion.Quality(regionPixels: cells.count, strata: Set(labels).count, candidates: drawn.count)
    (quality.alpha, quality.gap) = (found.alpha, found.gap)
    let predicted = Self.apply(theta, intercept, columns)
    quality.r2 = Self.r2(target, predicted)
    quality.r2Anomalies = Self.r2(slots.anomaly(target), slots.anomaly(predicted))
    quality.r2Annual = Self.r2(slots.annualMeans(target), slots.annualMeans(predicted))
    quality.gain = theta.reduce(0, +) / total
    quality.r2CrossValidated = try crossValidated(columns, target, shares, found, slots, place)
    return SparseRegion(code: code, area: total * 1e15, cells: chosen.map { cells[$0] }, pixels: chosen.map { storePixel[cells[$0]]! },
      theta: theta, intercept: intercept, quality: quality)
  }

  private func weigh(_ columns: [[Double]], _ y: [Double], _ shares: StratumShares, _ found: Lasso.Solution, _ place: String) throws -> ([Double], Double) {
    switch refit {
    case .conserving: (try conserving(columns, y, shares, place), 0)
    case .debias: try LeastSquares.solveWithIntercept(columns: columns, y, at: place)
    case .none: (found.support.map { found.coefficients[$0] }, found.intercept)
    }
  }

  /// The most equal weights whose 1 − R² is at most `slack` times that of least squares.
  private func conserving(_ columns: [[Double]], _ y: [Double], _ shares: StratumShares, _ place: String) throws -> [Double] {
    func fit(_ pull: Double) throws -> [Double] {
      try LeastSquares.solve(columns: columns, y, groups: shares.groups, totals: shares.totals, pull: pull, at: place)
    }
    var best = try fit(0)
    if slack <= 1 { return best }
    let allowed = (1 - Self.r2(y, Self.apply(best, 0, columns))) * slack
    // In units of the columns' mean square, so that the scan does not depend on units.
    let scale = columns.reduce(0.0) { $0 + $1.reduce(0) { $0 + $1 * $1 } } / Double(columns.count)
    for exponent in stride(from: -8.0, through: 2, by: 0.5) {
      let theta = try fit(scale * pow(10, exponent))
      if 1 - Self.r2(y, Self.apply(theta, 0, columns)) > allowed { break }
      best = theta
    }
    return best
  }

  /// R² on whole years that the weights have not seen, in up to four blocks; the support stays as it is.
  private func crossValidated(_ columns: [[Double]], _ y: [Double], _ shares: StratumShares, _ found: Lasso.Solution, _ slots: ReferenceSeasons, _ place: String) throws -> Double {
    let years = Array(Set(slots.year)).sorted(), blocks = min(4, years.count)
    guard blocks > 1 else { return .nan }
    var predicted = y
    for block in 0..<blocks {
      let out = Set(years.indices.filter { $0 * blocks / years.count == block }.map { years[$0] })
      let kept = y.indices.filter { !out.contains(slots.year[$0]) }
      guard kept.count > columns.count + 1 else { return .nan }
      let (theta, intercept) = try weigh(columns.map { c in kept.map { c[$0] } }, kept.map { y[$0] }, shares, found, place)
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

/// What the weights of each stratum's contributing pixels must add up to.
///
/// Conserving the region's area alone leaves the weights free to trade north for south as long as the
/// reference's seasonal cycle comes out; another model then finds itself weighted by the wrong climate. Post-stratification,
/// as in survey sampling, gives each stratum the area that it has. A stratum without a contributing pixel
/// lends its area to the others in proportion.
struct StratumShares {
  /// The stratum of each contributing pixel, renumbered from 0.
  let groups: [Int]
  /// PgC d⁻¹ per (gC m⁻² d⁻¹) of each stratum, adding up to the region's. Shape `[stratum]`.
  let totals: [Double]

  /// - Parameters:
  ///   - labels: the stratum of each pixel of the region.
  ///   - weights: its area as PgC d⁻¹ per (gC m⁻² d⁻¹).
  ///   - chosen: the contributing pixels.
  init(labels: [Int], weights: [Double], chosen: [Int]) {
    let present = Set(chosen.map { labels[$0] }).sorted()
    let number = Dictionary(uniqueKeysWithValues: present.enumerated().map { ($1, $0) })
    var totals = [Double](repeating: 0, count: present.count)
    for (label, weight) in zip(labels, weights) { if let g = number[label] { totals[g] += weight } }
    let scale = weights.reduce(0, +) / totals.reduce(0, +)
    self.totals = totals.map { $0 * scale }
    groups = chosen.compactMap { number[labels[$0]] }
  }
}
