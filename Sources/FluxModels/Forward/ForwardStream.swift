import FluxCore
import FluxData
import FluxDrivers

/// Models run over every land pixel and day, a few steps at a time: maps of a mean output that are computed when they are
/// read, so that a run of any length goes to a file or to regional totals without a cube in memory.
struct ForwardStream: Sendable {
  let time: TimeAxis
  private let steps: [Range<Int>]
  private let drivers: DriverStore
  private let output: Quantity
  private let runs: [any ModelRun]

  /// Pixels that pass a network together: their first layer's slow part stays in cache.
  private static let tile = 512

  /// - Parameters:
  ///   - output: which of the models' outputs.
  ///   - years: which of the store's years; all of them when nil.
  /// - Throws: ``FluxError`` when a model's inputs are not the store's drivers, or a year is missing.
  init(
    _ models: [any SurfaceModel], _ drivers: DriverStore, output: Quantity = .nee, years: [Int]?, step: ForwardRun.Step
  ) throws {
    if let other = models.first(where: { $0.inputs != drivers.names }) {
      throw FluxError("the model takes \(other.inputs.joined(separator: ", "))", at: "model:forward",
        expected: "the drivers' own: \(drivers.names.joined(separator: ", "))", remedy: "Make the model with inputs=d.names.")
    }
    if let stray = years?.first(where: { !drivers.time.years.contains($0) }) {
      throw FluxError("the drivers do not cover \(stray)", at: "model:forward",
        expected: "years within \(drivers.time.years.first ?? 0) to \(drivers.time.years.last ?? 0)")
    }
    (time, steps) = step.cut(drivers.time, years)
    self.drivers = drivers
    self.output = output
    runs = try models.map { try $0.run(output, over: drivers) }
  }

  /// The mean output as a cube that is computed a block at a time, with a leading `member` dimension for several models.
  func cube() -> Cube {
    let members = runs.count == 1
      ? nil : Cube.LeadingDimension(name: "member", labels: runs.indices.map { "\($0 + 1)" })
    return Cube(
      name: output.name, grid: drivers.grid, time: time, unit: output.unit, longName: output.longName,
      leading: members, timeChunk: max(1, min(time.count, (1 << 26) / drivers.grid.cellCount))
    ) { try fill($0, $1) }
  }

  /// Threads take a tile of pixels each, so results do not depend on their number.
  ///
  /// - Parameter values: receives the output in its unit, NaN at sea. Shape `[time, row, column]` of the block.
  private func fill(_ block: CubeBlock, _ values: UnsafeMutableBufferPointer<Float>) throws {
    let grid = drivers.grid, pixels = drivers.pixels
    let tiles = (pixels.count + Self.tile - 1) / Self.tile
    let width = block.columns.count, map = block.rows.count * width
    values.update(repeating: .nan)
    nonisolated(unsafe) let values = values
    ThreadPool.forEach(tiles) { number, _ in
      if Interrupt.isPending { return }
      let first = number * Self.tile, count = min(Self.tile, pixels.count - first)
      withUnsafeTemporaryAllocation(of: Double.self, capacity: block.time.count * count) { sums in
        sums.initialize(repeating: 0)
        runs[block.leading].addUp(first..<(first + count), steps: Array(steps[block.time]), into: sums.baseAddress!)
        for place in 0..<block.time.count {
          let days = Double(steps[block.time.lowerBound + place].count)
          for p in 0..<count {
            let cell = pixels[first + p], row = grid.row(ofCell: cell), column = grid.column(ofCell: cell)
            guard block.rows.contains(row), block.columns.contains(column) else { continue }
            let at = place * map + (row - block.rows.lowerBound) * width + column - block.columns.lowerBound
            values[at] = Float(sums[place * count + p] / days)
          }
        }
      }
    }
    try Interrupt.check()
  }
}

extension ForwardRun.Step {
  /// The axis of a run, and the days of the store behind each of its entries.
  func cut(_ days: TimeAxis, _ years: [Int]?) -> (TimeAxis, [Range<Int>]) {
    switch self {
    case .day:
      let chosen = days.dates.indices.filter { years?.contains(days.dates[$0].year) ?? true }
      return (days.selecting(chosen), chosen.map { $0..<($0 + 1) })
    case .month:
      let months = days.months().filter { years?.contains($0.year) ?? true }
      return (days.grouped(months), months.map(\.indices))
    case .eightDays:
      var starts: [Int] = [], ranges: [Range<Int>] = []
      for year in days.yearGroups() where years?.contains(year.year) ?? true {
        for first in stride(from: year.indices.lowerBound, to: year.indices.upperBound, by: 8) {
          starts.append(first)
          ranges.append(first..<min(first + 8, year.indices.upperBound))
        }
      }
      return (days.selecting(starts), ranges)
    }
  }
}
