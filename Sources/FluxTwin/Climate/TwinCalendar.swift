import FluxCore

/// The days of the synthetic record on the standard calendar, plus the days simulated before it.
public struct TwinCalendar: Sendable {
  public let firstYear: Int
  public let lastYear: Int
  /// Days before the record that are simulated and thrown away.
  public let lead: Int
  /// Days of the record.
  public let dayCount: Int
  /// First day of each year, counted within the record; one entry more than years.
  public let yearStart: [Int]
  /// First day of each month, counted within the record; one entry more than months.
  public let monthStart: [Int]
  /// Day of the year, 0…365, of each simulated day. Shape `[lead + day]`.
  public let dayOfYear: [Int]
  /// Years since the middle of the record. Shape `[lead + day]`.
  public let yearsFromMiddle: [Double]

  public var yearCount: Int { lastYear - firstYear + 1 }
  public var monthCount: Int { monthStart.count - 1 }

  static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  static func daysInMonth(_ month: Int, year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// - Throws: ``FluxError`` unless 1 ≤ number of years ≤ 60, from 1900 to 2100.
  public init(firstYear: Int, lastYear: Int, lead: Int) throws {
    guard firstYear <= lastYear, lastYear - firstYear < 60, firstYear >= 1900, lastYear <= 2100 else {
      throw FluxError(
        "years are \(firstYear) to \(lastYear)", at: "twin.archive", expected: "{first, last}, at most 60 years from 1900 to 2100",
        remedy: "Use years={2001,2008}.")
    }
    self.firstYear = firstYear
    self.lastYear = lastYear
    self.lead = lead
    var yearStart = [0], monthStart = [0], dayOfYear: [Int] = []
    for year in firstYear...lastYear {
      for month in 1...12 { monthStart.append(monthStart[monthStart.count - 1] + Self.daysInMonth(month, year: year)) }
      let days = Self.isLeap(year) ? 366 : 365
      yearStart.append(yearStart[yearStart.count - 1] + days)
      dayOfYear += Array(0..<days)
    }
    self.yearStart = yearStart
    self.monthStart = monthStart
    dayCount = dayOfYear.count
    self.dayOfYear = (0..<lead).map { (365 * 20 + $0 - lead) % 365 } + dayOfYear
    let middle = Double(dayOfYear.count) / 2
    yearsFromMiddle = (0..<lead + dayOfYear.count).map { (Double($0 - lead) - middle) / 365.25 }
  }

  /// Year and month (1…12) of a month counted from 0.
  func yearAndMonth(_ month: Int) -> (year: Int, month: Int) { (firstYear + month / 12, month % 12 + 1) }

  /// Year, month and day of a day of the record counted from 0.
  func date(_ day: Int) -> (year: Int, month: Int, day: Int) {
    var low = 0, high = monthCount
    while high - low > 1 {
      let middle = (low + high) / 2
      if monthStart[middle] <= day { low = middle } else { high = middle }
    }
    let (year, month) = yearAndMonth(low)
    return (year, month, day - monthStart[low] + 1)
  }
}
