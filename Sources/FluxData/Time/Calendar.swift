import FluxCore

/// A calendar of the CF conventions: which days exist, and how many lie between two of them.
///
/// Years are astronomical: year 0 exists and lies before year 1. A day number is
/// the count of days from an origin of the calendar's own, so that only
/// differences within one calendar mean anything.
///
/// - Reference: CF conventions 1.8, §4.4.1.
public enum Calendar: String, Sendable, CaseIterable {
  /// Julian until 4 October 1582, Gregorian from 15 October 1582: CF's default, also called `gregorian`.
  case standard
  /// Gregorian at all times.
  case prolepticGregorian = "proleptic_gregorian"
  /// A leap year every fourth year.
  case julian
  /// 365 days every year, also called `365_day`.
  case noleap
  /// 366 days every year, also called `366_day`.
  case allLeap = "all_leap"
  /// Twelve months of 30 days.
  case day360 = "360_day"

  /// Reads a `calendar` attribute; a missing one means ``standard``.
  ///
  /// - Throws: ``FluxError`` with the nearest known name.
  public init(attribute: String?, at place: String) throws {
    guard let attribute, !attribute.isEmpty else {
      self = .standard
      return
    }
    switch attribute.lowercased() {
    case "standard", "gregorian": self = .standard
    case "proleptic_gregorian": self = .prolepticGregorian
    case "julian": self = .julian
    case "noleap", "365_day", "no_leap": self = .noleap
    case "all_leap", "366_day", "allleap": self = .allLeap
    case "360_day": self = .day360
    default:
      let known = ["standard", "gregorian", "proleptic_gregorian", "julian", "noleap", "365_day", "all_leap", "366_day", "360_day"]
      throw FluxError(
        "unknown calendar '\(attribute)'" + NearestName.hint(attribute, among: known), at: place,
        expected: "one of " + known.joined(separator: ", "))
    }
  }

  /// Whether the year has a 29 February.
  public func isLeap(year: Int) -> Bool {
    switch self {
    case .noleap, .day360: false
    case .allLeap: true
    case .julian: year % 4 == 0
    case .prolepticGregorian: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    case .standard:
      year < 1582 ? year % 4 == 0 : year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
  }

  /// The last day of a month, 28 to 31.
  public func daysInMonth(year: Int, month: Int) -> Int {
    if self == .day360 { return 30 }
    switch month {
    case 2: return isLeap(year: year) ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }

  /// How many days the year has: 355 in the standard calendar's 1582.
  public func daysInYear(_ year: Int) -> Int {
    dayNumber(year: year + 1, month: 1, day: 1) - dayNumber(year: year, month: 1, day: 1)
  }

  /// The day of the year, 1 on 1 January.
  public func dayOfYear(_ date: CalendarDate) -> Int {
    dayNumber(date) - dayNumber(year: date.year, month: 1, day: 1) + 1
  }

  /// Whether the calendar has such a day and such a time of day.
  public func contains(_ date: CalendarDate) -> Bool {
    guard (1...12).contains(date.month), date.day >= 1,
      date.day <= daysInMonth(year: date.year, month: date.month),
      date.secondOfDay >= 0, date.secondOfDay < 86_400
    else { return false }
    return !(self == .standard && date.year == 1582 && date.month == 10 && (5...14).contains(date.day))
  }

  public func dayNumber(_ date: CalendarDate) -> Int {
    dayNumber(year: date.year, month: date.month, day: date.day)
  }

  /// The count of days up to a date. Years beyond ±10⁷ are for the callers to refuse.
  public func dayNumber(year: Int, month: Int, day: Int) -> Int {
    switch self {
    case .day360: return year * 360 + (month - 1) * 30 + day - 1
    case .noleap: return year * 365 + Self.daysBefore(month: month, leap: false) + day - 1
    case .allLeap: return year * 366 + Self.daysBefore(month: month, leap: true) + day - 1
    case .julian: return Self.julianDay(year, month, day)
    case .prolepticGregorian: return Self.gregorianDay(year, month, day)
    case .standard:
      let isGregorian = (year, month, day) >= (1582, 10, 15)
      return isGregorian ? Self.gregorianDay(year, month, day) : Self.julianDay(year, month, day)
    }
  }

  /// The date of a day number; the inverse of ``dayNumber(_:)``.
  public func date(dayNumber: Int) -> CalendarDate {
    switch self {
    case .day360:
      let (year, rest) = Self.flooredDivision(dayNumber, 360)
      return CalendarDate(year: year, month: rest / 30 + 1, day: rest % 30 + 1)
    case .noleap, .allLeap:
      let leap = self == .allLeap
      let (year, rest) = Self.flooredDivision(dayNumber, leap ? 366 : 365)
      var month = 12
      while Self.daysBefore(month: month, leap: leap) > rest { month -= 1 }
      return CalendarDate(year: year, month: month, day: rest - Self.daysBefore(month: month, leap: leap) + 1)
    case .julian: return Self.julianDate(dayNumber)
    case .prolepticGregorian: return Self.gregorianDate(dayNumber)
    case .standard:
      return dayNumber >= 2_299_161 ? Self.gregorianDate(dayNumber) : Self.julianDate(dayNumber)
    }
  }

  // Julian Day Numbers after Richards (2013), Explanatory Supplement to the
  // Astronomical Almanac, §15.11, with floored divisions so that negative years
  // work too. Months are counted from March, so that the leap day ends the year.

  private static func julianDay(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let (a, m) = marchBased(year, month)
    return day + (153 * m + 2) / 5 + 365 * a + flooredDivision(a, 4).quotient - 32_083
  }

  private static func gregorianDay(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let (a, m) = marchBased(year, month)
    let century = flooredDivision(a, 100).quotient
    return day + (153 * m + 2) / 5 + 365 * a + flooredDivision(a, 4).quotient - century
      + flooredDivision(a, 400).quotient - 32_045
  }

  private static func marchBased(_ year: Int, _ month: Int) -> (year: Int, month: Int) {
    let isEarly = month <= 2
    return (year + 4_800 - (isEarly ? 1 : 0), month + (isEarly ? 9 : -3))
  }

  private static func julianDate(_ number: Int) -> CalendarDate { date(shifted: number + 32_082, centuries: 0) }

  private static func gregorianDate(_ number: Int) -> CalendarDate {
    let a = number + 32_044
    let century = flooredDivision(4 * a + 3, 146_097).quotient
    return date(shifted: a - flooredDivision(146_097 * century, 4).quotient, centuries: century)
  }

  private static func date(shifted c: Int, centuries: Int) -> CalendarDate {
    let year = flooredDivision(4 * c + 3, 1_461).quotient
    let dayOfYear = c - flooredDivision(1_461 * year, 4).quotient
    let m = (5 * dayOfYear + 2) / 153
    return CalendarDate(
      year: 100 * centuries + year - 4_800 + m / 10, month: m + 3 - 12 * (m / 10),
      day: dayOfYear - (153 * m + 2) / 5 + 1)
  }

  private static func flooredDivision(_ a: Int, _ b: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
  }

  private static func daysBefore(month: Int, leap: Bool) -> Int {
    let common = month <= 2 ? 31 * (month - 1) : (153 * (month - 3) + 2) / 5 + 59
    return common + (leap && month > 2 ? 1 : 0)
  }
}
