import FluxCore

/// The regular step of a time axis, as far as it has one.
public enum TimeStep: String, Sendable { case day, month, year, other }

/// The dates of a cube or series, ascending, in one calendar.
///
/// A date is where the file puts the value: the start, the middle or any day of
/// the interval it stands for. ``bounds`` has the interval itself where it is known.
public struct TimeAxis: Sendable, Equatable {
  public let calendar: Calendar
  /// Strictly ascending.
  public let dates: [CalendarDate]
  public let step: TimeStep
  /// The interval of each date, `[start, end)`, when the file or the maker knows it.
  public let bounds: [TimeInterval]?

  /// The span that one value stands for, the end not included.
  public struct TimeInterval: Sendable, Equatable {
    public let start, end: CalendarDate
    public init(start: CalendarDate, end: CalendarDate) {
      self.start = start
      self.end = end
    }
  }

  /// Dates that must ascend and exist in the calendar; the step is found from them.
  ///
  /// - Throws: ``FluxError`` for dates out of order or twice, naming the first.
  public init(calendar: Calendar, dates: [CalendarDate], bounds: [TimeInterval]? = nil, at place: String = "TimeAxis") throws {
    for (earlier, later) in zip(dates, dates.dropFirst()) where earlier >= later {
      throw FluxError(
        earlier == later ? "the date \(later) comes twice" : "the date \(later) follows \(earlier)", at: place,
        expected: "dates in ascending order", remedy: "Sort the file along time, and drop the overlap between files.")
    }
    for date in dates where !calendar.contains(date) {
      throw FluxError("the day \(date) does not exist in the \(calendar.rawValue) calendar", at: place)
    }
    self.init(unchecked: calendar, dates, bounds: bounds?.count == dates.count ? bounds : nil)
  }

  private init(unchecked calendar: Calendar, _ dates: [CalendarDate], step: TimeStep? = nil, bounds: [TimeInterval]? = nil) {
    self.calendar = calendar
    self.dates = dates
    self.bounds = bounds
    self.step = step ?? Self.step(calendar, dates, bounds)
  }

  /// Every day from the first to the last, both included.
  public static func daily(from first: CalendarDate, through last: CalendarDate, calendar: Calendar = .standard) -> TimeAxis {
    let start = calendar.dayNumber(first), end = calendar.dayNumber(last)
    let dates = start <= end ? (start...end).map { calendar.date(dayNumber: $0) } : []
    return TimeAxis(unchecked: calendar, dates, step: .day)
  }

  /// Every day of whole years.
  public static func daily(years: ClosedRange<Int>, calendar: Calendar = .standard) -> TimeAxis {
    daily(
      from: CalendarDate(year: years.lowerBound, month: 1, day: 1),
      through: CalendarDate(year: years.upperBound, month: 12, day: calendar.daysInMonth(year: years.upperBound, month: 12)),
      calendar: calendar)
  }

  /// Every month of whole years, dated on its first day.
  public static func monthly(years: ClosedRange<Int>, calendar: Calendar = .standard) -> TimeAxis {
    var bounds: [TimeInterval] = []
    for year in years {
      for month in 1...12 { bounds.append(monthInterval(year, month)) }
    }
    return TimeAxis(unchecked: calendar, bounds.map(\.start), step: .month, bounds: bounds)
  }

  /// Whole years, dated on 1 January.
  public static func annual(years: ClosedRange<Int>, calendar: Calendar = .standard) -> TimeAxis {
    let bounds = years.map(yearInterval)
    return TimeAxis(unchecked: calendar, bounds.map(\.start), step: .year, bounds: bounds)
  }

  /// The composites of MODIS: 46 a year, every eighth day from 1 January, the last one cut at the year's end.
  public static func eightDaily(years: ClosedRange<Int>, calendar: Calendar = .standard) -> TimeAxis {
    var bounds: [TimeInterval] = []
    for year in years {
      let start = calendar.dayNumber(year: year, month: 1, day: 1)
      let end = calendar.dayNumber(year: year + 1, month: 1, day: 1)
      for day in stride(from: start, to: end, by: 8) {
        bounds.append(TimeInterval(
          start: calendar.date(dayNumber: day), end: calendar.date(dayNumber: min(day + 8, end))))
      }
    }
    return TimeAxis(unchecked: calendar, bounds.map(\.start), step: .other, bounds: bounds)
  }

  public var count: Int { dates.count }

  /// The years that have at least one date, ascending.
  public var years: [Int] {
    var years: [Int] = []
    for date in dates where date.year != years.last { years.append(date.year) }
    return years
  }

  public func daysInMonth(at index: Int) -> Int {
    calendar.daysInMonth(year: dates[index].year, month: dates[index].month)
  }

  public func daysInYear(at index: Int) -> Int { calendar.daysInYear(dates[index].year) }

  /// 1 on 1 January.
  public func dayOfYear(at index: Int) -> Int { calendar.dayOfYear(dates[index]) }

  /// The length in days of the interval that a value stands for: its bounds where known, otherwise one
  /// day, month or year by the step, otherwise the time to the next date (before it for the last).
  public func lengthInDays(at index: Int) -> Double {
    if let bounds { return days(from: bounds[index].start, to: bounds[index].end) }
    switch step {
    case .day: return 1
    case .month: return Double(daysInMonth(at: index))
    case .year: return Double(daysInYear(at: index))
    case .other:
      guard count > 1 else { return 1 }
      let i = min(index, count - 2)
      return days(from: dates[i], to: dates[i + 1])
    }
  }

