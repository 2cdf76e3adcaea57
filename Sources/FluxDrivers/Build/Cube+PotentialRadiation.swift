import FluxCore
import FluxData

extension Cube {
  /// R_pot, the shortwave radiation at the top of the atmosphere, where and when this cube has its values: of a day, or the mean
  /// over the days of a month. See ``PotentialRadiation``.
  ///
  /// - Returns: `[time, lat, lon]`, W m⁻², named `rpot`.
  /// - Throws: ``FluxError`` for a cube without time, or whose steps are neither days nor months.
  public func potentialRadiation(at place: String = "drivers.rpot") throws -> Cube {
    guard let time, time.step == .day || time.step == .month else {
      throw FluxError(
        "'\(name)' has the time step '\(time?.step.rawValue ?? "none")'", at: place, expected: "days or months",
        remedy: "Average it first, with c:monthly().")
    }
    let table = PotentialRadiation.table(latitudes: grid.latitudes), rows = grid.rows
    let means: [[Float]] = time.dates.indices.map { index in
      let date = time.dates[index], isMonth = time.step == .month
      let first = time.calendar.dayOfYear(isMonth ? CalendarDate(year: date.year, month: date.month, day: 1) : date)
      let days = first..<first + (isMonth ? time.daysInMonth(at: index) : 1)
      return (0..<rows).map { row in
        Float(days.reduce(0.0) { $0 + Double(table[(min(366, $1) - 1) * rows + row]) } / Double(days.count))
      }
    }
    return Cube(
      name: "rpot", grid: grid, time: time, unit: "W m-2", longName: "potential shortwave radiation", timeChunk: time.count
    ) { block, values in
      var next = 0
      for t in block.time {
        for row in block.rows {
          for _ in block.columns {
            values[next] = means[t][row]
            next += 1
          }
        }
      }
    }
  }
}
