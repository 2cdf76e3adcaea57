import FluxCore
import FluxData

/// One file of a tower, read into days.
///
/// Daily files: `TIMESTAMP` as YYYYMMDD, or year and day of year. Half-hourly and
/// hourly files: `TIMESTAMP_START` as YYYYMMDDHHMM (beginning of the interval), or year, day of
/// year and hour (its end); they are gathered into days by ``HalfHourlyDays``.
struct TowerFile {
  /// What the days of one file hold, in the order of the lines.
  struct Days {
    var day: [DayNumber] = []
    /// gC m⁻² d⁻¹, fraction of good half-hours, and the drivers `[driver][day]`.
    var nee: [Float] = [], quality: [Float] = []
    var drivers: [[Float]]
    /// Which of the wanted drivers the file has.
    var hasDriver: [Bool]
    /// 1 in daily files, else how many intervals make a day.
    var intervalsPerDay = 1
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - columns: the map, or nothing to recognise the network by its NEE column.
  ///   - variable: the NEE column, instead of the map's; its quality column is then `<variable>_QC`.
  ///   - needsQuality: whether a file without a quality column is refused.
  ///   - drivers: what to read, by our names or by the file's own column names.
  ///   - areRequired: whether a file without one of them is refused, or has NaN for it.
  /// - Throws: ``FluxError`` naming file, line and column.
  static func read(
    path: String, columns: TowerColumns?, variable: String?, needsQuality: Bool,
    drivers: [TowerColumns.Driver], areRequired: Bool
  ) throws -> Days {
    let file = try DelimitedText(path: path)
    let map = columns ?? TowerColumns.guess(file)
    let nee = try neeColumn(file, map, variable)
    let quality = try qualityColumn(file, map, variable, nee: nee, needed: needsQuality)
    let places = try drivers.map { driver -> Int? in
      // A network's own name for a quantity wins over another network's.
      let names = (map.drivers.first { $0.name == driver.name }?.columns ?? []) + driver.columns
      if let place = names.lazy.compactMap({ file.index(of: $0) }).first { return place }
      guard areRequired else { return nil }
      throw FluxError(
        "no column for the driver '\(driver.name)' in \(path), line \(file.headerLine)\(NearestName.hint(driver.name, among: file.header))",
        at: "towers.open", expected: "one of \(names.joined(separator: ", "))",
        remedy: "Leave the driver out, or map it to a column of the file.")
    }
    let clock = try TowerClock(file)
    let wanted = [nee] + (quality.map { [$0] } ?? []) + places.compactMap { $0 }
    var units = UnitsLine(columns: wanted)
    var days = Days(drivers: drivers.map { _ in [] }, hasDriver: places.map { $0 != nil })

    if clock.isDaily {
      try file.forEachRow { row in
        if units.skips(row) { return }
        let day = try clock.day(row)
        days.day.append(day)
        days.nee.append(Float(try row.number(nee)))
        let fraction = try quality.map { try row.number($0) } ?? 1
        guard fraction.isNaN || (0...1).contains(fraction) else {
          throw FluxError(
            "\(path), line \(row.line), column '\(file.header[quality!])': \(fraction)", at: "towers.open",
            expected: "the fraction of good half-hours, 0 … 1")
        }
        days.quality.append(Float(fraction))
        for (k, place) in places.enumerated() { days.drivers[k].append(try place.map { Float(try row.number($0)) } ?? .nan) }
      }
    } else {
      var gather = HalfHourlyDays(drivers: drivers.map(\.isSum))
      try file.forEachRow { row in
        if units.skips(row) { return }
        let interval = try clock.interval(row)
        let flag = try quality.map { try row.number($0) } ?? 0
        gather.begin(interval, minutes: clock.minutes, into: &days)
        gather.add(nee: try row.number(nee), isGood: flag <= 1)
        for (k, place) in places.enumerated() { if let place { gather.add(driver: k, try row.number(place)) } }
      }
      gather.finish(into: &days)
      days.intervalsPerDay = 1440 / clock.minutes
    }
    guard !days.day.isEmpty else {
      throw FluxError("\(path) has a header and no data", at: "towers.open", expected: "a line for each day or half-hour")
    }
    return days
  }

  private static func neeColumn(_ file: DelimitedText, _ map: TowerColumns, _ variable: String?) throws -> Int {
    if let variable { return try file.require(variable) }
    return try map.nee.lazy.compactMap { file.index(of: $0) }.first ?? file.require(map.nee[0])
  }

  private static func qualityColumn(
    _ file: DelimitedText, _ map: TowerColumns, _ variable: String?, nee: Int, needed: Bool
  ) throws -> Int? {
    // The flag that belongs to the NEE column by name goes before any other candidate.
    var names = [file.header[nee] + "_QC"]
    if variable == nil { names += map.quality }
    if let place = names.lazy.compactMap({ file.index(of: $0) }).first { return place }
    if map.quality.isEmpty || !needed { return nil }
    // Not filled, not flagged (REddyProc's input, AmeriFlux BASE): what is there was measured.
    if variable == nil, file.header[nee] == "NEE" { return nil }
    throw FluxError(
      "no quality column '\(names[0])' in \(file.path), line \(file.headerLine)\(NearestName.hint(names[0], among: file.header))",
      at: "towers.open", expected: "the fraction of good half-hours (daily) or the flag 0 … 3 (half-hourly)",
      remedy: "Name it in the column map, or open with qc=0 to take every day.")
  }
}

/// Recognises the line of units that some networks put under the header.
private struct UnitsLine {
  let columns: [Int]
  var isFirst = true

  init(columns: [Int]) { self.columns = columns }

  /// Whether this line is the first and none of the wanted columns holds a number.
  mutating func skips(_ row: borrowing DelimitedText.Row) -> Bool {
    defer { isFirst = false }
    guard isFirst else { return false }
    for column in columns where row.numberOrNil(column) != nil { return false }
    return true
  }
}
