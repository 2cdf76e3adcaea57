import FluxCore
import FluxData

/// A flux on a grid over time, as an inversion or what is taken off it: read a few steps at a time.
///
/// - Units: values are per area of the whole cell, positive to the atmosphere.
struct FluxField: Sendable {
  let name: String
  let grid: Grid
  /// Nil for a field that does not change.
  let time: TimeAxis?
  let unit: Unit
  /// What a mass is of when the unit does not say it: GFAS writes kg of CO₂ as `kg m-2 s-1`.
  var substance: Substance?
  /// Values of some steps. Shape `[time, row, column]`, NaN where missing. A field without time has one step.
  let read: @Sendable (Range<Int>) throws -> [Float]

  /// The mean of some steps, each weighted by its days, NaN where no step has a value. Shape `[row, column]`.
  func mean(of steps: Range<Int>) throws -> [Float] {
    if steps.count == 1 { return try read(steps) }
    let cells = grid.cellCount
    var sum = [Double](repeating: 0, count: cells), weight = sum
    // At most 64 MB at once: daily fires at 0.1° have 26 MB a step.
    let block = max(1, 16_000_000 / max(1, cells))
    for start in stride(from: steps.lowerBound, to: steps.upperBound, by: block) {
      try Interrupt.check()
      let part = start..<min(start + block, steps.upperBound)
      let values = try read(part)
      for (position, step) in part.enumerated() {
        let days = time?.lengthInDays(at: step) ?? 1
        values.withUnsafeBufferPointer { values in
          for cell in 0..<cells {
            let value = values[position * cells + cell]
            if !value.isNaN {
              sum[cell] += Double(value) * days
              weight[cell] += days
            }
          }
        }
      }
    }
    return zip(sum, weight).map { $1 > 0 ? Float($0 / $1) : .nan }
  }

  /// Calls `body` with each month's mean, ascending. Months of single values are read many at once: a file may keep
  /// years in one chunk.
  func forEachMonth(_ body: (YearMonth, [Float]) throws -> Void) throws {
    let cells = grid.cellCount, block = max(1, 16_000_000 / max(1, cells))
    let groups = time?.months() ?? []
    var next = 0
    while next < groups.count {
      try Interrupt.check()
      let first = groups[next].indices.lowerBound
      var end = next + 1
      while end < groups.count, groups[end].indices.upperBound - first <= block { end += 1 }
      let isPlain = groups[next..<end].allSatisfy { $0.indices.count == 1 }
      let values = isPlain ? try read(first..<groups[end - 1].indices.upperBound) : []
      for group in groups[next..<end] {
        let start = (group.indices.lowerBound - first) * cells
        let map = isPlain ? Array(values[start..<start + cells]) : try mean(of: group.indices)
        try body(YearMonth(year: group.year, month: group.month ?? 1), map)
      }
      next = end
    }
  }

  /// gC m⁻² d⁻¹ for one of the field's unit in a year: a year in the denominator has that year's days.
  func dailyFactor(year: Int, month: Int) throws -> Double {
    let calendar = time?.calendar ?? .standard
    let conversion = try unit.conversion(to: Unit("gC m-2 d-1"), of: substance, at: name)
    return conversion.scale(
      daysInMonth: calendar.daysInMonth(year: year, month: month), daysInYear: calendar.daysInYear(year))
  }
}
