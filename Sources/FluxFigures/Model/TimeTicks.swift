import FluxData

/// Ticks of an axis of dates: whole years, or months and days where there are few years.
enum TimeTicks {
  private static let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// - Parameters:
  ///   - range: years with their fraction.
  ///   - length: of the axis, cm.
  /// - Returns: places and words; a second line names the year (of months) or the month (of days) where it begins.
  static func marks(in range: ClosedRange<Double>, length: Double, calendar: Calendar) -> [(value: Double, text: String)] {
    let span = range.upperBound - range.lowerBound
    guard span < 2.3, range.lowerBound > -9999, range.upperBound < 9999 else { return Axis("", ticks: .integers).marks(in: range, length: length, isUpright: false) }
    return span > 0.34 ? months(range, length, calendar) : days(range, length, calendar)
  }

  private static func months(_ range: ClosedRange<Double>, _ length: Double, _ calendar: Calendar) -> [(value: Double, text: String)] {
    let width = length / (12 * (range.upperBound - range.lowerBound))
    let step = [1, 2, 3, 4, 6].first { Double($0) * width >= max(0.72, length / 13) } ?? 12
    var marks: [(value: Double, text: String)] = []
    for year in Int(range.lowerBound.rounded(.down))...Int(range.upperBound.rounded(.down)) {
      for month in stride(from: 1, through: 12, by: step) {
        let value = calendar.decimalYear(CalendarDate(year: year, month: month, day: 1))
        guard range.contains(value) else { continue }
        marks.append((value, names[month - 1] + (marks.isEmpty || month == 1 ? "\n\(year)" : "")))
      }
    }
    return marks
  }

  private static func days(_ range: ClosedRange<Double>, _ length: Double, _ calendar: Calendar) -> [(value: Double, text: String)] {
    let width = length / (365 * (range.upperBound - range.lowerBound))
    let step = [1, 2, 5, 10].first { Double($0) * width >= max(0.5, length / 16) } ?? 15
    let year = Int(range.lowerBound.rounded(.down)), first = calendar.dayNumber(year: year, month: 1, day: 1)
    var marks: [(value: Double, text: String)] = [], month = 0
    for number in first..<(first + 366 + 130) {
      let date = calendar.date(dayNumber: number), value = calendar.decimalYear(date)
      guard range.contains(value), (date.day - 1) % step == 0, date.day - 1 + step / 2 < 30 || step == 1 else { continue }
      marks.append((value, "\(date.day)" + (date.month == month ? "" : "\n\(names[date.month - 1])" + (marks.isEmpty || date.month == 1 ? " \(date.year)" : ""))))
      month = date.month
    }
    return marks
  }
}

extension Calendar {
  /// A date as its year with a fraction: the middle of the day.
  func decimalYear(_ date: CalendarDate) -> Double {
    let first = dayNumber(year: date.year, month: 1, day: 1), next = dayNumber(year: date.year + 1, month: 1, day: 1)
    return Double(date.year) + (Double(dayNumber(date) - first) + 0.5) / Double(next - first)
  }
}
