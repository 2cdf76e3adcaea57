import FluxCore

/// Reads the time coordinate of a variable.
enum CubeTime {
  static func axis(_ axis: CubeAxis, in file: NetCDFReader, at place: String) throws -> TimeAxis {
    guard let coordinate = axis.coordinate else {
      throw FluxError("its time dimension '\(axis.name)' has no coordinate variable", at: place)
    }
    let values = try axis.values(in: file, at: place)
    return try decode(values, coordinate, bounds: axis.bounds(in: file), at: place)
  }

  /// One date that the variable names among its `coordinates`, for files of one time step without a dimension.
  static func scalar(of variable: NetCDFVariable, in file: NetCDFReader, at place: String) throws -> TimeAxis? {
    let named = variable.attributes.text("coordinates")?.split(separator: " ").map(String.init) ?? []
    let found = file.variables.first {
      named.contains($0.name) && $0.dimensions.isEmpty && $0.type.isNumeric
        && CubeAxis.Kind(attributes: $0.attributes, name: $0.name) == .time
    }
    return try found.map { try decode(file.doubles($0.name), $0, bounds: nil, at: place) }
  }

  private static func decode(_ values: [Double], _ coordinate: NetCDFVariable, bounds: [Double]?, at place: String) throws -> TimeAxis {
    let calendar = try Calendar(attribute: coordinate.attributes.text("calendar"), at: place)
    let unitText = coordinate.attributes.text("units") ?? ""
    let here = "\(place), time coordinate '\(coordinate.name)'"
    if let dates = try absoluteDates(values, unitText, calendar: calendar, at: here) {
      return try TimeAxis(calendar: calendar, dates: dates, at: here)
    }
    if let dates = calendarMonths(values, unitText, calendar: calendar, at: here) {
      let axis = try TimeAxis(calendar: calendar, dates: dates, at: here)
      return axis.step == .month ? axis.grouped(axis.months()) : axis
    }
    let unit = try TimeUnit(unitText, calendar: calendar, at: here)
    let dates = try values.map { try unit.date($0, at: here) }
    return try TimeAxis(calendar: calendar, dates: dates, bounds: intervals(bounds, unit, count: dates.count), at: here)
  }

  /// Bounds that are no intervals are left out: some writers leave zeros.
  private static func intervals(_ bounds: [Double]?, _ unit: TimeUnit, count: Int) -> [TimeAxis.TimeInterval]? {
    guard let bounds, bounds.count == 2 * count else { return nil }
    var result: [TimeAxis.TimeInterval] = []
    for i in 0..<count {
      guard let start = try? unit.date(bounds[2 * i], at: ""), let end = try? unit.date(bounds[2 * i + 1], at: ""), start < end
      else { return nil }
      result.append(TimeAxis.TimeInterval(start: start, end: end))
    }
    return result
  }

  /// Whole months counted from the first of a month, `months since 0001-01-01`, or the months 1…12 (or 0…11) of an average
  /// year, `month`, which is dated in year 1. Nil for anything else: part of a month has no length of its own.
  private static func calendarMonths(_ values: [Double], _ unit: String, calendar: Calendar, at place: String) -> [CalendarDate]? {
    let words = unit.lowercased().split(separator: " ", maxSplits: 1)
    guard let length = words.first, length == "month" || length == "months", calendar != .day360,
      values.allSatisfy({ $0 == $0.rounded() && $0.magnitude < 1e6 })
    else { return nil }
    var months = values.map { Int($0) }
    var reference = 12
    if words.count == 1 {
      guard months == Array(1...12) || months == Array(0...11) else { return nil }
      months = Array(0...11)
    } else {
      // The text after "since" is read as that of days.
      guard let date = try? TimeUnit("days " + words[1], calendar: calendar, at: place).reference, date.day == 1, date.secondOfDay == 0
      else { return nil }
      reference = date.year * 12 + date.month - 1
    }
    return months.map { month in
      let number = reference + month, year = (number >= 0 ? number : number - 11) / 12
      return CalendarDate(year: year, month: number - year * 12 + 1, day: 1)
    }
  }

  /// Dates written as numbers, as cdo's `day as %Y%m%d.%f` and `yyyymm` files do; nil for other units.
  private static func absoluteDates(
    _ values: [Double], _ unit: String, calendar: Calendar, at place: String
  ) throws -> [CalendarDate]? {
    let text = unit.lowercased()
    let isMonth = text == "yyyymm" || text == "month as %y%m.%f"
    let isDay = text == "yyyymmdd" || text == "day as %y%m%d.%f" || text == "day as yyyymmdd"
    guard isMonth || isDay else { return nil }
    return try values.map { value in
      guard value.magnitude < 1e12 else { throw FluxError("the time value \(value) is no date", at: place) }
      let whole = Int(value.rounded(.down))
      let date = isMonth
        ? CalendarDate(year: whole / 100, month: whole % 100, day: 1)
        : CalendarDate(
          year: whole / 10_000, month: whole / 100 % 100, day: whole % 100,
          secondOfDay: min(86_399, ((value - Double(whole)) * 86_400).rounded()))
      guard calendar.contains(date) else { throw FluxError("the time value \(value) is no date of the kind '\(unit)'", at: place) }
      return date
    }
  }
}
