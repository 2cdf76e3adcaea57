import FluxCore
import FluxData
import FluxDrivers

/// A model run over every land pixel and day, kept as means over months or composites: what maps and integrals are made of.
public struct ForwardRun: Sendable {
  /// What one value is the mean of.
  public enum Step: String, Sendable, CaseIterable {
    case day, month
    /// The composites of MODIS, 46 a year.
    case eightDays = "8days"
  }

  public let grid: Grid
  /// Steps, dated on their first day.
  public let time: TimeAxis
  /// The mean NEE of each step, gC m⁻² d⁻¹, NaN at sea. Shape `[time, lat, lon]`.
  public let nee: [Float]

  /// Runs a model over whole steps; threads take a step each, so results do not depend on their number.
  ///
  /// - Parameters:
  ///   - years: which of the store's years; all of them when nil.
  /// - Throws: ``FluxError`` when the model's inputs are not the store's drivers, or a year is missing;
  ///   ``Interrupted`` on Ctrl-C.
  public init(_ model: any FluxModel, _ drivers: DriverStore, years: [Int]? = nil, step: Step = .month) throws {
    guard model.inputs == drivers.names else {
      throw FluxError("the model takes \(model.inputs.joined(separator: ", "))", at: "model:forward",
        expected: "the drivers' own: \(drivers.names.joined(separator: ", "))", remedy: "Make the model with inputs=d.names.")
    }
    if let stray = years?.first(where: { !drivers.time.years.contains($0) }) {
      throw FluxError("the drivers do not cover \(stray)", at: "model:forward",
        expected: "years within \(drivers.time.years.first ?? 0) to \(drivers.time.years.last ?? 0)")
    }
    let (time, steps) = Self.steps(drivers.time, years, step)
    let cellCount = drivers.grid.cellCount, pixels = drivers.pixels
    let evaluate = try model.evaluator()
    var values = [Float](repeating: .nan, count: steps.count * cellCount)
    values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      nonisolated(unsafe) let values = base
      ThreadPool.forEach(steps.count) { m, _ in
        if Interrupt.isPending { return }
        var day = [Float](repeating: 0, count: pixels.count), sum = [Double](repeating: 0, count: pixels.count)
        for d in steps[m] {
          drivers.withDay(d) { columns in evaluate(columns, pixels.count, &day) }
          for p in pixels.indices { sum[p] += Double(day[p]) }
        }
        let days = Double(steps[m].count)
        for (p, cell) in pixels.enumerated() { values[m * cellCount + cell] = Float(sum[p] / days) }
      }
    }
    try Interrupt.check()
    grid = drivers.grid
    self.time = time
    nee = values
  }

  /// The axis of the result, and the days of the store behind each of its entries.
  private static func steps(_ days: TimeAxis, _ years: [Int]?, _ step: Step) -> (TimeAxis, [Range<Int>]) {
    switch step {
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

extension ForwardRun {
  /// Mean NEE of one model, or of several with a leading `member` dimension.
  ///
  /// - Returns: gC m⁻² d⁻¹, positive to the atmosphere. Shape `[time, lat, lon]` or `[member, time, lat, lon]`.
  /// - Throws: as ``init(_:_:years:)``.
  public static func cube(_ models: [any FluxModel], _ drivers: DriverStore, years: [Int]? = nil, step: Step = .month) throws -> Cube {
    var values: [Float] = [], time: TimeAxis?
    for model in models {
      let run = try ForwardRun(model, drivers, years: years, step: step)
      values += run.nee
      time = run.time
    }
    let members = models.count == 1 ? nil : Cube.LeadingDimension(name: "member", labels: models.indices.map { "\($0 + 1)" })
    return try Cube(name: "nee", values: values, grid: drivers.grid, time: time, unit: "gC m-2 d-1",
      longName: "net ecosystem exchange", leading: members)
  }
}
