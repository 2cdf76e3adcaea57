import FluxData
import FluxDrivers
import FluxObservations
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

  @Test("the MSC of a leap year is right: numpy's cycle of 2003 to 2006, and 29 February 2004 takes 28 February")
  func leapYearReference() throws {
    let rows = referenceTable("leap_year_cycle.csv")
    try #require(rows.count == 2 && rows[0].count == 366)
    var synthetic = SyntheticVariables()
    synthetic.years = 2003...2006
    synthetic.values["tair"] = { date, _ in
      let day = DayNumber(year: date.year, month: date.month, day: date.day)?.dayOfYear ?? 0
      return Float((day * day * 7 + date.year * 13) % 500) / 8
    }
    let recipe = try DriverRecipe(
      [.init(name: "cycle", formula: "msc(tair)")] + ["amplitude", "min", "max", "mean"].map { .init(name: $0, formula: "\($0)(msc(tair))") })
    let store = try synthetic.build(recipe)
    #expect(store.kinds == [.seasonal, .constant, .constant, .constant, .constant] && store.dayCount == 365 + 366 + 365 + 365)
    let cycle = rows[0].dropFirst().compactMap(Double.init)
    for (day, date) in store.time.dates.enumerated() where date.year == 2004 {
      let number = try #require(DayNumber(year: 2003, month: date.month, day: date.month == 2 ? min(28, date.day) : date.day))
      #expect(abs(Double(store.value(driver: 0, pixel: 1, day: day)) - cycle[number.dayOfYear - 1]) < singlePrecision, "\(date)")
    }
    for (index, expected) in rows[1].dropFirst().compactMap(Double.init).enumerated() {
      #expect(abs(Double(store.value(driver: index + 1, pixel: 2, day: 0)) - expected) < singlePrecision)
    }
  }

  /// Slots are sums of eight single-precision numbers of up to 62.5.
  private let singlePrecision = 2e-5

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
