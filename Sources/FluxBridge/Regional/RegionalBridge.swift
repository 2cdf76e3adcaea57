import FluxCore
import FluxData
import FluxDrivers
import FluxModel
import FluxTensor

/// Sparse regional linear models: flux at a few pixels → regional totals (paper Eq. 5, SCIENCE §6).
///
///   m̂[r, m] = Σ_{d ∈ m} (Σ_s f(ω, x[r, s, d]) Θ[r, s] + b[r])
///
/// which is the days of the month times the mean over its days.
public final class RegionalBridge: ObservationOperator {
  public let models: [SparseRegion]
  public let drivers: DriverStore
  /// The content hash of the region mask that the areas came from.
  public let maskHash: String
  private var gathered: [Int: GatheredYear] = [:]

  public init(models: [SparseRegion], drivers: DriverStore, maskHash: String) {
    self.models = models
    self.drivers = drivers
    self.maskHash = maskHash
  }

  public var regions: [String] { models.map(\.code) }
  public var areas: [Double] { models.map(\.area) }

  /// The bridge of some regions only, in the given order.
  ///
  /// - Throws: ``FluxError`` for a region that the bridge does not have, with the nearest code.
  public func only(_ codes: [String]) throws -> RegionalBridge {
    let chosen = try codes.map { code in
      guard let model = models.first(where: { $0.code == code }) else {
        throw FluxError("no region '\(code)'\(NearestName.hint(code, among: regions))", at: "bridge:only",
          expected: "one of \(regions.joined(separator: ", "))")
      }
      return model
    }
    return RegionalBridge(models: chosen, drivers: drivers, maskHash: maskHash)
  }

  /// The drivers of all contributing pixels over one year, and where each region and month lies in them.
  private struct GatheredYear {
    /// Shape `[sample, driver]`; a sample is a region's pixel and day, days fastest.
    let x: Tensor
    /// First sample of each region.
    let start: [Int]
    /// Day offsets within the year of each month.
    let months: [Range<Int>]
    let days: Int
  }

  private func gather(_ year: Int) throws -> GatheredYear {
    if let done = gathered[year] { return done }
    let months = drivers.time.months().filter { $0.year == year }
    guard let first = months.first, let last = months.last else {
      throw FluxError("the drivers have no day of \(year)", at: "bridge:predict", expected: "a year that they cover",
        remedy: "Choose years within \(drivers.time.years.first ?? 0) to \(drivers.time.years.last ?? 0).")
    }
    let range = first.indices.lowerBound..<last.indices.upperBound
    var start: [Int] = [], pixels: [Int] = []
    for model in models {
      start.append(pixels.count * range.count)
      pixels += model.pixels
    }
    let x = try Tensor.makeFloats([pixels.count * range.count, drivers.names.count], at: "bridge:predict") { out in
      drivers.gather(pixels: pixels, days: range, into: out)
    }
    let made = GatheredYear(x: x, start: start, months: months.map { ($0.indices.lowerBound - range.lowerBound)..<($0.indices.upperBound - range.lowerBound) },
      days: range.count)
    gathered[year] = made
    return made
  }

  public func predict(_ model: any FluxModel, year: Int) throws -> Tensor {
    guard model.inputs == drivers.names else {
      throw FluxError("the model takes \(model.inputs.joined(separator: ", "))", at: "bridge:predict",
        expected: "the drivers' own: \(drivers.names.joined(separator: ", "))", remedy: "Make the model with inputs=d.names.")
    }
    let sample = try gather(year)
    return try totals(of: model.predict(sample.x), sample)
  }

  /// Σ over pixels and days, as one recorded operation. Shape `[sample]` → `[region, month]`.
  private func totals(of nee: Tensor, _ year: GatheredYear) throws -> Tensor {
    let f = nee.doubles()
    let months = year.months.count
    var result = [Double](repeating: 0, count: models.count * months)
    for (r, model) in models.enumerated() {
      for (s, theta) in model.theta.enumerated() {
        let row = year.start[r] + s * year.days
        for (m, days) in year.months.enumerated() {
          var sum = 0.0
          for d in days { sum += f[row + d] }
          result[r * months + m] += theta * sum
        }
      }
      for (m, days) in year.months.enumerated() { result[r * months + m] += model.intercept * Double(days.count) }
    }
    let totals = try Tensor(result, shape: [models.count, months], dtype: nee.dtype, names: ["region", "month"])
    return Tape.record("regional totals", [nee], totals) { [models] incoming in
      let g = incoming.doubles()
      var back = [Double](repeating: 0, count: f.count)
      for (r, model) in models.enumerated() {
        for (s, theta) in model.theta.enumerated() {
          let row = year.start[r] + s * year.days
          for (m, days) in year.months.enumerated() {
            let slope = g[r * months + m] * theta
            for d in days { back[row + d] = slope }
          }
        }
      }
      return [try Tensor(back, shape: nee.shape, dtype: nee.dtype)]
    }
  }
}
