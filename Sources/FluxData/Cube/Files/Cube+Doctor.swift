import FluxCore

extension Cube {
  /// What a careful reader would check of a new file: order, calendar, gaps, unit, missing values, and a guess
  /// at the sign of a carbon flux. Reads at most twelve maps.
  public func doctor() throws -> String {
    var lines = ["\(name): \(longName)"]
    if let origin {
      lines.append("latitude: stored " + (origin.isNorthToSouth ? "north to south, turned" : "south to north"))
      lines.append("longitude: stored from \(origin.firstLongitude) to \(origin.lastLongitude)" + (origin.lastLongitude > 180 ? ", turned to -180 … 180" : ""))
      lines.append("stored as: \(origin.type)")
    }
    lines.append("unit: " + unitFinding)
    lines += timeFindings
    let sample = try sampleMaps()
    let valid = sample.values.filter { !$0.isNaN }
    if let least = valid.min(), let most = valid.max() {
      let percent = Int((100 - 100 * Double(valid.count) / Double(sample.values.count)).rounded())
      lines.append("values: \(least) … \(most), \(percent) % missing (in \(sample.times.count) maps)")
      if most > 1e15 { lines.append("warning: values beyond 1e15 look like an undeclared fill value") }
    } else {
      lines.append("values: all missing (in \(sample.times.count) maps)")
    }
    if let sign = signGuess(sample) { lines.append("sign: " + sign) }
    return lines.enumerated().map { $0 == 0 ? $1 : ($0 == lines.count - 1 ? "└── " : "├── ") + $1 }.joined(separator: "\n")
  }

  private var unitFinding: String {
    guard let unit else { return unitText.isEmpty ? "none; say it with c:with_units(…)" : "'\(unitText)' cannot be read" }
    let asWritten = unit.description == unitText ? "" : " (written '\(unitText)')"
    if substance == nil, unit.isConvertible(to: (try? Unit("kg m-2 s-1")) ?? .one) {
      return unit.description + asWritten + ": a mass flux that does not say of what; kgC or kg CO2?"
    }
    return unit.description + asWritten
  }

  private var timeFindings: [String] {
    guard let time, let first = time.dates.first, let last = time.dates.last else { return ["time: none"] }
    var lines = ["calendar: \(time.calendar.rawValue)", "time: \(first) … \(last), \(time.count) dates, step \(time.step.rawValue)"]
    // A gap is a distance well above the usual one.
    let distances = zip(time.dates, time.dates.dropFirst()).map { time.days(from: $0, to: $1) }
    if let usual = distances.sorted().dropFirst(distances.count / 2).first {
      let gaps = distances.indices.filter { distances[$0] > 1.5 * usual }
      let named = gaps.prefix(3).map { "after \(time.dates[$0])" }.joined(separator: ", ")
      lines.append("gaps: " + (gaps.isEmpty ? "none" : "\(gaps.count): \(named)\(gaps.count > 3 ? ", …" : "")"))
    }
    return lines
  }

  private func sampleMaps() throws -> (times: [Int], values: [Float]) {
    // One map of each month, where the cube has them all: maps at even distances may meet a few seasons only.
    let months = (1...12).compactMap { month in time?.dates.firstIndex { $0.month == month } }, count = min(12, timeCount)
    let times = months.count == 12 ? months : (0..<count).map { $0 * timeCount / count }
    return (times, try times.flatMap { try read(time: $0..<$0 + 1) })
  }

  /// Northern summer is uptake: its sign tells which way the flux counts.
  private func signGuess(_ sample: (times: [Int], values: [Float])) -> String? {
    guard let time, let unit, let flux = try? Unit("gC m-2 d-1"), unit.isConvertible(to: flux, of: substance ?? .carbon) else { return nil }
    var sum = 0.0, weight = 0.0, negative = 0, valid = 0
    for (position, index) in sample.times.enumerated() {
      for row in 0..<grid.rows {
        for column in 0..<grid.columns {
          let value = sample.values[(position * grid.rows + row) * grid.columns + column]
          guard value == value else { continue }
          valid += 1
          if value < 0 { negative += 1 }
          if (30...70).contains(grid.latitudes[row]), (6...8).contains(time.dates[index].month) {
            let area = grid.cellArea(row: row, column: column)
            sum += area * Double(value)
            weight += area
          }
        }
      }
    }
    if negative == 0 { return "never negative: a gross flux such as gpp, ter or fires" }
    guard weight > 0, valid > 0 else { return "both signs; no northern summer to judge by" }
    return sum < 0
      ? "negative in northern summer, so positive is to the atmosphere (as nee here)"
      : "positive in northern summer: it may count uptake as positive; nee here is the negative of that"
  }
}
