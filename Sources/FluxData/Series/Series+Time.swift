import FluxCore

extension Series {
  /// One value a year.
  ///
  /// A total per step (PgC month⁻¹ of monthly values) is summed and becomes one per year; anything else (a
  /// rate such as PgC yr⁻¹, a flux per area) is averaged, weighted by the days of each value.
  ///
  /// Years that hold fewer days than the fullest are left out, with a note; a year with a missing value is missing.
  public func annual() throws -> Series {
    let groups = time.yearGroups()
    func days(_ group: TimeAxis.Group) -> Double { group.indices.reduce(0) { $0 + time.lengthInDays(at: $1) } }
    // A leap year has one more; so has a season with February.
    let fullest = groups.map(days).max() ?? 0
    let kept = groups.filter { days($0) > fullest - 1.5 }
    let dropped = groups.filter { days($0) <= fullest - 1.5 }
    var note: String?
    if !dropped.isEmpty {
      note = "annual: left out \(dropped.map { "\($0.year)" }.joined(separator: ", ")), which the record holds only in part"
    }
    if fullest < 360 { note = (note.map { $0 + "; " } ?? "") + "annual: each year is \(Int(fullest.rounded())) days of it" }
    return try combining(kept, sumsPer: Unit("yr"), note: note)
  }

  /// One value a month: totals per step are summed, anything else averaged by days. Months that the record holds only
  /// in part are left out, with a note.
  public func monthly() throws -> Series {
    guard time.step != .year else {
      throw FluxError("a series of years", at: "series:monthly", expected: "values of a month or less")
    }
    let groups = time.months()
    let kept = groups.filter(isComplete)
    let dropped = groups.count - kept.count
    return try combining(
      kept, sumsPer: Unit("month"), note: dropped == 0 ? nil : "monthly: left out \(dropped) months that the record holds only in part")
  }

  /// The mean seasonal cycle: the mean over years of each month (12 values), or of each day of a 365-day year, missing
  /// values left out. Dated in the first year of the record.
  public func meanSeasonalCycle() throws -> Series {
    let slots = try seasonalSlots(at: "series:msc")
    let year = time.dates.first?.year ?? 2001
    let isMonthly = slots.count == 12
    let axis = isMonthly
      ? TimeAxis.monthly(years: year...year, calendar: time.calendar) : TimeAxis.daily(years: year...year, calendar: .noleap)
    return remaking(time: axis) { row in Self.means(row, slots.of, count: slots.count) }
  }

  /// Departures from the mean seasonal cycle. Shape and axes of the series.
  public func anomaly() throws -> Series {
    let slots = try seasonalSlots(at: "series:anomaly")
    return remaking(time: time) { row in
      let cycle = Self.means(row, slots.of, count: slots.count)
      return zip(row, slots.of).map { $0 - cycle[$1] }
    }
  }

  /// Without its straight line through time, fitted by least squares to the values present; the mean stays.
  public func detrended() -> Series {
    let x = (0..<time.count).map { time.days(from: time.dates[0], to: time.dates[$0]) }
    return remaking(time: time) { row in
      let present = zip(x, row).filter { !$0.1.isNaN }
      guard !present.isEmpty else { return Array(row) }
      let n = Double(present.count)
      let meanX = present.reduce(0) { $0 + $1.0 } / n, meanY = present.reduce(0) { $0 + $1.1 } / n
      let spread = present.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
      let slope = spread > 0 ? present.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread : 0
      return zip(x, row).map { $1 - slope * ($0 - meanX) }
    }
  }

  /// Whether each value stands for a month, also after a selection that leaves some months out.
  var isMonths: Bool {
    time.step == .month || time.bounds?.allSatisfy { (28...31).contains(time.days(from: $0.start, to: $0.end)) } ?? false
  }

  private func combining(_ groups: [TimeAxis.Group], sumsPer span: Unit, note: String?) throws -> Series {
    let summed = try unitOfSums(per: span)
    let days = (0..<time.count).map { time.lengthInDays(at: $0) }
    return remaking(time: time.grouped(groups), unit: summed, note: note) { row in
      groups.map { group in
        var sum = 0.0, weight = 0.0
        for index in group.indices {
          let w = summed == nil ? days[index] : 1
          sum += row[row.startIndex + index] * w
          weight += w
        }
        return summed == nil ? sum / weight : sum
      }
    }
  }

  /// Which slot of the mean year each value belongs to: its month, or its day in a year of 365 (29 February is
  /// counted to 28 February).
  private func seasonalSlots(at place: String) throws -> (of: [Int], count: Int) {
    switch time.step {
    case .year: throw FluxError("a series of years", at: place, expected: "values of a month or less")
    case .month: return (time.dates.map { $0.month - 1 }, 12)
    case .other where isMonths: return (time.dates.map { $0.month - 1 }, 12)
    case .day, .other:
      if time.step == .other {
        throw FluxError("steps that are neither days nor months", at: place, expected: "a daily or monthly series",
          remedy: "Make monthly values first: s:monthly().")
      }
      return (time.dates.map { date in
        let day = date.month == 2 && date.day == 29 ? 28 : min(date.day, Calendar.noleap.daysInMonth(year: 2001, month: date.month))
        return Calendar.noleap.dayOfYear(CalendarDate(year: 2001, month: date.month, day: day)) - 1
      }, 365)
    }
  }

  private static func means(_ row: ArraySlice<Double>, _ slots: [Int], count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count), present = sums
    for (value, slot) in zip(row, slots) where !value.isNaN {
      sums[slot] += value
      present[slot] += 1
    }
    return zip(sums, present).map { $1 > 0 ? $0 / $1 : .nan }
  }
}
