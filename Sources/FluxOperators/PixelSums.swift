import FluxCore
import FluxDrivers
import FluxModels
import FluxTensor

/// The rows of monthly totals of regions over pixels and days: what the sparse and the exact bridge share.
///
///   m̂[r, m] = Σ_{d ∈ m} (Σ_s w[r, s] f(ω, x[r, s, d]) + b[r])
///
/// The drivers of a year are gathered once, region by region and month by month, as the fused network wants them,
/// and kept as long as all kept years fit in a quarter of the memory that was free.
final class PixelSums {
  private let pixels: [[Int]], weights: [[Double]], intercepts: [Double]
  private let drivers: DriverStore
  private var years: [Int: OperatorRows] = [:], keptBytes = 0
  private let gate = Gate()
  private let limit = AvailableMemory.bytes / 4

  /// An unbiased look at some days of each month: n of its D days, evenly spread from a random first one, D/n times as heavy.
  ///
  /// The start is uniform, so every day is as likely as any other (n/D) and the expectation over draws is the whole month's sum. Each
  /// prediction draws anew, the same days for all pixels; equal seeds give equal sequences of draws.
  struct DaySample {
    let days: Int
    var random: RandomStream

    init(days: Int, seed: UInt64) {
      self.days = days
      random = RandomStream(seed: seed, purpose: "days of a month")
    }

    /// Days of a range, ascending; all of them when there are no more.
    mutating func draw(_ range: Range<Int>) -> [Int] {
      let start = random.uniform()
      guard days < range.count else { return Array(range) }
      return (0..<days).map { range.lowerBound + min(range.count - 1, Int((Double($0) + start) * Double(range.count) / Double(days))) }
    }
  }

  private var sample: DaySample?

  /// - Parameters:
  ///   - pixels: places in the store. Shape `[region][pixel]`.
  ///   - weights: PgC d⁻¹ per (gC m⁻² d⁻¹). Shape `[region][pixel]`.
  ///   - intercepts: PgC d⁻¹. Shape `[region]`.
  ///   - sample: which days of a month are looked at; all of them when nil.
  init(pixels: [[Int]], weights: [[Double]], intercepts: [Double], drivers: DriverStore, sample: DaySample? = nil) {
    self.pixels = pixels
    self.weights = weights
    self.intercepts = intercepts
    self.drivers = drivers
    self.sample = sample
  }

  /// The years with twelve months of drivers.
  var windows: [Window] {
    let months = Dictionary(grouping: drivers.time.months(), by: \.year)
    return months.filter { $0.value.count == 12 }.keys.sorted().map { .year($0) }
  }

  /// The rows of a year, `[region × month, sample]`; kept where there is room.
  ///
  /// - Throws: ``FluxError`` when the drivers do not cover the year.
  func rows(_ window: Window) throws -> OperatorRows { try gate.pass { try gather(window.number) } }

  private func gather(_ year: Int) throws -> OperatorRows {
    if let kept = years[year] { return kept }
    let months = drivers.time.months().filter { $0.year == year }
    guard !months.isEmpty else {
      throw FluxError("the drivers have no day of \(year)", at: "bridge:predict", expected: "a year that they cover",
        remedy: "Choose years within \(drivers.time.years.first ?? 0) to \(drivers.time.years.last ?? 0).")
    }
    let drawn = months.map { month in sample?.draw(month.indices) }
    var sampleWeights: [Float] = [], bounds = [0]
    for region in weights {
      for (month, days) in zip(months, drawn) {
        if let days {
          let factor = Double(month.indices.count) / Double(days.count), heavier = region.map { Float($0 * factor) }
          for _ in days { sampleWeights += heavier }
        } else {
          for weight in region { sampleWeights += repeatElement(Float(weight), count: month.indices.count) }
        }
        bounds.append(sampleWeights.count)
      }
    }
    let samples = sampleWeights.count, groupBounds = bounds, monthCount = months.count
    let columns = try Tensor.makeFloats([drivers.driverCount, samples], at: "bridge:predict") { out in
      nonisolated(unsafe) let out = out
      let (pixels, drivers) = (pixels, drivers)
      ThreadPool.forEach(pixels.count * monthCount) { group, _ in
        let region = pixels[group / monthCount], start = out + groupBounds[group]
        if let days = drawn[group % monthCount] {
          for (k, day) in days.enumerated() {
            drivers.gather(pixels: region, days: day..<(day + 1), into: start + k * region.count, stride: samples)
          }
        } else {
          drivers.gather(pixels: region, days: months[group % monthCount].indices, into: start, stride: samples)
        }
      }
    }
    let ranges = months.map(\.indices), own = pixels
    let made = OperatorRows(
      samples: try Samples(columns: columns, names: drivers.names) { [drivers] in
        Self.history(own, ranges, drawn, drivers)
      },
      rows: try SparseRows(partition: bounds, weights: sampleWeights),
      offset: intercepts.flatMap { intercept in ranges.map { intercept * Double($0.count) } },
      shape: [pixels.count, monthCount], names: ["region", "month"])
    let bytes = samples * drivers.driverCount * 4
    if sample == nil, keptBytes + bytes <= limit {
      years[year] = made
      keptBytes += bytes
    }
    return made
  }

  /// Pixel and day of each sample, in the order in which drivers are gathered.
  private static func history(
    _ pixels: [[Int]], _ months: [Range<Int>], _ drawn: [[Int]?], _ drivers: DriverStore
  ) -> Samples.History {
    var places: [Int] = [], days: [Int] = []
    for region in pixels {
      for (month, chosen) in zip(months, drawn) {
        if let chosen {
          for day in chosen { for pixel in region { places.append(pixel); days.append(day) } }
        } else {
          for pixel in region { for day in month { places.append(pixel); days.append(day) } }
        }
      }
    }
    return Samples.History(record: drivers, places: places, days: days)
  }
}
