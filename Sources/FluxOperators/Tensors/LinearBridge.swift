import FluxCore
import FluxModels
import FluxTensor

/// Monthly totals of regions whose drivers and weights are given as tensors: the same linear operator as the
/// sparse bridge's, for one year, without a store.
///
///   m̂[r, m] = Σ_{d ∈ m} (Σ_s w[r, s] f(ω, x[r, s, d]) + b[r])
public final class LinearBridge: ObservationOperator {
  public let regions: [String]
  public let areas: [Double]
  private let groups: SampleGroups
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
    self.regions = regions ?? (1...max(1, regionCount)).map { "\($0)" }
    groups = try SampleGroups(columns: columns, weights: sampleWeights, bounds: bounds)
    self.intercepts = intercepts?.doubles() ?? [Double](repeating: 0, count: regionCount)
    self.days = days
    areas = [Double](repeating: 1, count: regionCount)
  }

  private init(_ other: LinearBridge, _ chosen: [Int], _ groups: SampleGroups) {
    regions = chosen.map { other.regions[$0] }
    areas = chosen.map { other.areas[$0] }
    intercepts = chosen.map { other.intercepts[$0] }
    (self.groups, days) = (groups, other.days)
  }

  public var hasYears: Bool { false }

  public func only(_ codes: [String]) throws -> LinearBridge {
    let chosen = try RegionChoice.places(of: codes, among: regions), months = days.count
    let parts = chosen.map { groups.bounds[$0 * months]..<groups.bounds[($0 + 1) * months] }
    var bounds = [0]
    for region in chosen {
      for group in (region * months)..<((region + 1) * months) {
        bounds.append(bounds[bounds.count - 1] + groups.bounds[group + 1] - groups.bounds[group])
      }
    }
    let columns = try Tensor.concatenated(parts.map { try groups.columns.narrowed(1, from: $0.lowerBound, length: $0.count) }, 1)
    return LinearBridge(self, chosen, try SampleGroups(columns: columns, weights: parts.flatMap { groups.weights[$0] }, bounds: bounds))
  }

  public func predict(_ model: any FluxModel, year: Int) throws -> Tensor {
    try totals(model.sums(groups))
  }

  public func linearised(_ model: any FluxModel, year: Int) throws -> LinearisedPrediction? {
    let (sums, jacobian) = try model.sumsAndJacobian(groups)
    return LinearisedPrediction(value: try Tape.withoutRecording { try totals(sums) }, jacobian: jacobian)
  }

  private func totals(_ sums: Tensor) throws -> Tensor {
    let sums = try sums.reshaped([regions.count, days.count])
    let added = intercepts.flatMap { intercept in days.map { intercept * Double($0) } }
    return try sums.adding(Tensor(added, shape: sums.shape, dtype: sums.dtype)).named(["region", "month"])
  }
}
