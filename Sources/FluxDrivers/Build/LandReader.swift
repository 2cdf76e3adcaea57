import FluxCore
import FluxData

/// Reads base variables at the land pixels only, in blocks that stay small
/// whatever the grid.
struct LandReader {
  /// Grid cells of the land pixels.
  let pixels: [Int]
  /// Mixes variables that are stored per plant functional type.
  let mosaic: PlantFunctionalTypeMosaic?

  /// The memory of one block of the whole grid, values.
  private static let blockSize = 8 << 20

  /// Calls `body(timeIndex, row)` for each time step in order, `row` of shape `[pixel]`.
  func forEachStep(
    of variable: BaseVariable, in steps: Range<Int>, _ body: (Int, UnsafePointer<Float>) throws -> Void
  ) throws {
    let cells = variable.grid.cellCount, types = variable.types?.count ?? 1
    let length = max(1, Self.blockSize / (cells * types))
    var row = [Float](repeating: .nan, count: pixels.count)
    var byType = [Float](repeating: .nan, count: variable.types == nil ? 0 : pixels.count * types)
    for start in stride(from: steps.lowerBound, to: steps.upperBound, by: length) {
      try Interrupt.check()
      let block = start..<min(steps.upperBound, start + length)
      let values = try variable.values(block)
      guard values.count == types * block.count * cells else {
        throw FluxError(
          "'\(variable.name)' gave \(values.count) values", at: "drivers.build", expected: "\(types * block.count * cells)")
      }
      for step in block {
        if variable.types == nil {
          gather(values, from: (step - block.lowerBound) * cells, into: &row, at: 0)
        } else {
          for type in 0..<types {
            gather(values, from: (type * block.count + step - block.lowerBound) * cells, into: &byType, at: type * pixels.count)
          }
          mosaic?.mix(byType, into: &row)
        }
        try body(step, row)
      }
    }
  }

  private func gather(_ values: [Float], from cell: Int, into row: inout [Float], at offset: Int) {
    values.withUnsafeBufferPointer { values in
      row.withUnsafeMutableBufferPointer { row in
        for pixel in pixels.indices { row[offset + pixel] = values[cell + pixels[pixel]] }
      }
    }
  }

  /// The means of a year's values in each of the 46 slots.
  ///
  /// - Returns: shape `[slot 46, pixel]`, NaN where a slot has no valid value.
  func slotMeans(of variable: BaseVariable, year: Int) throws -> [Float] {
    var means = CompositeSlotMeans(pixelCount: pixels.count)
    let time = variable.time
    let steps = time.range(
      from: CalendarDate(year: year, month: 1, day: 1), through: CalendarDate(year: year, month: 12, day: 31))
    try forEachStep(of: variable, in: steps) { step, row in
      means.add(row, slot: SeasonalSlots.slot(dayOfYear: time.dayOfYear(at: step)))
    }
    return means.finish()
  }
}
