import FluxDrivers
import Testing

@Suite("Mean seasonal cycle")
struct MeanSeasonalCycleTests {
  @Test("four years with gaps give the cycle that numpy gives")
  func reference() throws {
    let rows = referenceTable("mean_seasonal_cycle.csv")
    try #require(rows.count == 5)
    var cycle = MeanSeasonalCycle(pixelCount: 1, baseYears: 4)
    for row in rows.dropLast() { cycle.add(year: row.dropFirst().map { Float($0) ?? .nan }) }
    var days = [Float](repeating: 0, count: 365)
    let gaps = cycle.finish(into: &days)
    #expect(gaps.emptyPixels.isEmpty)
    #expect(gaps.filledSlots > 3)
    for (day, expected) in rows[4].dropFirst().compactMap(Double.init).enumerated() {
      // Single precision in and out.
      #expect(abs(Double(days[day]) - expected) < 2e-7 * 2, "day \(day)")
    }
  }

  @Test("a constant stays the constant, through gaps and smoothing")
  func constant() {
    var slots = [Double](repeating: 7.5, count: 46)
    for slot in [0, 1, 20, 44, 45] { slots[slot] = .nan }
    #expect(MeanSeasonalCycle.cycle(slots: slots).allSatisfy { abs($0 - 7.5) < 1e-14 })
  }

  @Test("one valid slot fills the year; none leaves it missing")
  func sparse() {
    var slots = [Double](repeating: .nan, count: 46)
    #expect(MeanSeasonalCycle.cycle(slots: slots).allSatisfy { $0.isNaN })
    slots[30] = 2
    #expect(MeanSeasonalCycle.cycle(slots: slots).allSatisfy { abs($0 - 2) < 1e-14 })
  }

  @Test("a slot needs three valid years, or all of a shorter base period")
  func validYears() {
    for (years, valid, enough) in [(8, 2, false), (8, 3, true), (2, 2, true), (2, 1, false), (1, 1, true)] {
      var cycle = MeanSeasonalCycle(pixelCount: 1, baseYears: years)
      for year in 0..<years {
        var values = [Float](repeating: 1, count: 46)
        if year >= valid { values[10] = .nan }
        values[10] *= 100
        cycle.add(year: values)
      }
      var days = [Float](repeating: 0, count: 365)
      _ = cycle.finish(into: &days)
      #expect((days[83] > 30) == enough, "\(valid) of \(years) years")
    }
  }

  @Test("29 February takes 28 February, and the slots of a leap year are the slots of MODIS")
  func leapYear() {
    #expect(SeasonalSlots.seasonIndex(month: 2, day: 28) == 58)
    #expect(SeasonalSlots.seasonIndex(month: 2, day: 29) == 58)
    #expect(SeasonalSlots.seasonIndex(month: 3, day: 1) == 59)
    #expect(SeasonalSlots.seasonIndex(month: 12, day: 31) == 364)
    #expect(SeasonalSlots.slot(dayOfYear: 1) == 0)
    #expect(SeasonalSlots.slot(dayOfYear: 8) == 0)
    #expect(SeasonalSlots.slot(dayOfYear: 9) == 1)
    #expect(SeasonalSlots.slot(dayOfYear: 361) == 45)
    #expect(SeasonalSlots.slot(dayOfYear: 366) == 45)
  }

  @Test("pixels do not mix; empty ones are listed; range gives minimum and amplitude")
  func pixels() {
    var cycle = MeanSeasonalCycle(pixelCount: 3, baseYears: 1)
    var year = [Float](repeating: .nan, count: 46 * 3)
    for slot in 0..<46 {
      year[slot * 3] = Float(slot)
      year[slot * 3 + 2] = -1
    }
    cycle.add(year: year)
    var days = [Float](repeating: 0, count: 365 * 3)
    #expect(cycle.finish(into: &days).emptyPixels == [1])
    let (minimum, amplitude) = MeanSeasonalCycle.range(of: days, pixelCount: 3)
    #expect(minimum[2] == -1 && amplitude[2] == 0)
    // Smoothed slots 43 and 44 are 43 and 44, at days 347.5 and 355.5; day 355 is 7.5 of the 8 days between.
    #expect(days[355 * 3] == 43.9375)
    #expect(amplitude[0] > 40 && amplitude[0] < 45)
  }
}
