import FluxCore

/// The `units` of a CF time coordinate: a length and a reference date, such as
/// `days since 1970-01-01 00:00:00`, in one calendar.
///
/// `months since` and `years since` are refused, except in the 360-day calendar
/// where a month is 30 days: UDUNITS reads them as 30.44 and 365.2422 days,
/// which is hardly ever what the writer of the file meant. (``CubeTime`` takes whole months from the first of a month.)
public struct TimeUnit: Sendable {
  public let calendar: Calendar
  /// Seconds in one unit.
  public let seconds: Double
  /// The date of value 0.
  public let reference: CalendarDate

  /// Days since a date, the unit that the writer of this project uses.
  public static func days(since reference: CalendarDate, calendar: Calendar) -> TimeUnit {
    TimeUnit(calendar: calendar, seconds: 86_400, reference: reference)
  }

  private init(calendar: Calendar, seconds: Double, reference: CalendarDate) {
    self.calendar = calendar
    self.seconds = seconds
    self.reference = reference
  }

  /// Reads a `units` attribute.
  ///
  /// - Throws: ``FluxError`` for a text that is no CF time unit, for months and years, and for a reference
  ///   date that the calendar lacks.
  public init(_ text: String, calendar: Calendar, at place: String) throws {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count >= 3, words[1].lowercased() == "since" else {
      throw FluxError(
        "'\(text)' is not a CF time unit", at: place, expected: "a text such as 'days since 1970-01-01'",
        remedy: "Write such a `units` attribute on the time coordinate (for example with ncatted).")
    }
    let length = words[0].lowercased()
    switch length {
    case "days", "day", "d": seconds = 86_400
    case "hours", "hour", "hrs", "hr", "h": seconds = 3_600
    case "minutes", "minute", "mins", "min": seconds = 60
    case "seconds", "second", "secs", "sec", "s": seconds = 1
    case "milliseconds", "millisecond", "msecs", "msec", "ms": seconds = 0.001
    case "weeks", "week": seconds = 7 * 86_400
    case "months" where calendar == .day360, "month" where calendar == .day360: seconds = 30 * 86_400
    case "years" where calendar == .day360, "year" where calendar == .day360: seconds = 360 * 86_400
    case "months", "month", "years", "year", "yr", "yrs", "common_years", "common_year":
      throw FluxError(
        "'\(text)' counts \(length), whose length varies in the \(calendar.rawValue) calendar", at: place,
        expected: "days, hours, minutes or seconds since a date",
        remedy: "Rewrite the time coordinate in days (for example with `cdo setreftime,1970-01-01,,days`).")
    default:
      throw FluxError(
        "unknown time unit '\(words[0])' in '\(text)'" + NearestName.hint(length, among: ["days", "hours", "minutes", "seconds"]),
        at: place, expected: "days, hours, minutes or seconds since a date")
    }
    self.calendar = calendar
    reference = try Self.reference(words.dropFirst(2), of: text, calendar: calendar, at: place)
  }

  /// The date, a time and a time zone, each but the first optional.
  private static func reference(
    _ words: ArraySlice<Substring>, of text: String, calendar: Calendar, at place: String
  ) throws -> CalendarDate {
    let wrong = FluxError(
      "'\(text)' has no readable reference date", at: place, expected: "a text such as 'days since 1970-01-01 00:00:00'")
    var rest = Array(words)
    var date = rest.removeFirst()
    var zone: Substring?
    if date.hasSuffix("Z") || date.hasSuffix("z") { (date, zone) = (date.dropLast(), "Z") }
    if let next = rest.first, next.first?.isNumber == true {
      date = date + " " + (next.hasSuffix("Z") ? next.dropLast() : next)
      rest.removeFirst()
    }
    // An offset may be glued to the time: 00:00:00+01:00.
    if let colon = date.firstIndex(of: ":"), let sign = date[colon...].firstIndex(where: { $0 == "+" || $0 == "-" }) {
      zone = date[sign...]
      date = date[..<sign]
    }
    if let next = rest.first {
      zone = next
      rest.removeFirst()
    }
    guard rest.isEmpty, let parsed = CalendarDate.parse(String(date)), parsed.year.magnitude <= 1_000_000 else { throw wrong }
    guard calendar.contains(parsed) else {
      throw FluxError(
        "the reference date of '\(text)' does not exist in the \(calendar.rawValue) calendar", at: place)
    }
    guard let zone, !["z", "utc", "gmt"].contains(zone.lowercased()) else { return parsed }
    let digits = zone.drop(while: { $0 == "+" || $0 == "-" })
    let clock = digits.contains(":") || digits.count <= 2 ? digits : digits.dropLast(2) + ":" + digits.suffix(2)
    guard let offset = CalendarDate.parseTime(clock) else { throw wrong }
    return shift(parsed, bySeconds: zone.hasPrefix("-") ? offset : -offset, calendar: calendar)
  }

  private static func shift(_ date: CalendarDate, bySeconds seconds: Double, calendar: Calendar) -> CalendarDate {
    let total = date.secondOfDay + seconds
    let days = (total / 86_400).rounded(.down)
    let day = calendar.date(dayNumber: calendar.dayNumber(date) + Int(days))
    return CalendarDate(year: day.year, month: day.month, day: day.day, secondOfDay: total - days * 86_400)
  }

  /// The date of a value, to the nearest millisecond.
  ///
  /// - Throws: ``FluxError`` for a value that is missing or lies more than a million years away.
  public func date(_ value: Double, at place: String) throws -> CalendarDate {
    let days = value * (seconds / 86_400)
    guard days.isFinite, days.magnitude < 366e6 else {
      throw FluxError("the time value \(value) is no date", at: place, expected: "a finite number within a million years of \(reference)")
    }
    let whole = days.rounded(.down)
    // The remainder is taken in the unit itself: hours and minutes stay exact.
    var second = (value - whole * (86_400 / seconds)) * seconds + reference.secondOfDay
    second = (second * 1000).rounded() / 1000
    var number = calendar.dayNumber(reference) + Int(whole)
    while second >= 86_400 { (second, number) = (second - 86_400, number + 1) }
    while second < 0 { (second, number) = (second + 86_400, number - 1) }
    let day = calendar.date(dayNumber: number)
    return CalendarDate(year: day.year, month: day.month, day: day.day, secondOfDay: second)
  }

  /// The value of a date: the inverse of ``date(_:at:)``.
  public func value(_ date: CalendarDate) -> Double {
    let days = Double(calendar.dayNumber(date) - calendar.dayNumber(reference))
    return days * (86_400 / seconds) + (date.secondOfDay - reference.secondOfDay) / seconds
  }

  /// The `units` attribute: `days since 1970-01-01`.
  public var attribute: String {
    let length: String
    switch seconds {
    case 86_400: length = "days"
    case 3_600: length = "hours"
    case 60: length = "minutes"
    default: length = "seconds"
    }
    let text = reference.description
    return "\(length) since " + String(text.map { $0 == "T" ? " " : $0 })
  }
}
