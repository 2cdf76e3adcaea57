import FluxCore

/// The slots of an average year.
public enum CyclePeriod: String, Sendable, CaseIterable { case month, day }

extension Cube {
  /// The mean seasonal cycle: the average over years of each month, or of each day of the year.
  ///
  /// By day: daily values by month and day, 29 February taken with 28 February; composites (8-daily) by the day
  /// of the year on which they start. Read once, kept in memory.
  ///
  /// - Parameter period: by the axis' own step when nil.
  /// - Returns: a cube of one year without a leap day, dated in the first such year of the data.
  public func meanSeasonalCycle(by period: CyclePeriod? = nil) throws -> Cube {
    let slots = try CycleSlots(of: self, by: period)
    let means = SlotMeans(cube: self, slot: slots.slot, slotCount: slots.axis.count)
    // Where each time lies by itself in the file, slot by slot: no sums but those at work.
    let (values, missing) = try source.timeChunk == 1 ? means.slotBySlot() : means.inOrderOfTime()
    var attributes = attributes
    if attributes.text(Self.averagedYears) == nil, let time, let first = time.years.first, let last = time.years.last { attributes[Self.averagedYears] = .text(first == last ? "\(first)" : "\(first)-\(last)") }
    return with(
      time: .some(slots.axis), attributes: attributes, missingCount: missing,
      source: MemorySource(values: values, timeCount: slots.axis.count, rows: grid.rows, columns: grid.columns))
  }

  /// The attribute of an average year that says of which years it is.
  public static let averagedYears = "averaged_years"

  /// Departures from the mean seasonal cycle. The cycle is read at once, the departures when asked.
  public func anomaly(by period: CyclePeriod? = nil) throws -> Cube {
    let slot = try CycleSlots(of: self, by: period).slot
    let cycle = try meanSeasonalCycle(by: period).source
    let base = source
    let computed = ComputedSource(timeChunk: base.timeChunk) { block, values in
      try base.read(block, into: values)
      let map = block.rows.count * block.columns.count
      for (offset, time) in block.time.enumerated() {
        let mean = try cycle.read(block.with(time: slot[time]..<slot[time] + 1))
        for i in 0..<map { values[offset * map + i] -= mean[i] }
      }
    }
    return with(source: computed)
  }

  /// The peak-to-trough range of the mean seasonal cycle.
  public func amplitude(by period: CyclePeriod? = nil) throws -> Cube {
    let cycle = try meanSeasonalCycle(by: period)
    let range = try cycle.reduced(.max, over: ["time"]).combined(.subtract, with: cycle.reduced(.min, over: ["time"]))
    return range.with(longName: "seasonal amplitude of \(longName)", source: range.source)
  }

  /// The cube without its linear trend over time, cell by cell; the mean stays.
  public func detrended() throws -> Cube {
    guard let time, time.count > 2 else {
      throw FluxError("'\(name)' has \(timeCount) times", at: "cube:detrend", expected: "at least 3")
    }
    // Days from the middle of the axis; least squares on the valid values of each cell.
    let first = time.dates[0]
    let days = time.dates.map { time.days(from: first, to: $0) }
    let places = leadingCount * grid.cellCount
    try AvailableMemory.require(places, ofSize: 60, for: "the trend of '\(name)'", at: "cube:detrend")
    var n = [Double](repeating: 0, count: places), x = n, y = n, xx = n, xy = n
    try forEachBlock { block, values in
      for (offset, t) in block.time.enumerated() {
        for cell in 0..<grid.cellCount {
          let value = Double(values[offset * grid.cellCount + cell])
          guard value == value else { continue }
          let i = block.leading * grid.cellCount + cell
          n[i] += 1
          x[i] += days[t]
          y[i] += value
          xx[i] += days[t] * days[t]
          xy[i] += days[t] * value
        }
      }
    }
    let slope = (0..<places).map { i in
      let spread = xx[i] - x[i] * x[i] / max(1, n[i])
      return spread > 0 ? (xy[i] - x[i] * y[i] / n[i]) / spread : 0
    }
    let centre = (0..<places).map { x[$0] / max(1, n[$0]) }
    let base = source, columns = grid.columns, cells = grid.cellCount
    let computed = ComputedSource(timeChunk: base.timeChunk) { block, values in
      try base.read(block, into: values)
      var next = 0
      for t in block.time {
        for row in block.rows {
          for column in block.columns {
            let i = block.leading * cells + row * columns + column
            values[next] = Float(Double(values[next]) - slope[i] * (days[t] - centre[i]))
            next += 1
          }
        }
      }
    }
    return with(source: computed)
  }
}

/// Which slot of an average year each date falls into.
private struct CycleSlots {
  let slot: [Int]
  /// The average year itself.
  let axis: TimeAxis

  init(of cube: Cube, by period: CyclePeriod?) throws {
    guard let time = cube.time, !time.dates.isEmpty else {
      throw FluxError("'\(cube.name)' has no time axis", at: "cube:msc", expected: "a cube with time")
    }
    guard time.step != .year else {
      throw FluxError("'\(cube.name)' has one value a year", at: "cube:msc", expected: "a monthly or finer time axis")
    }
    let calendar = time.calendar
    let first = time.dates[0].year
    let year = (first..<first + 9).first { !calendar.isLeap(year: $0) } ?? first
    if (period ?? (time.step == .month ? .month : .day)) == .month {
      slot = time.dates.map { $0.month - 1 }
      axis = .monthly(years: year...year, calendar: calendar)
      return
    }
    guard time.step != .month else {
      throw FluxError("'\(cube.name)' has one value a month", at: "cube:msc", expected: "{by=\"month\"}")
    }
    let isLeapYear = calendar.isLeap(year: year)
    func dayOfYear(_ date: CalendarDate) -> Int {
      let day = !isLeapYear && date.month == 2 && date.day == 29 ? 28 : date.day
      return calendar.dayOfYear(CalendarDate(year: year, month: date.month, day: day))
    }
    // Composites start on fixed days of the year, so their dates shift in leap years; daily dates do not.
    let length = calendar.daysInYear(year)
    let days = time.dates.map { time.step == .day ? dayOfYear($0) : min(calendar.dayOfYear($0), length) }
    let present = Array(Set(days)).sorted()
    let position = Dictionary(uniqueKeysWithValues: present.enumerated().map { ($1, $0) })
    slot = days.map { position[$0] ?? 0 }
    let start = calendar.dayNumber(year: year, month: 1, day: 1)
    axis = try TimeAxis(calendar: calendar, dates: present.map { calendar.date(dayNumber: start + $0 - 1) })
  }
}
