import FluxCore
import FluxData

/// Which years the drivers cover, which make the mean seasonal cycles, and which
/// daily record is read for both.
struct BuildPeriod: Equatable {
  /// The years of the store.
  let years: ClosedRange<Int>
  /// The years of the mean seasonal cycles, ascending.
  let base: [Int]
  /// The years of daily forcing that are read: both of the above and what lies between.
  let record: ClosedRange<Int>
  let notes: [String]

  /// The years that the mean seasonal cycles are taken from when they are there.
  static let wanted = 2001...2012

  /// - Parameters:
  ///   - years: all years with complete daily forcing when nil.
  /// - Throws: ``FluxError`` when a year asked for is not complete in the daily variables, or no year has both
  ///   composites and daily forcing.
  init(years asked: ClosedRange<Int>?, daily: [BaseVariable], composites: [BaseVariable]) throws {
    let place = "drivers.build"
    for variable in daily where variable.time.step != .day || variable.time.calendar == .day360 {
      throw FluxError(
        "'\(variable.name)' has the time step '\(variable.time.step.rawValue)' in the \(variable.time.calendar.rawValue) calendar",
        at: place, expected: "a value for each day of a calendar with 365 or 366 days")
    }
    let complete = daily.map { variable in
      variable.time.yearGroups().filter { $0.indices.count == variable.time.calendar.daysInYear($0.year) }.map(\.year)
    }
    if let asked, asked.lowerBound < -9999 || asked.upperBound > 9999 {
      throw FluxError("the years \(asked.lowerBound) to \(asked.upperBound)", at: place, expected: "years of four digits")
    }
    // Without a daily variable, the years are those asked for, else those of the composites.
    let compositeYears = composites.map { Set($0.time.years) }
    let dailyYears = daily.isEmpty
      ? Set(asked.map(Array.init) ?? []).union(compositeYears.dropFirst().reduce(compositeYears.first ?? []) { $0.intersection($1) })
      : complete.dropFirst().reduce(Set(complete.first ?? [])) { $0.intersection($1) }
    let sorted = dailyYears.sorted()
    guard let first = sorted.first, let last = sorted.last else {
      if daily.isEmpty { throw FluxError("no years", at: place, expected: "years = {first, last}, as the recipe reads no daily variable") }
      throw FluxError(
        "no year is complete in all of \(daily.map(\.name).joined(separator: ", "))", at: place,
        expected: "at least one whole year of daily values")
    }
    let years = asked ?? first...last
    if let missing = years.first(where: { !dailyYears.contains($0) }) {
      let short = zip(daily, complete).filter { !$1.contains(missing) }.map(\.0.name).joined(separator: ", ")
      throw FluxError(
        "the year \(missing) is not complete in \(short)", at: place,
        expected: "years within \(first)–\(last), every day present", remedy: "Give years={first, last} that the daily cubes cover.")
    }
    var from = years.lowerBound, to = years.upperBound
    while dailyYears.contains(from - 1) { from -= 1 }
    while dailyYears.contains(to + 1) { to += 1 }
    let shared = compositeYears.reduce(Set(from...to)) { $0.intersection($1) }
    guard !shared.isEmpty else {
      throw FluxError(
        "no year has every one of \(composites.map(\.name).joined(separator: ", ")) and the daily variables", at: place,
        expected: "at least one year in common")
    }
    let preferred = shared.filter(Self.wanted.contains)
    base = (preferred.isEmpty ? shared : preferred).sorted()
    self.years = years
    record = min(years.lowerBound, base[0])...max(years.upperBound, base[base.count - 1])
    var notes: [String] = []
    if base != Array(Self.wanted) {
      let list = base.count > 2 ? "\(base[0])–\(base[base.count - 1]) (\(base.count) years)" : base.map(String.init).joined(separator: ", ")
      notes.append(
        "mean seasonal cycles are of \(list), what there is of 2001–2012"
          + (base.count < 3 ? "; a slot counts with fewer than three valid years" : ""))
    }
    self.notes = notes
  }
}
