extension TimeAxis {
  /// The axis with the interval of each value spelt out, so that a selection of days, months or years still knows
  /// what each one stands for.
  func withBounds() -> TimeAxis {
    guard bounds == nil else { return self }
    let intervals: [TimeInterval]?
    switch step {
    case .month: intervals = grouped(months()).bounds
    case .year: intervals = grouped(yearGroups()).bounds
    case .day:
      intervals = dates.map { date in
        let start = calendar.dayNumber(date)
        return TimeInterval(start: calendar.date(dayNumber: start), end: calendar.date(dayNumber: start + 1))
      }
    case .other: intervals = nil
    }
    return (try? TimeAxis(calendar: calendar, dates: dates, bounds: intervals)) ?? self
  }
}
