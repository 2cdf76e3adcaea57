import FluxCore

extension WaterBalance {
  /// The forcing of many pixels, each block of shape `[day, pixel]`.
  public struct Forcing {
    /// mm d⁻¹, ≥ 0.
    public let precipitation: UnsafePointer<Float>
    /// °C.
    public let temperature: UnsafePointer<Float>
    /// Priestley and Taylor's, mm d⁻¹, before fAPAR.
    public let potentialEvaporation: UnsafePointer<Float>
    /// W m⁻²; needed with one layer only.
    public let netRadiation: UnsafePointer<Float>?
    /// Mean seasonal cycle of fAPAR, `[day 365, pixel]`, 1; taken within 0 … 1.
    public let fapar: UnsafePointer<Float>
    /// Day of the 365-day cycle of each day of the record.
    public let seasonIndex: [Int]
    public let pixelCount: Int

    public init(
      precipitation: UnsafePointer<Float>, temperature: UnsafePointer<Float>,
      potentialEvaporation: UnsafePointer<Float>, netRadiation: UnsafePointer<Float>?,
      fapar: UnsafePointer<Float>, seasonIndex: [Int], pixelCount: Int
    ) {
      self.precipitation = precipitation
      self.temperature = temperature
      self.potentialEvaporation = potentialEvaporation
      self.netRadiation = netRadiation
      self.fapar = fapar
      self.seasonIndex = seasonIndex
      self.pixelCount = pixelCount
    }
  }

  /// How the spin-up went.
  public struct SpinUp: Sendable, Equatable {
    /// Most times that any pixel's record was looped before its water came back to within 0.1 mm.
    public var loops = 0
    /// Pixels that had not settled after ``loopLimit`` loops.
    public var unsettledPixels = 0
    /// Largest |precipitation − losses − change of storage| over the throughput, of any pixel.
    public var budgetError = 0.0
  }

  /// The record is looped at most so often.
  public static let loopLimit = 100
  /// A pixel has settled when a loop moves its soil water by less, mm.
  public static let settled = 0.1

  /// The index of every day and pixel, after looping the record until the soil
  /// water at its end returns to where it began (`settled`).
  ///
  /// Snow is not asked to return: where it survives the summer it grows with
  /// every loop and its melt, limited by temperature, no longer depends on it.
  ///
  /// - Parameter index: 0 … 1. Shape `[day, pixel]`. May be the precipitation's own memory: each value is
  ///   read for the last time just before its place is written.
  public func run(_ forcing: Forcing, into index: UnsafeMutablePointer<Float>) -> SpinUp {
    // Tiles of fixed size, each pixel on its own: equal for any number of threads.
    let tile = 256
    let tiles = (forcing.pixelCount + tile - 1) / tile
    var results = [SpinUp](repeating: SpinUp(), count: tiles)
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results, forcing = forcing, index = index
      ThreadPool.forEach(tiles) { number, _ in
        if Interrupt.isPending { return }
        let pixels = number * tile..<min(forcing.pixelCount, (number + 1) * tile)
        results[number] = runTile(forcing, pixels: pixels, into: index)
      }
    }
    return results.reduce(into: SpinUp()) { total, one in
      total.loops = max(total.loops, one.loops)
      total.unsettledPixels += one.unsettledPixels
      total.budgetError = max(total.budgetError, one.budgetError)
    }
  }

  private func runTile(_ forcing: Forcing, pixels: Range<Int>, into index: UnsafeMutablePointer<Float>) -> SpinUp {
    var report = SpinUp()
    let start = State(
      upper: layers == .two ? upperCapacity / 2 : 0, lower: lowerCapacity / 2)
    var initial = [State](repeating: start, count: pixels.count)
    var moving = [Bool](repeating: true, count: pixels.count)
    while report.loops < Self.loopLimit, moving.contains(true) {
      var state = initial
      pass(forcing, pixels: pixels, state: &state, into: nil, budget: nil)
      report.loops += 1
      for i in initial.indices where moving[i] {
        let change = abs(state[i].upper - initial[i].upper) + abs(state[i].lower - initial[i].lower)
        // A settled pixel keeps its state, so its neighbours' loops do not touch it.
        moving[i] = change >= Self.settled
        initial[i] = state[i]
      }
    }
    report.unsettledPixels = moving.count { $0 }
    var state = initial
    var budget = [(inflow: Double, outflow: Double)](repeating: (0, 0), count: pixels.count)
    pass(forcing, pixels: pixels, state: &state, into: index, budget: &budget)
    for i in initial.indices {
      let (inflow, outflow) = budget[i]
      let error = abs(inflow - outflow - (state[i].total - initial[i].total))
      report.budgetError = max(report.budgetError, error / max(1, inflow + outflow))
    }
    return report
  }

  /// Walks the record once. The budget is summed when asked for.
  private func pass(
    _ forcing: Forcing, pixels: Range<Int>, state: inout [State], into index: UnsafeMutablePointer<Float>?,
    budget: UnsafeMutablePointer<(inflow: Double, outflow: Double)>?
  ) {
    let width = forcing.pixelCount, first = pixels.lowerBound
    state.withUnsafeMutableBufferPointer { state in
      for day in forcing.seasonIndex.indices {
        let at = day * width + first
        let season = forcing.seasonIndex[day] * width + first
        for i in 0..<pixels.count {
          let rain = Double(forcing.precipitation[at + i])
          let demand = Double(forcing.potentialEvaporation[at + i]) * Double(min(1, max(0, forcing.fapar[season + i])))
          let losses = step(
            &state[i], precipitation: rain, temperature: Double(forcing.temperature[at + i]), demand: demand,
            netRadiation: forcing.netRadiation.map { Double($0[at + i]) } ?? 0)
          if let budget {
            budget[i].inflow += rain
            budget[i].outflow += losses.evapotranspiration + losses.runoff
          }
          if let index { index[at + i] = Float(self.index(state[i])) }
        }
      }
    }
  }
}
