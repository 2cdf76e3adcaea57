import FluxCore
import FluxData

/// The last steps of a build: from daily records and seasonal cycles to the blocks of the store.
struct DriverAssembly {
  let recipe: DriverRecipe
  let period: BuildPeriod
  /// Every day of `period.record`.
  let record: TimeAxis
  /// Land pixels.
  let width: Int
  let cycles: SeasonalCycles
  let potential: PotentialRadiationCycle
  /// Where large arrays lie while they are made; in memory when nil.
  var folder: BuildFolder?

  private func block(_ name: String, count: Int) throws -> DriverBlock {
    try folder?.block(name, count: count) ?? DriverBlock(count: count, for: "holding '\(name)'", at: "drivers.build")
  }

  /// `Rg_VIMSC`: MSC(NDVI) × R_pot by season, or × R_g by day, W m⁻².
  ///
  /// - Parameter shortwave: nil when the water balance has used it up, and this block is finished.
  func vegetationRadiation(shortwave: DriverBlock?) throws -> DriverBlock {
    guard recipe.multipliesDailyRadiationByNDVI else {
      let block = try DriverBlock(count: cycles.ndvi.count, for: "holding driver 'Rg_VIMSC'", at: "drivers.build")
      for i in 0..<block.count { block.base[i] = cycles.ndvi.base[i] * potential.block.base[i] }
      return block
    }
    let block = try block("radiation", count: storeDays.count * width)
    guard let shortwave, folder?.notes(of: "radiation") == nil else { return block }
    for (row, day) in storeDays.enumerated() {
      let out = block.base + row * width, radiation = shortwave.base + day * width
      let ndvi = cycles.ndvi.base + seasonIndex(day) * width
      for pixel in 0..<width { out[pixel] = ndvi[pixel] * radiation[pixel] }
    }
    try folder?.finish("radiation", notes: [], [block])
    return block
  }

  /// The water availability index of the record, and what the balance reports.
  ///
  /// The forcing is used up: `shortwave` becomes the potential evaporation and
  /// `precipitation` the index, so that no further record is held.
  func waterIndex(
    _ model: WaterBalance, shortwave: DriverBlock, temperature: DriverBlock, precipitation: DriverBlock
  ) throws -> (index: DriverBlock, notes: [String]) {
    let net = model.layers == .one ? try block("net", count: shortwave.count) : nil
    let season = record.dates.map { SeasonalSlots.seasonIndex(month: $0.month, day: $0.day) }
    ThreadPool.forEach(record.count) { day, _ in
      let light = shortwave.base + day * width, warmth = temperature.base + day * width
      let top = potential.block.base + season[day] * width
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
        netRadiation: net.map { UnsafePointer($0.base) }, fapar: cycles.fapar.base, seasonIndex: season, pixelCount: width),
      into: precipitation.base)
    try Interrupt.check()
    var notes = ["water balance: spun up in \(report.loops) loops of the record"]
    if report.unsettledPixels > 0 {
      notes.append(
        "water balance: \(report.unsettledPixels) of \(width) land pixels still moved by 0.1 mm after \(WaterBalance.loopLimit) loops")
    }
    guard report.budgetError <= 1e-9 else {
      throw FluxError(
        "the water budget is open by \(report.budgetError) of the throughput", at: "drivers.build", expected: "at most 1e-9",
        remedy: "Look for absurd values in precip, tair or rg.")
    }
    return (precipitation, notes)
  }

  /// The drivers of the recipe, in its order.
  func blocks(water: DriverBlock, temperature: DriverBlock, radiation: DriverBlock) throws -> [DriverBlock] {
    func constants(_ values: [Float]) throws -> DriverBlock {
      try DriverBlock(values, for: "holding a constant driver", at: "drivers.build")
    }
    func range(_ block: DriverBlock) -> (minimum: [Float], amplitude: [Float]) {
      MeanSeasonalCycle.range(of: block.base, pixelCount: width)
    }
    var moisture = MeanSeasonalCycle(pixelCount: width, baseYears: period.base.count)
    for year in period.base { moisture.add(year: DriverBuilder.slotMeans(water, record, year: year, width: width)) }
    let waterCycle = try DriverBlock(
      count: SeasonalSlots.dayCount * width, for: "holding the water index's mean seasonal cycle", at: "drivers.build")
    _ = moisture.finish(into: waterCycle.base)
    return [
      try cut(water, "store water"), try cut(temperature, "store temperature"), cycles.eviRadiation, cycles.faparTemperature, cycles.nightTemperature, radiation,
      try constants(range(cycles.ndwi).minimum), try constants(range(cycles.band4).amplitude),
      try constants(range(cycles.ndvi).amplitude), try constants(range(waterCycle).amplitude),
    ]
  }

  /// The days of the record that the store keeps.
  private var storeDays: Range<Int> {
    record.range(
      from: CalendarDate(year: period.years.lowerBound, month: 1, day: 1),
      through: CalendarDate(year: period.years.upperBound, month: 12, day: 31))
  }

  private func seasonIndex(_ day: Int) -> Int {
    SeasonalSlots.seasonIndex(month: record.dates[day].month, day: record.dates[day].day)
  }

  private func cut(_ block: DriverBlock, _ name: String) throws -> DriverBlock {
    let days = storeDays
    guard days.count < record.count else { return block }
    let cut = try self.block(name, count: days.count * width)
    cut.base.update(from: block.base + days.lowerBound * width, count: cut.count)
    return cut
  }
}
