import FluxCore
import FluxData

/// One daily variable at the land pixels, every day of the standard calendar, without gaps.
struct DailyRecord {
  /// Shape `[day, pixel]`.
  let block: DriverBlock
  let notes: [String]

  /// What a missing day takes.
  enum Filling {
    /// The day before; the first valid day at the record's beginning.
    case dayBefore
    /// Nothing fell.
    case zero
  }

  /// Reads whole years. A calendar without 29 February repeats 28 February.
  ///
  /// - Parameters:
  ///   - folder: where the record lies while it is made, read year by year and never twice; in memory when nil.
  ///   - onProgress: called now and then with the share that is read.
  /// - Throws: ``FluxError`` when no land pixel has a valid value.
  init(
    _ variable: BaseVariable, years: ClosedRange<Int>, reader: LandReader, filling: Filling, isNonNegative: Bool,
    neighbours: LandNeighbours, folder: BuildFolder? = nil, onProgress: (Double) -> Void = { _ in }
  ) throws {
    let standard = Calendar.standard, width = reader.pixels.count, name = variable.name
    let start = standard.dayNumber(year: years.lowerBound, month: 1, day: 1)
    let days = standard.dayNumber(year: years.upperBound + 1, month: 1, day: 1) - start
    block = try folder?.block(name, count: days * width)
      ?? DriverBlock(count: days * width, for: "holding \(days) days of '\(name)'", at: "drivers.build")
    if let finished = folder?.notes(of: name) {
      notes = finished
      return
    }
    let base = block.base, time = variable.time
    let done = folder?.progress(of: name) ?? 0
    for (place, year) in years.enumerated() where place >= done {
      let first = standard.dayNumber(year: year, month: 1, day: 1) - start
      let next = standard.dayNumber(year: year + 1, month: 1, day: 1) - start
      (base + first * width).update(repeating: .nan, count: (next - first) * width)
      let steps = time.range(from: CalendarDate(year: year, month: 1, day: 1), through: CalendarDate(year: year, month: 12, day: 31))
      try reader.forEachStep(of: variable, in: steps) { step, row in
        let date = time.dates[step].midnight
        guard standard.contains(date) else { return }  // a 29 February that the standard calendar lacks
        (base + (standard.dayNumber(date) - start) * width).update(from: row, count: width)
      }
      if standard.isLeap(year: year) && !time.calendar.isLeap(year: year) {
        let leapDay = base + (standard.dayNumber(year: year, month: 2, day: 29) - start) * width
        leapDay.update(from: leapDay - width, count: width)
      }
      try folder?.advance(name, to: place + 1, block)
      block.release()
      onProgress(Double(place + 1) / Double(years.count))
    }
    // Filling twice would count wrongly: a build that is killed in it reads the variable again.
    folder?.forget(name)
    notes = try Self.fill(
      base, days: days, width: width, name: name, filling: filling, isNonNegative: isNonNegative, neighbours: neighbours)
    try folder?.finish(name, notes: notes, [block])
    block.release()
  }

  private static func fill(
    _ base: UnsafeMutablePointer<Float>, days: Int, width: Int, name: String, filling: Filling, isNonNegative: Bool,
    neighbours: LandNeighbours
  ) throws -> [String] {
    var missing = [Int](repeating: 0, count: width)
    var negative = 0
    missing.withUnsafeMutableBufferPointer { missing in
      for day in 0..<days {
        let row = base + day * width
        for pixel in 0..<width {
          if !row[pixel].isFinite {
            missing[pixel] += 1
          } else if isNonNegative, row[pixel] < 0 {
            row[pixel] = 0
            negative += 1
          }
        }
      }
    }
    let empty = missing.indices.filter { missing[$0] == days }
    var filled = 0
    for pixel in missing.indices where missing[pixel] > 0 && missing[pixel] < days {
      filled += missing[pixel]
      var last: Float = 0
      if filling == .dayBefore {
        var day = 0
        while !base[day * width + pixel].isFinite { day += 1 }
        last = base[day * width + pixel]
      }
      for day in 0..<days {
        let at = day * width + pixel
        if !base[at].isFinite { base[at] = last } else if filling == .dayBefore { last = base[at] }
      }
    }
    var notes: [String] = []
    if filled > 0 {
      let how = filling == .zero ? "taken as zero" : "filled with the day before"
      notes.append("\(name): \(filled) of \(days * width) pixel-days missing, \(how)")
    }
    if negative > 0 { notes.append("\(name): \(negative) negative pixel-days set to zero") }
    guard !empty.isEmpty else { return notes }
    guard let (donors, farthest) = neighbours.donors(for: empty) else {
      throw FluxError(
        "'\(name)' has no valid value at any land pixel", at: "drivers.build",
        expected: "values on land in the years asked for")
    }
    for day in 0..<days {
      for (pixel, donor) in zip(empty, donors) { base[day * width + pixel] = base[day * width + donor] }
    }
    notes.append(
      "\(name): \(empty.count) of \(width) land pixels without any value, taken from the nearest that has one (at most \(Int(farthest)) km)")
    return notes
  }
}
