import FluxCore
import FluxData
import FluxDrivers

/// A model run over every land pixel and day, kept as monthly means: what maps and integrals are made of.
public struct ForwardRun: Sendable {
  public let grid: Grid
  /// Months, dated on their first day.
  public let time: TimeAxis
  /// The mean NEE of each month, gC m⁻² d⁻¹, NaN at sea. Shape `[month, lat, lon]`.
  public let nee: [Float]

  /// Runs a model over whole months; threads take a month each, so results do not depend on their number.
  ///
  /// - Parameters:
  ///   - years: which of the store's years; all of them when nil.
  ///   - progress: called now and then with the share that is done.
  /// - Throws: ``FluxError`` when the model's inputs are not the store's drivers, or a year is missing;
  ///   ``Interrupted`` on Ctrl-C.
  public init(_ model: any FluxModel, _ drivers: DriverStore, years: [Int]? = nil) throws {
    guard model.inputs == drivers.names else {
      throw FluxError("the model takes \(model.inputs.joined(separator: ", "))", at: "model:forward",
        expected: "the drivers' own: \(drivers.names.joined(separator: ", "))", remedy: "Make the model with inputs=d.names.")
    }
    if let stray = years?.first(where: { !drivers.time.years.contains($0) }) {
      throw FluxError("the drivers do not cover \(stray)", at: "model:forward",
        expected: "years within \(drivers.time.years.first ?? 0) to \(drivers.time.years.last ?? 0)")
    }
    let months = drivers.time.months().filter { years?.contains($0.year) ?? true }
    let cellCount = drivers.grid.cellCount, pixels = drivers.pixels
    let evaluate = try model.evaluator()
    var values = [Float](repeating: .nan, count: months.count * cellCount)
    values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      nonisolated(unsafe) let values = base
      ThreadPool.forEach(months.count) { m, _ in
        if Interrupt.isPending { return }
        var day = [Float](repeating: 0, count: pixels.count), sum = [Double](repeating: 0, count: pixels.count)
        for d in months[m].indices {
          drivers.withDay(d) { columns in evaluate(columns, pixels.count, &day) }
          for p in pixels.indices { sum[p] += Double(day[p]) }
        }
        let days = Double(months[m].indices.count)
        for (p, cell) in pixels.enumerated() { values[m * cellCount + cell] = Float(sum[p] / days) }
      }
    }
    try Interrupt.check()
    grid = drivers.grid
    time = drivers.time.grouped(months)
    nee = values
  }
}

extension ForwardRun {
  /// Monthly mean NEE of one model, or of several with a leading `member` dimension.
  ///
  /// - Returns: gC m⁻² d⁻¹, positive to the atmosphere. Shape `[month, lat, lon]` or `[member, month, lat, lon]`.
  /// - Throws: as ``init(_:_:years:)``.
  public static func cube(_ models: [any FluxModel], _ drivers: DriverStore, years: [Int]? = nil, progress: (Double) -> Void = { _ in }) throws -> Cube {
    var values: [Float] = [], time: TimeAxis?
    for (i, model) in models.enumerated() {
      let run = try ForwardRun(model, drivers, years: years)
      values += run.nee
      time = run.time
      progress(Double(i + 1) / Double(models.count))
    }
    let members = models.count == 1 ? nil : Cube.LeadingDimension(name: "member", labels: models.indices.map { "\($0 + 1)" })
    return try Cube(name: "nee", values: values, grid: drivers.grid, time: time, unit: "gC m-2 d-1",
      longName: "net ecosystem exchange", leading: members)
  }
}
