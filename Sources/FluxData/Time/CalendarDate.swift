import FluxCore

/// A day of some calendar, with the time of that day in seconds.
///
/// A date alone does not know its calendar: whether it exists, and what follows
/// it, is asked of ``Calendar``.
public struct CalendarDate: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let year: Int
  /// 1…12.
  public let month: Int
  /// 1…31.
  public let day: Int
  /// 0 ..< 86 400, seconds after midnight.
  public let secondOfDay: Double

  public init(year: Int, month: Int, day: Int, secondOfDay: Double = 0) {
    self.year = year
    self.month = month
    self.day = day
    self.secondOfDay = secondOfDay
  }

  /// Reads `2001`, `2001-07`, `2001-07-15` or `2001-07-15T12:30:00`.
  ///
  /// - Throws: ``FluxError`` when the text is no date or the calendar lacks the day.
  public init(_ text: String, calendar: Calendar = .standard, at place: String) throws {
    guard let date = Self.parse(text) else {
      throw FluxError("'\(text)' is not a date", at: place, expected: "a date such as 2001-07-15")
    }
    guard calendar.contains(date) else {
      throw FluxError(
        "the day '\(text)' does not exist in the \(calendar.rawValue) calendar", at: place,
        expected: "a date such as 2001-07-15")
    }
    self = date
  }

  /// The first or last day that a text stands for: `2001-02` ends on the 28th, `2001` on 31 December.
  public init(_ text: String, asEnd isEnd: Bool, calendar: Calendar = .standard, at place: String) throws {
    let date = try CalendarDate(text, calendar: calendar, at: place)
    let fields = text.split(separator: "-").count
    guard isEnd, fields < 3, !text.contains(":") else {
      self = date
      return
    }
    let month = fields == 1 ? 12 : date.month
    self.init(year: date.year, month: month, day: calendar.daysInMonth(year: date.year, month: month))
  }

  /// The same day at midnight.
  public var midnight: CalendarDate { CalendarDate(year: year, month: month, day: day) }

  public static func < (a: CalendarDate, b: CalendarDate) -> Bool {
    (a.year, a.month, a.day, a.secondOfDay) < (b.year, b.month, b.day, b.secondOfDay)
  }

  /// `2001-07-15`, or `2001-07-15T12:30:00` when it is not midnight.
  public var description: String {
    let date = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    if secondOfDay == 0 { return date }
    let second = Int(secondOfDay)
    let fraction = secondOfDay - Double(second)
    let time = "\(Self.padded(second / 3600, 2)):\(Self.padded(second / 60 % 60, 2)):\(Self.padded(second % 60, 2))"
    let thousandths = Int((fraction * 1000).rounded(.down))
    return date + "T" + time + (thousandths > 0 ? "." + Self.padded(thousandths, 3) : "")
  }

  private static func padded(_ n: Int, _ width: Int) -> String {
    let digits = String(n.magnitude)
    return (n < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Year, then optionally month, day, and a time after `T` or a blank. A time zone must be UTC
  /// or an offset, which is subtracted by the caller that knows the calendar (``TimeUnit``).
  static func parse(_ text: String) -> CalendarDate? {
    var words = text.split(whereSeparator: { $0 == " " || $0 == "T" || $0 == "t" })
    guard words.count == 1 || words.count == 2 else { return nil }
    let dateText = words.removeFirst()
    let isNegative = dateText.hasPrefix("-")
    let fields = dateText.dropFirst(isNegative ? 1 : 0).split(separator: "-", omittingEmptySubsequences: false)
    guard (1...3).contains(fields.count) else { return nil }
    var numbers: [Int] = []
    for field in fields {
      guard field.count <= 7, field.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let n = Int(field) else { return nil }
      numbers.append(n)
    }
    var second = 0.0
    if let time = words.first {
      guard let parsed = parseTime(time) else { return nil }
      second = parsed
    }
    return CalendarDate(
      year: isNegative ? -numbers[0] : numbers[0], month: numbers.count > 1 ? numbers[1] : 1,
      day: numbers.count > 2 ? numbers[2] : 1, secondOfDay: second)
  }

  /// `12`, `12:30`, `12:30:00` or `12:30:00.5`, in seconds; hours beyond 23 are refused.
  static func parseTime(_ text: Substring) -> Double? {
    let fields = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(fields.count) else { return nil }
    var total = 0.0
    for (i, field) in fields.enumerated() {
      guard let first = field.utf8.first, first >= 48, first <= 57, field.count <= 12, let value = Double(field),
        value < (i == 0 ? 24 : 60), i == 2 || value == value.rounded()
      else { return nil }
      total += value * [3600, 60, 1][i]
    }
    return total
  }
}
