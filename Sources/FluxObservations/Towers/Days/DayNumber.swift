import FluxData

/// A calendar day as days since 1970-01-01 in the proleptic Gregorian calendar: four
/// bytes, ordered, and cheap to step through, which is what millions of site-days need.
public struct DayNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let rawValue: Int32
  /// 1970-01-01 as ``Calendar`` counts.
  private static let origin = calendar.dayNumber(year: 1970, month: 1, day: 1)
  private static let calendar = Calendar.prolepticGregorian

  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The day of a civil date, or nothing when there is no such date (2001-02-29) or
  /// the year lies outside 1 … 9999.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), Self.calendar.contains(CalendarDate(year: year, month: month, day: day)) else { return nil }
    rawValue = Int32(Self.calendar.dayNumber(year: year, month: month, day: day) - Self.origin)
  }

  /// The day of a year counted from 1, or nothing when the year has no such day.
  public init?(year: Int, dayOfYear: Int) {
    guard let first = DayNumber(year: year, month: 1, day: 1), dayOfYear >= 1,
      dayOfYear <= (Self.calendar.isLeap(year: year) ? 366 : 365)
    else { return nil }
    rawValue = first.rawValue + Int32(dayOfYear - 1)
  }

  /// Year, month and day.
  public var date: CalendarDate { Self.calendar.date(dayNumber: Int(rawValue) + Self.origin) }
  public var year: Int { date.year }
  /// 1 … 12.
  public var month: Int { date.month }
  /// 1 for 1 January.
  public var dayOfYear: Int { Self.calendar.dayOfYear(date) }
  /// `2005-07-31`.
  public var description: String { date.description }

  public static func < (a: DayNumber, b: DayNumber) -> Bool { a.rawValue < b.rawValue }
  public static func + (a: DayNumber, days: Int) -> DayNumber { DayNumber(rawValue: a.rawValue + Int32(days)) }
  public static func - (a: DayNumber, b: DayNumber) -> Int { Int(a.rawValue - b.rawValue) }
}
