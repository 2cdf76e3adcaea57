import FluxCore
import FluxData

/// The records that the water balance runs over; two of them are used up.
struct WaterForcing {
  /// Every day of the record.
  let record: TimeAxis
  /// Land pixels.
  let width: Int
  /// R_g, W m⁻²; becomes the potential evaporation.
  let shortwave: DriverBlock
  /// °C.
  let temperature: DriverBlock
  /// mm d⁻¹; becomes the index.
  let precipitation: DriverBlock
  /// R_pot, W m⁻². Shape `[day 365, pixel]`.
  let potential: DriverBlock
  /// Mean seasonal cycle, 1. Shape `[day 365, pixel]`.
  let fapar: DriverBlock
  let folder: BuildFolder?

  /// The water availability index of the record, in the memory of `precipitation`.
  ///
  /// - Returns: what the balance reports.
  /// - Throws: ``FluxError`` when the budget is open by more than 1e-9 of the throughput; ``Interrupted``.
  func run(_ model: WaterBalance) throws -> [String] {
    let net = model.layers == .one
      ? try folder?.block("net", count: shortwave.count) ?? DriverBlock(count: shortwave.count, for: "holding 'net'", at: "drivers.build") : nil
    let season = record.dates.map { SeasonalSlots.seasonIndex(month: $0.month, day: $0.day) }
    ThreadPool.forEach(record.count) { day, _ in
      let light = shortwave.base + day * width, warmth = temperature.base + day * width
      let top = potential.base + season[day] * width
      for pixel in 0..<width {
        let t = Double(warmth[pixel])
        let radiation = EvaporativeDemand.netRadiation(
          shortwave: Double(light[pixel]), potential: Double(top[pixel]), temperature: t)
        net?.base[day * width + pixel] = Float(radiation)
        light[pixel] = Float(EvaporativeDemand.potential(netRadiation: radiation, temperature: t))
      }
    }
    try Interrupt.check()
    let report = model.run(
      WaterBalance.Forcing(
        precipitation: precipitation.base, temperature: temperature.base, potentialEvaporation: shortwave.base,
        netRadiation: net.map { UnsafePointer($0.base) }, fapar: fapar.base, seasonIndex: season, pixelCount: width),
      into: precipitation.base)
    try Interrupt.check()
    guard report.budgetError <= 1e-9 else {
      throw FluxError(
        "the water budget is open by \(report.budgetError) of the throughput", at: "drivers.build", expected: "at most 1e-9",
        remedy: "Look for absurd values in precip, tair or rg.")
    }
    var notes = ["water balance: spun up in \(report.loops) loops of the record"]
    if report.unsettledPixels > 0 {
      notes.append(
        "water balance: \(report.unsettledPixels) of \(width) land pixels still moved by 0.1 mm after \(WaterBalance.loopLimit) loops")
    }
    return notes
  }
}
