import FluxCore
import FluxData

/// R_pot at the land pixels for each day of a year of 365 days: computed, or the
/// mean of a cube that the user has.
struct PotentialRadiationCycle {
  /// W m⁻². Shape `[day 365, pixel]`.
  let block: DriverBlock

  /// From latitude and day of the year.
  init(grid: Grid, pixels: [Int]) throws {
    block = try DriverBlock(
      count: SeasonalSlots.dayCount * pixels.count, for: "holding the potential radiation", at: "drivers.build")
    let table = PotentialRadiation.table(latitudes: grid.latitudes)
    let rows = pixels.map(grid.row(ofCell:))
    for day in 0..<SeasonalSlots.dayCount {
      let out = block.base + day * pixels.count
      for pixel in pixels.indices { out[pixel] = table[day * grid.rows + rows[pixel]] }
    }
  }

  /// The mean of a daily cube over some years, day by day of the year; computed where it has no value.
  init(_ variable: BaseVariable, years: [Int], reader: LandReader) throws {
    guard variable.time.step == .day else {
      throw FluxError(
        "'rpot' has the time step '\(variable.time.step.rawValue)'", at: "drivers.build", expected: "daily values",
        remedy: "Leave rpot out: it is computed from latitude and day.")
    }
    try self.init(grid: variable.grid, pixels: reader.pixels)
    let width = reader.pixels.count
    var sum = [Float](repeating: 0, count: block.count)
    var valid = [UInt8](repeating: 0, count: block.count)
    for year in years {
      let steps = variable.time.range(
        from: CalendarDate(year: year, month: 1, day: 1), through: CalendarDate(year: year, month: 12, day: 31))
      try reader.forEachStep(of: variable, in: steps) { step, row in
        let date = variable.time.dates[step]
        if date.month == 2, date.day == 29 { return }
        let at = SeasonalSlots.seasonIndex(month: date.month, day: date.day) * width
        for pixel in 0..<width where row[pixel].isFinite && valid[at + pixel] < .max {
          sum[at + pixel] += row[pixel]
          valid[at + pixel] += 1
        }
      }
    }
    for i in sum.indices where valid[i] > 0 { block.base[i] = sum[i] / Float(valid[i]) }
  }

  /// The means over each slot of eight days. Shape `[slot 46, pixel]`, W m⁻².
  func slotMeans(pixelCount: Int) -> [Float] {
    var means = CompositeSlotMeans(pixelCount: pixelCount)
    for day in 0..<SeasonalSlots.dayCount {
      means.add(block.base + day * pixelCount, slot: SeasonalSlots.slot(dayOfYear: day + 1))
    }
    return means.finish()
  }
}
