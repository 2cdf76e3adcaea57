/// The line `y = scale · month^months · yr^years · x + offset`, the lengths of month and year in days.
public struct UnitConversion: Sendable, Equatable {
  public let scale, offset: Double
  /// Powers of the month's and the year's length in days that are still to be multiplied in.
  public let months, years: Int

  public var isIdentity: Bool { scale == 1 && offset == 0 && !needsCalendar }

  /// Whether the factor differs from month to month or year to year.
  public var needsCalendar: Bool { months != 0 || years != 0 }

  /// The factor in a month of `daysInMonth` days and a year of `daysInYear` days.
  public func scale(daysInMonth: Int, daysInYear: Int) -> Double {
    var result = scale
    for (days, power) in [(daysInMonth, months), (daysInYear, years)] {
      for _ in 0..<power.magnitude { result = power > 0 ? result * Double(days) : result / Double(days) }
    }
    return result
  }
}
