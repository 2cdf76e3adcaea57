/// The mean seasonal cycle of a variable at many pixels, gathered while the
/// years stream by: one sum and one count per slot and pixel, nothing else.
///
/// 1. A slot's value in a year is added by ``add(slot:values:)``; missing values are skipped.
/// 2. The mean over the years that had one is taken where at least
///    ``minimumYears`` did; the slot is missing otherwise.
/// 3. Missing slots are filled by periodic linear interpolation between slot centres.
/// 4. Three slots are averaged, periodically.
/// 5. The slots are interpolated, periodically and linearly, to 365 days.
///
/// - Shape: `[slot 46, pixel]` inside, `[day 365, pixel]` out.
/// - Units: those of the variable.
/// - Reference: Tramontana et al. (2016), doi:10.5194/bg-13-4291-2016.
public struct MeanSeasonalCycle: Sendable {
  public let pixelCount: Int
  /// Valid years a slot needs: three, or all of them when the base period is shorter.
  public let minimumYears: Int
  private var sum: [Double]
  private var years: [UInt16]

  /// - Parameter baseYears: how many years the base period has.
  public init(pixelCount: Int, baseYears: Int) {
    self.pixelCount = pixelCount
    minimumYears = max(1, min(3, baseYears))
    sum = [Double](repeating: 0, count: SeasonalSlots.count * pixelCount)
    years = [UInt16](repeating: 0, count: SeasonalSlots.count * pixelCount)
  }

  /// Adds one year's value of a slot. NaN is skipped.
  ///
  /// - Parameter values: shape `[pixel]`.
  public mutating func add(slot: Int, values: UnsafePointer<Float>) {
    let base = slot * pixelCount, count = pixelCount
    sum.withUnsafeMutableBufferPointer { sum in
      years.withUnsafeMutableBufferPointer { years in
        for pixel in 0..<count where values[pixel].isFinite {
          sum[base + pixel] += Double(values[pixel])
          years[base + pixel] &+= 1
        }
      }
    }
  }

  /// Adds one year of all slots.
  ///
  /// - Parameter year: shape `[slot 46, pixel]`, NaN where missing.
  public mutating func add(year: [Float]) {
    year.withUnsafeBufferPointer { year in
      guard let base = year.baseAddress else { return }
      for slot in 0..<SeasonalSlots.count { add(slot: slot, values: base + slot * pixelCount) }
    }
  }

  /// What was missing from a cycle.
  public struct Gaps: Sendable, Equatable {
    /// Pixels without one valid slot: their cycle is NaN until the caller fills it.
    public var emptyPixels: [Int] = []
    /// Slots filled by interpolation, over the other pixels.
    public var filledSlots = 0
  }

  /// Steps 2 to 5 for every pixel.
  ///
  /// - Parameter cycle: shape `[day 365, pixel]`; NaN at pixels without a valid slot.
  public func finish(into cycle: UnsafeMutablePointer<Float>) -> Gaps {
    var gaps = Gaps()
    var slots = [Double](repeating: 0, count: SeasonalSlots.count)
    for pixel in 0..<pixelCount {
      for slot in 0..<SeasonalSlots.count {
        let at = slot * pixelCount + pixel
        slots[slot] = Int(years[at]) >= minimumYears ? sum[at] / Double(years[at]) : .nan
      }
      let missing = slots.count { $0.isNaN }
      let days = Self.cycle(slots: slots)
      for day in 0..<SeasonalSlots.dayCount { cycle[day * pixelCount + pixel] = Float(days[day]) }
      if missing == SeasonalSlots.count { gaps.emptyPixels.append(pixel) } else { gaps.filledSlots += missing }
    }
    return gaps
  }

  /// Steps 3 to 5 for one pixel.
  ///
  /// - Parameter slots: shape `[slot 46]`, NaN where missing.
  /// - Returns: shape `[day 365]`; all NaN when no slot is valid.
  public static func cycle(slots: [Double]) -> [Double] {
    guard let filled = filled(slots) else {
      return [Double](repeating: .nan, count: SeasonalSlots.dayCount)
    }
    let count = filled.count
    let smooth = (0..<count).map { (filled[($0 + count - 1) % count] + filled[$0] + filled[($0 + 1) % count]) / 3 }
    return SeasonalSlots.interpolation.map { (1 - $0.weight) * smooth[$0.slot] + $0.weight * smooth[$0.next] }
  }

  /// Missing slots between the valid ones around them, across the new year too; nil when none is valid.
  private static func filled(_ slots: [Double]) -> [Double]? {
    let valid = slots.indices.filter { slots[$0].isFinite }
    guard let first = valid.first, let last = valid.last else { return nil }
    var filled = slots
    let year = Double(SeasonalSlots.dayCount)
    var before = last, after = 0  // `after` indexes `valid`
    for slot in slots.indices {
      if slots[slot].isFinite {
        before = slot
        after += 1
        continue
      }
      let next = after < valid.count ? valid[after] : first
      let x = SeasonalSlots.centre(slot)
      let from = SeasonalSlots.centre(before) - (before > slot ? year : 0)
      let to = SeasonalSlots.centre(next) + (next < slot ? year : 0)
      let weight = (x - from) / (to - from)
      filled[slot] = (1 - weight) * slots[before] + weight * slots[next]
    }
    return filled
  }

  /// The annual minimum and the amplitude (maximum − minimum) of finished cycles.
  ///
  /// - Parameter cycle: shape `[day 365, pixel]`.
  /// - Returns: two arrays of shape `[pixel]`, in the variable's unit.
  public static func range(
    of cycle: UnsafePointer<Float>, pixelCount: Int
  ) -> (minimum: [Float], amplitude: [Float]) {
    var low = Array(UnsafeBufferPointer(start: cycle, count: pixelCount)), high = low
    for day in 1..<SeasonalSlots.dayCount {
      let values = cycle + day * pixelCount
      for pixel in 0..<pixelCount {
        low[pixel] = min(low[pixel], values[pixel])
        high[pixel] = max(high[pixel], values[pixel])
      }
    }
    return (low, zip(high, low).map { $0 - $1 })
  }

  /// The annual maximum of finished cycles. Shape `[pixel]`.
  static func maximum(of cycle: UnsafePointer<Float>, pixelCount: Int) -> [Float] {
    var high = Array(UnsafeBufferPointer(start: cycle, count: pixelCount))
    for day in 1..<SeasonalSlots.dayCount {
      for pixel in 0..<pixelCount { high[pixel] = max(high[pixel], cycle[day * pixelCount + pixel]) }
    }
    return high
  }

  /// The mean of finished cycles over their 365 days. Shape `[pixel]`.
  static func mean(of cycle: UnsafePointer<Float>, pixelCount: Int) -> [Float] {
    var sum = [Double](repeating: 0, count: pixelCount)
    for day in 0..<SeasonalSlots.dayCount {
      for pixel in 0..<pixelCount { sum[pixel] += Double(cycle[day * pixelCount + pixel]) }
    }
    return sum.map { Float($0 / Double(SeasonalSlots.dayCount)) }
  }
}
