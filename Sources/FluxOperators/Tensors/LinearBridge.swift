import FluxCore
import FluxModels
import FluxTensor

/// Monthly totals of regions whose drivers and weights are given as tensors: the same linear operator as the
/// sparse bridge's, for one year, without a store.
///
///   m̂[r, m] = Σ_{d ∈ m} (Σ_s w[r, s] f(ω, x[r, s, d]) + b[r])
public final class LinearBridge: RegionalOperator, LinearFluxOperator {
  public let axes: [OperatorAxis]
  public let areas: [Double]
  /// Shape `[driver, sample]`, the samples of a region's month side by side.
  private let columns: Tensor
  private let matrix: SparseRows
  private let intercepts: [Double], days: [Int]

  /// - Parameters:
  ///   - drivers: physical units. Shape `[region, pixel, day, driver]`.
  ///   - weights: of a unit flux for a day, PgC d⁻¹ per (gC m⁻² d⁻¹) where totals are to be PgC. Shape `[region, pixel]`.
  ///   - intercepts: a day, in the unit of the totals. Shape `[region]`; 0 when nil.
  ///   - days: of each month.
  ///   - regions: names; numbers from 1 when nil.
  /// - Throws: ``FluxError`` when shapes do not fit together.
  public init(drivers: Tensor, weights: Tensor, intercepts: Tensor? = nil, days: [Int], regions: [String]? = nil) throws {
    let place = "bridge.linear"
    guard drivers.rank == 4, weights.shape.dimensions == Array(drivers.shape.dimensions.prefix(2)), days.allSatisfy({ $0 > 0 }),
      days.reduce(0, +) == drivers.shape[2], intercepts.map({ $0.shape == [drivers.shape[0]] }) != false,
      regions.map({ $0.count == drivers.shape[0] }) != false
    else {
      throw FluxError("drivers \(drivers.shape), weights \(weights.shape), intercepts \(intercepts.map { "\($0.shape)" } ?? "none"), months of \(days) days", at: place,
        expected: "[region, pixel, day, driver], [region, pixel], [region], and months that add up to the days")
    }
    let (regionCount, pixels, dayCount, width) = (drivers.shape[0], drivers.shape[1], drivers.shape[2], drivers.shape[3])
    let theta = weights.floats()
    var sampleWeights: [Float] = [], bounds = [0], firstDays: [Int] = []
    var day = 0
    for n in days {
      firstDays.append(day)
      day += n
    }
    sampleWeights.reserveCapacity(regionCount * pixels * dayCount)
    for region in 0..<regionCount {
      for n in days {
        for pixel in 0..<pixels { sampleWeights += repeatElement(theta[region * pixels + pixel], count: n) }
        bounds.append(sampleWeights.count)
      }
    }
    let samples = sampleWeights.count, months = days.count, groupBounds = bounds, first = firstDays
    let columns = try Tensor.makeFloats([width, samples], at: place) { out in
      try drivers.withFloats { x in
        nonisolated(unsafe) let x = x
        nonisolated(unsafe) let out = out
        ThreadPool.forEach(regionCount * months) { group, _ in
          let (region, month) = (group / months, group % months)
          var to = groupBounds[group]
          for pixel in 0..<pixels {
            for day in first[month]..<(first[month] + days[month]) {
              let from = x + ((region * pixels + pixel) * dayCount + day) * width
              for k in 0..<width { out[k * samples + to] = from[k] }
              to += 1
            }
          }
        }
      }
    }
    axes = Self.axes(regions ?? (1...max(1, regionCount)).map { "\($0)" })
    self.columns = columns
    matrix = try SparseRows(partition: bounds, weights: sampleWeights)
    self.intercepts = intercepts?.doubles() ?? [Double](repeating: 0, count: regionCount)
    self.days = days
    areas = [Double](repeating: 1, count: regionCount)
  }

  private init(_ other: LinearBridge, _ chosen: [Int], _ columns: Tensor, _ matrix: SparseRows) {
    axes = Self.axes(chosen.map { other.regions[$0] })
    areas = chosen.map { other.areas[$0] }
    intercepts = chosen.map { other.intercepts[$0] }
    days = other.days
    self.columns = columns
    self.matrix = matrix
  }

  public var windows: [Window]? { nil }
  public var needsWindow: Bool { false }

  public func selecting(_ labels: [String]) throws -> LinearBridge {
    let chosen = try LabelChoice.places(of: labels, among: regions), months = days.count
    let parts = chosen.map { matrix.bounds[$0 * months]..<matrix.bounds[($0 + 1) * months] }
    var bounds = [0]
    for region in chosen {
      for row in (region * months)..<((region + 1) * months) {
        bounds.append(bounds[bounds.count - 1] + matrix.bounds[row + 1] - matrix.bounds[row])
      }
    }
    var pieces: [Tensor] = [], weights: [Float] = []
    for part in parts {
      pieces.append(try columns.narrowed(1, from: part.lowerBound, length: part.count))
      weights += matrix.weights[part]
    }
    let narrowed = try SparseRows(partition: bounds, weights: weights)
    return LinearBridge(self, chosen, try Tensor.concatenated(pieces, 1), narrowed)
  }

  public func rows(_ window: Window) throws -> OperatorRows {
    OperatorRows(
      samples: try Samples(columns: columns), rows: matrix,
      offset: intercepts.flatMap { intercept in days.map { intercept * Double($0) } },
      shape: [regions.count, days.count], names: ["region", "month"])
  }
}
