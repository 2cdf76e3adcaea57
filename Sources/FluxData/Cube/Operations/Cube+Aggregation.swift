import FluxCore

/// How the values of a month or year become one.
public enum Aggregation: String, Sendable, CaseIterable { case mean, sum }

extension Cube {
  /// Months of the file's own calendar, each value weighted by the days that it stands for. Lazy.
  ///
  /// "sum" of a rate per day, second, month or year is the month's total, mean rate × days: missing days do not
  /// shrink it. Of other units it is the plain sum of the values.
  public func monthly(_ aggregation: Aggregation = .mean) throws -> Cube {
    try grouped(aggregation, timeAxis().months(), place: "cube:monthly", per: "month")
  }

  /// Years of the file's own calendar; see ``monthly(_:)``.
  public func annual(_ aggregation: Aggregation = .mean) throws -> Cube {
    try grouped(aggregation, timeAxis().yearGroups(), place: "cube:annual", per: "yr")
  }

  private func timeAxis() throws -> TimeAxis {
    guard let time else { throw FluxError("'\(name)' has no time axis", at: "cube", expected: "a cube with time") }
    return time
  }

  private func grouped(_ aggregation: Aggregation, _ groups: [TimeAxis.Group], place: String, per period: String) throws -> Cube {
    let time = try timeAxis()
    if time.step == .year, period == "month" {
      throw FluxError("'\(name)' has one value a year", at: place, expected: "a monthly or finer time axis")
    }
    var base = self
    var unitText = unitText
    var lengths = [Double](repeating: 1, count: groups.count)
    var isPlainSum = aggregation == .sum
    if aggregation == .sum, let unit, let perDay = unit.replacingRate(by: "d") {
      base = try converted(to: perDay, at: place)
      isPlainSum = false
      lengths = groups.map { group in
        Double(group.month.map { time.calendar.daysInMonth(year: group.year, month: $0) } ?? time.calendar.daysInYear(group.year))
      }
      unitText = unit.replacingRate(by: period)?.description ?? unitText
    }
    let source = GroupSource(
      base: base.source, groups: groups.map(\.indices), weights: (0..<time.count).map(time.lengthInDays), factors: lengths,
      isPlainSum: isPlainSum, chunk: base.blockLength)
    return with(unitText: unitText, time: time.grouped(groups), source: source)
  }
}

extension Unit {
  /// The unit with its `d-1`, `s-1`, `month-1`, … replaced; nil when it is no rate.
  func replacingRate(by period: String) -> Unit? {
    for symbol in ["d", "s", "h", "hr", "hour", "min", "month", "yr"] {
      guard let rate = try? Unit(symbol + "-1"), let new = try? Unit(period + "-1") else { continue }
      if let rest = removing(rate) { return rest.multiplied(by: new) }
    }
    return nil
  }
}

/// One value for each group of consecutive times.
private struct GroupSource: CubeSource {
  let base: any CubeSource
  let groups: [Range<Int>]
  /// The weight of each time of the base.
  let weights: [Double]
  /// What the mean of a group is multiplied by.
  let factors: [Double]
  let isPlainSum: Bool
  /// How many times of the base to read together.
  let chunk: Int

  func read(_ block: CubeBlock, into values: UnsafeMutableBufferPointer<Float>) throws {
    let map = block.rows.count * block.columns.count
    var sums = [Double](repeating: 0, count: map), total = [Double](repeating: 0, count: map)
    for (position, index) in block.time.enumerated() {
      for i in 0..<map { (sums[i], total[i]) = (0, 0) }
      let group = groups[index]
      for start in stride(from: group.lowerBound, to: group.upperBound, by: chunk) {
        try Interrupt.check()
        let times = start..<min(start + chunk, group.upperBound)
        let part = try base.read(block.with(time: times))
        part.withUnsafeBufferPointer { part in
          sums.withUnsafeMutableBufferPointer { sums in
            total.withUnsafeMutableBufferPointer { total in
              for (offset, time) in times.enumerated() {
                let weight = isPlainSum ? 1 : weights[time]
                for i in 0..<map {
                  let value = part[offset * map + i]
                  if value == value {
                    sums[i] += weight * Double(value)
                    total[i] += weight
                  }
                }
              }
            }
          }
        }
      }
      for i in 0..<map {
        let result = isPlainSum ? sums[i] : sums[i] / total[i] * factors[index]
        values[position * map + i] = total[i] > 0 ? Float(result) : .nan
      }
    }
  }
}
