import FluxCore
import FluxData
import FluxDrivers

/// Models run over every land pixel and day, a few steps at a time: maps of mean NEE that are computed when they are
/// read, so that a run of any length goes to a file or to regional totals without a cube in memory.
struct ForwardStream: Sendable {
  let time: TimeAxis
  private let steps: [Range<Int>]
  private let drivers: DriverStore
  private let evaluators: [@Sendable ([UnsafePointer<Float>], Int, UnsafeMutablePointer<Float>) -> Void]
  /// Of models whose first layer can be split by kinds of drivers.
  private let seasonal: [FusedNetwork?]

  /// Pixels that pass a network together: their first layer's slow part stays in cache.
  private static let tile = 512

  /// - Parameters:
  ///   - years: which of the store's years; all of them when nil.
  /// - Throws: ``FluxError`` when a model's inputs are not the store's drivers, or a year is missing.
  init(_ models: [any FluxModel], _ drivers: DriverStore, years: [Int]?, step: ForwardRun.Step) throws {
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
    evaluators = try models.map { try $0.evaluator() }
    seasonal = models.map { ($0 as? MultilayerPerceptron)?.seasonalNetwork }
  }

  /// Mean NEE as a cube that is computed a block at a time, with a leading `member` dimension for several models.
  func cube() -> Cube {
    let members = evaluators.count == 1 ? nil : Cube.LeadingDimension(name: "member", labels: evaluators.indices.map { "\($0 + 1)" })
    return Cube(name: "nee", grid: drivers.grid, time: time, unit: "gC m-2 d-1", longName: "net ecosystem exchange", leading: members,
      timeChunk: max(1, min(time.count, (1 << 26) / drivers.grid.cellCount))
    ) { try fill($0, $1) }
  }

  /// Threads take a tile of pixels each, so results do not depend on their number.
  ///
  /// - Parameter values: receives gC m⁻² d⁻¹, NaN at sea. Shape `[time, row, column]` of the block.
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
        addUp(first..<(first + count), block, into: sums.baseAddress!)
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

  /// The sums of some pixels' NEE over the days of each step of a block. Shape `[step, pixel]`.
  ///
  /// Days are taken by their day of the year, all years' first of January first: what constant and seasonal drivers add to
  /// the first layer is computed once for them all.
  private func addUp(_ pixels: Range<Int>, _ block: CubeBlock, into sums: UnsafeMutablePointer<Double>) {
    let count = pixels.count
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { nee in
      let nee = nee.baseAddress!
      func add(_ place: Int) {
        let row = sums + place * count
        for p in 0..<count { row[p] += Double(nee[p]) }
      }
      guard let network = seasonal[block.leading] else {
        for (place, step) in block.time.enumerated() {
          for day in steps[step] {
            if Interrupt.isPending { return }
            drivers.withDay(day) { columns in evaluators[block.leading](columns.map { $0 + pixels.lowerBound }, count, nee) }
            add(place)
          }
        }
        return
      }
      let daily = drivers.kinds.indices.filter { drivers.kinds[$0] == .daily }
      let slow = drivers.kinds.indices.filter { drivers.kinds[$0] != .daily }
      network.withSeason(count, slow: slow, daily: daily) { season in
        for days in bySeason(block.time) {
          if Interrupt.isPending { return }
          guard let any = days.first else { continue }
          drivers.withDay(any.day) { columns in season.base(slow.map { columns[$0] + pixels.lowerBound }) }
          for (place, day) in days {
            drivers.withDay(day) { columns in season.day(daily.map { columns[$0] + pixels.lowerBound }, nee) }
            add(place)
          }
        }
      }
    }
  }

  /// The days of some steps and the step of each, by day of the 365-day cycle.
  private func bySeason(_ chosen: Range<Int>) -> [[(place: Int, day: Int)]] {
    var groups = [[(place: Int, day: Int)]](repeating: [], count: SeasonalSlots.dayCount)
    for (place, step) in chosen.enumerated() {
      for day in steps[step] { groups[drivers.seasonIndex(ofDay: day)].append((place, day)) }
    }
    return groups
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
