import FluxCore
import FluxData

/// Where the time stands in a tower file, and how long its steps are.
struct TowerClock {
  private enum Layout {
    /// YYYYMMDD
    case day(Int)
    /// YYYYMMDDHHMM, beginning of the interval
    case start(Int)
    /// year, day of year
    case yearAndDay(Int, Int)
    /// year, day of year, hour 0.5 … 24 at the end of the interval
    case yearDayHour(Int, Int, Int)
  }

  private let layout: Layout
  /// Length of a step, minutes; 1440 in daily files.
  let minutes: Int
  var isDaily: Bool { minutes == 1440 }

  private static let yearNames = ["Year"], dayNames = ["DoY", "DOY"], hourNames = ["Hour", "DTime", "Time"]

  /// - Throws: ``FluxError`` when no layout fits, or when the steps are weeks, months or years.
  init(_ file: DelimitedText) throws {
    func first(_ names: [String]) -> Int? { names.lazy.compactMap { file.index(of: $0) }.first }
    let layout: Layout
    if let place = file.index(of: "TIMESTAMP_START") {
      layout = .start(place)
    } else if let place = file.index(of: "TIMESTAMP") {
      layout = .day(place)
    } else if let year = first(Self.yearNames), let day = first(Self.dayNames) {
      layout = first(Self.hourNames).map { .yearDayHour(year, day, $0) } ?? .yearAndDay(year, day)
    } else {
      throw FluxError(
        "no time stamp in \(file.path), line \(file.headerLine)\(NearestName.hint("TIMESTAMP", among: file.header))",
        at: "towers.open", expected: "a column TIMESTAMP (YYYYMMDD), TIMESTAMP_START (YYYYMMDDHHMM), or Year and DoY",
        remedy: "The file has the columns \(DelimitedText.list(file.header)).")
    }
    (self.layout, minutes) = try Self.measure(layout, file)
  }

  /// The step's length from the first two lines that bear a time.
  private static func measure(_ layout: Layout, _ file: DelimitedText) throws -> (Layout, Int) {
    func refuse(_ what: String, _ line: Int) -> FluxError {
      FluxError(
        "\(file.path), line \(line): \(what)", at: "towers.open", expected: "days (YYYYMMDD), or hours and half-hours (YYYYMMDDHHMM)",
        remedy: "Take the network's daily (DD) or half-hourly (HH) file of the site.")
    }
    var layout = layout, length = 0
    var stamps: [Int] = []
    var failure: FluxError?
    try? file.forEachRow { row in   // a malformed line is met, and told, by the reading proper
      struct Enough: Error {}
      switch layout {
      case .yearAndDay:
        length = 1440
        throw Enough()
      case .yearDayHour(_, _, let hour):
        if let value = row.numberOrNil(hour), !value.isNaN { stamps.append(Int((value * 60).rounded(.towardZero))) }
      case .day(let place), .start(let place):
        guard let (value, digits) = row.digits(place) else { return }
        switch digits {
        case 4: failure = refuse("the time stamp \(value) is a year", row.line)
        case 6: failure = refuse("the time stamp \(value) is a month", row.line)
        case 8:
          if case .start = layout { failure = refuse("the step from \(value) is a week", row.line) }
          length = 1440
        case 12:
          layout = .start(place)
          stamps.append(value / 100 % 100 * 60 + value % 100)
        default: failure = refuse("the time stamp \(row.text(place))", row.line)
        }
        if failure != nil || length > 0 { throw Enough() }
      }
      if stamps.count > 1 { throw Enough() }
    }
    if let failure { throw failure }
    if length > 0 { return (layout, length) }
    guard let first = stamps.first else {
      throw FluxError("\(file.path) holds no line with a time stamp", at: "towers.open", expected: "data below the header")
    }
    guard stamps.count > 1 else { return (layout, 30) }
    let step = (stamps[1] - first + 1440) % 1440
    guard step > 0, step <= 360, 1440 % step == 0 else {
      throw FluxError(
        "\(file.path): the first two time stamps lie \(step) minutes apart", at: "towers.open", expected: "30 or 60 minutes, in order of time")
    }
    return (layout, step)
  }

  /// The day of a line of a daily file.
  func day(_ row: borrowing DelimitedText.Row) throws -> DayNumber {
    switch layout {
    case .day(let place), .start(let place):
      if let (value, digits) = row.digits(place), digits == 8,
        let day = DayNumber(year: value / 10_000, month: value / 100 % 100, day: value % 100)
      { return day }
      throw malformed(row, place, "a day as YYYYMMDD")
    case .yearAndDay(let year, let day), .yearDayHour(let year, let day, _):
      return try Self.day(row, year, day)
    }
  }

  /// The day and the place within it of a line of a half-hourly file.
  func interval(_ row: borrowing DelimitedText.Row) throws -> (day: DayNumber, slot: Int) {
    switch layout {
    case .day(let place), .start(let place):
      if let (value, digits) = row.digits(place), digits == 12, value / 100 % 100 < 24, value % 100 < 60,
        let day = DayNumber(year: value / 100_000_000, month: value / 1_000_000 % 100, day: value / 10_000 % 100)
      { return (day, (value / 100 % 100 * 60 + value % 100) / minutes) }
      throw malformed(row, place, "the beginning of a half-hour as YYYYMMDDHHMM")
    case .yearAndDay(let year, let day):
      return (try Self.day(row, year, day), 0)
    case .yearDayHour(let year, let day, let hour):
      let end = try row.number(hour) * 60
      guard end >= 0, end <= 1440 else { throw malformed(row, hour, "an hour in 0 … 24") }
      let whole = try Self.day(row, year, day)
      // The stamp is the interval's end: midnight closes the day before.
      return end < 1 ? (whole + -1, 1440 / minutes - 1) : (whole, max(0, (Int(end.rounded()) - 1) / minutes))
    }
  }

  private static func day(_ row: borrowing DelimitedText.Row, _ year: Int, _ day: Int) throws -> DayNumber {
    let y = try row.number(year), d = try row.number(day)
    if y.magnitude < 1e4, d.magnitude < 1e3, y == y.rounded(), d == d.rounded(), let day = DayNumber(year: Int(y), dayOfYear: Int(d)) { return day }
    throw FluxError("\(row.file), line \(row.line): year \(y), day of year \(d)", at: "towers.open", expected: "a day that exists")
  }

  private func malformed(_ row: borrowing DelimitedText.Row, _ place: Int, _ what: String) -> FluxError {
    FluxError("\(row.file), line \(row.line): the time stamp '\(row.text(place))'", at: "towers.open", expected: what)
  }
}
