/// A month of a year.
struct YearMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
  let year, month: Int

  static func < (a: YearMonth, b: YearMonth) -> Bool { (a.year, a.month) < (b.year, b.month) }

  /// Every month from one to another, both included.
  static func all(from first: YearMonth, through last: YearMonth) -> [YearMonth] {
    guard first <= last else { return [] }
    return (first.year * 12 + first.month - 1...last.year * 12 + last.month - 1).map {
      YearMonth(year: $0 / 12, month: $0 % 12 + 1)
    }
  }

  var description: String { "\(year)-\(month < 10 ? "0" : "")\(month)" }
}