  /// Days between two dates, with the fraction of the day.
  public func days(from start: CalendarDate, to end: CalendarDate) -> Double {
    Double(calendar.dayNumber(end) - calendar.dayNumber(start)) + (end.secondOfDay - start.secondOfDay) / 86_400
  }

  /// The index of an equal date, or of the value whose day, month or year (by the step) or bounds hold it.
  public func index(of date: CalendarDate) -> Int? {
    let next = lowerBound(date)
    if next < count, dates[next] == date { return next }
    func isSame(_ i: Int) -> Bool {
      guard dates.indices.contains(i) else { return false }
      let other = dates[i]
      if let bounds, bounds[i].start <= date, date < bounds[i].end { return true }
      switch step {
      case .day: return other.midnight == date.midnight
      case .month: return (other.year, other.month) == (date.year, date.month)
      case .year: return other.year == date.year
      case .other: return false
      }
    }
    return [next - 1, next].first(where: isSame)
  }

  /// The indices of the dates from the first to the last, both included; a last date at midnight means its
  /// whole day.
  public func range(from first: CalendarDate, through last: CalendarDate) -> Range<Int> {
    let start = lowerBound(first)
    var end = lowerBound(last)
    if last.secondOfDay == 0 { end = lowerBound(CalendarDate(year: last.year, month: last.month, day: last.day + 1)) }
    else if end < count, dates[end] == last { end += 1 }
    return start..<max(start, end)
  }

  /// The position of the first date that is not before `date`.
  private func lowerBound(_ date: CalendarDate) -> Int {
    var low = 0, high = count
    while low < high {
      let middle = (low + high) / 2
      if dates[middle] < date { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The axis of a selection; `indices` ascend.
  public func selecting(_ indices: some Sequence<Int>) -> TimeAxis {
    var picked: [CalendarDate] = []
    var intervals: [TimeInterval]? = bounds == nil ? nil : []
    for i in indices {
      picked.append(dates[i])
      if let bounds { intervals?.append(bounds[i]) }
    }
    // A single date loses its neighbours, not what it stands for.
    return TimeAxis(unchecked: calendar, picked, step: picked.count < 2 ? step : nil, bounds: intervals)
  }

  /// The values of one year-month (or year, `month` nil), which lie side by side.
  public struct Group: Sendable, Equatable {
    public let year: Int
    public let month: Int?
    public let indices: Range<Int>
  }

  /// The year-months that have at least one date, ascending.
  public func months() -> [Group] {
    groups { ($0.year, $0.month) }
  }

  /// The years that have at least one date, ascending.
  public func yearGroups() -> [Group] {
    groups { ($0.year, nil) }
  }

  private func groups(by key: (CalendarDate) -> (Int, Int?)) -> [Group] {
    var groups: [Group] = []
    var start = 0
    while start < count {
      let (year, month) = key(dates[start])
      var end = start + 1
      while end < count, key(dates[end]) == (year, month) { end += 1 }
      groups.append(Group(year: year, month: month, indices: start..<end))
      start = end
    }
    return groups
  }

  /// The axis of one value per group, dated on the first day of the month or year, with its bounds.
  public func grouped(_ groups: [Group]) -> TimeAxis {
    let bounds = groups.map { group in group.month.map { Self.monthInterval(group.year, $0) } ?? Self.yearInterval(group.year) }
    let step: TimeStep = groups.first?.month == nil ? .year : .month
    return TimeAxis(unchecked: calendar, bounds.map(\.start), step: step, bounds: bounds)
  }

  private static func monthInterval(_ year: Int, _ month: Int) -> TimeInterval {
    TimeInterval(
      start: CalendarDate(year: year, month: month, day: 1),
      end: CalendarDate(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1))
  }

  private static func yearInterval(_ year: Int) -> TimeInterval {
    TimeInterval(start: CalendarDate(year: year, month: 1, day: 1), end: CalendarDate(year: year + 1, month: 1, day: 1))
  }

  private static func step(_ calendar: Calendar, _ dates: [CalendarDate], _ bounds: [TimeInterval]?) -> TimeStep {
    func holds(_ isStep: (CalendarDate, CalendarDate) -> Bool) -> Bool { zip(dates, dates.dropFirst()).allSatisfy(isStep) }
    func month(_ date: CalendarDate) -> Int { date.year * 12 + date.month }
    func number(_ date: CalendarDate) -> Double { Double(calendar.dayNumber(date)) + date.secondOfDay / 86_400 }
    guard dates.count > 1 else {
      guard let only = bounds?.first else { return .other }
      switch number(only.end) - number(only.start) {
      case 1: return .day
      case 28...31: return .month
      case 360...366: return .year
      default: return .other
      }
    }
    if holds({ (number($1) - number($0) - 1).magnitude < 1e-6 }) { return .day }
    if holds({ month($1) - month($0) == 1 }) { return .month }
    if holds({ $1.year - $0.year == 1 && ($1.month - $0.month).magnitude <= 1 }) { return .year }
    return .other
  }
}
