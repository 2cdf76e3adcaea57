/// Gathers half-hours (or hours) into days.
///
/// NEE is the mean of the intervals that are there, from µmol m⁻² s⁻¹ to gC m⁻² d⁻¹; the quality of the day is the
/// share of *all* its intervals that hold a good value, so that the rule for daily files applies unchanged. A driver
/// needs three quarters of the day; precipitation is the sum, scaled for the missing rest.
struct HalfHourlyDays {
  /// gC m⁻² d⁻¹ in one µmol m⁻² s⁻¹: 12.011e-6 g × 86 400 s (SCIENCE §1).
  static let gramsPerMicromole = 12.011e-6 * 86_400
  /// Share of a day's intervals that a driver needs.
  static let driverCoverage = 0.75

  private let isSum: [Bool]
  private var day: DayNumber?
  private var perDay = 48
  private var nee = 0.0, neeCount = 0, goodCount = 0
  private var sums: [Double], counts: [Int]
  private var taken: [Bool] = []
  private var isRepeated = false

  init(drivers isSum: [Bool]) {
    self.isSum = isSum
    sums = isSum.map { _ in 0 }
    counts = isSum.map { _ in 0 }
  }

  /// Starts an interval; closes the day before when it belongs to a new one. An interval that
  /// stands twice in a day counts once.
  mutating func begin(_ interval: (day: DayNumber, slot: Int), minutes: Int, into days: inout TowerFile.Days) {
    perDay = 1440 / minutes
    if interval.day != day {
      finish(into: &days)
      day = interval.day
      taken = [Bool](repeating: false, count: perDay)
    }
    let slot = min(max(interval.slot, 0), perDay - 1)
    isRepeated = taken[slot]
    taken[slot] = true
  }

  mutating func add(nee value: Double, isGood: Bool) {
    guard !value.isNaN, !isRepeated else { return }
    nee += value
    neeCount += 1
    if isGood { goodCount += 1 }
  }

  mutating func add(driver: Int, _ value: Double) {
    guard !value.isNaN, !isRepeated else { return }
    sums[driver] += value
    counts[driver] += 1
  }

  /// Writes the day that is open, if any.
  mutating func finish(into days: inout TowerFile.Days) {
    guard let day else { return }
    days.day.append(day)
    days.nee.append(neeCount == 0 ? .nan : Float(nee / Double(neeCount) * Self.gramsPerMicromole))
    days.quality.append(neeCount == 0 ? .nan : Float(Double(goodCount) / Double(perDay)))
    for k in isSum.indices {
      let coverage = Double(counts[k]) / Double(perDay)
      let mean = sums[k] / Double(max(1, counts[k]))
      days.drivers[k].append(coverage < Self.driverCoverage ? .nan : Float(isSum[k] ? mean * Double(perDay) : mean))
      sums[k] = 0
      counts[k] = 0
    }
    nee = 0
    neeCount = 0
    goodCount = 0
    self.day = nil
  }
}
