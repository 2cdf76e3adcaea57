import FluxCore
import FluxData

/// One build of ``DriverBuilder``, stage by stage, and what the stages leave for each other.
///
/// A class, for a stage that fills one part of it reads the others.
final class DriverBuild {
  private let plan: RecipePlan
  private let period: BuildPeriod
  private let variables: [String: BaseVariable]
  private let reader: LandReader
  private let grid: Grid
  /// Where large arrays lie while they are made; in memory when nil.
  private let folder: BuildFolder?
  private let onProgress: (Double, String) -> Void
  private let neighbours: LandNeighbours
  /// Every day of `period.record`.
  private let record: TimeAxis
  /// What the water balance told when it was done in a build that was killed: it writes over the records of
  /// radiation and rain, which are gone since.
  private let watered: [String]?

  /// The daily variables, and the water index when it is there. Shape `[day of the record, pixel]`.
  private var records: [String: DriverBlock] = [:]
  private var recordNotes: [String: [String]] = [:]
  private var potential: PotentialRadiationCycle?
  private var cycles: SeasonalCycles

  /// Land pixels.
  private var width: Int { reader.pixels.count }
  private var recipe: DriverRecipe { plan.recipe }

  init(
    plan: RecipePlan, period: BuildPeriod, variables: [String: BaseVariable], reader: LandReader, grid: Grid,
    folder: BuildFolder?, onProgress: @escaping (Double, String) -> Void
  ) {
    self.plan = plan
    self.period = period
    self.variables = variables
    self.reader = reader
    self.grid = grid
    self.folder = folder
    self.onProgress = onProgress
    neighbours = LandNeighbours(grid: grid, pixels: reader.pixels)
    record = TimeAxis.daily(years: period.record)
    watered = folder?.notes(of: "water")
    cycles = SeasonalCycles(base: period.base, width: reader.pixels.count, neighbours: neighbours, folder: folder)
  }

  /// All stages.
  ///
  /// - Returns: the drivers in the order of the recipe, and what is to be told of the build.
  /// - Throws: ``FluxError`` for variables without values on land and for drivers that are no numbers; ``Interrupted``.
  func run(_ waterBalance: WaterBalance) throws -> (blocks: [DriverBlock], notes: [String]) {
    try readRecords()
    if plan.usesPotential { potential = try potentialRadiation() }
    try cycles.gather(plan.dryCycles, stage: "cycles", onProgress: stage(0.55...0.7, "cycles"), slots: slots)
    var blocks: [Int: DriverBlock] = [:]
    for (index, formula) in recipe.formulas.enumerated() where plan.isEarly(formula) {
      blocks[index] = try driver(index, isCopied: true)
    }
    var waterNotes = watered ?? plan.daily.filter { $0 != "tair" }.flatMap { recordNotes[$0] ?? [] }
    if plan.hasWater {
      onProgress(0.7, "water balance")
      try addWaterIndex(waterBalance, &waterNotes)
    }
    try cycles.gather(plan.wetCycles, stage: "wet", onProgress: stage(0.8...0.85, "cycles"), slots: slots)
    onProgress(0.85, "drivers")
    let all = try recipe.drivers.indices.map { try blocks[$0] ?? driver($0, isCopied: false) }
    try checkNumbers(all)
    let notes =
      plan.variables.compactMap { variables[$0]?.note }.sorted() + period.notes + (recordNotes["tair"] ?? [])
      + cycles.notes + waterNotes
    return (all, notes)
  }

  /// The progress of one stage, whose share of the whole is a range.
  func stage(_ range: ClosedRange<Double>, _ name: String) -> (Double) -> Void {
    onProgress(range.lowerBound, name)
    return { [onProgress] in
      onProgress(range.lowerBound + $0 * (range.upperBound - range.lowerBound), name)
    }
  }

  private func readRecords() throws {
    for (place, name) in plan.daily.enumerated() {
      let isGone = watered != nil && RecipePlan.usedUp.contains(name) && !plan.isKept(name)
      guard let variable = variables[name], !isGone else { continue }
      let share = 0.55 / Double(plan.daily.count)
      let daily = try DailyRecord(
        variable, years: period.record, reader: reader, filling: name == "precip" ? .zero : .dayBefore,
        isNonNegative: name != "tair", neighbours: neighbours, folder: folder,
        onProgress: stage(share * Double(place)...share * Double(place + 1), name))
      records[name] = daily.block
      recordNotes[name] = daily.notes
    }
  }

  private func potentialRadiation() throws -> PotentialRadiationCycle {
    try variables["rpot"].map { try PotentialRadiationCycle($0, years: period.base, reader: reader) }
      ?? PotentialRadiationCycle(grid: grid, pixels: reader.pixels)
  }

  /// A variable's means in the slots of a year. Shape `[slot 46, pixel]`, NaN where missing.
  private func slots(_ name: String, _ year: Int) throws -> [Float] {
    if let record = records[name] { return slotMeans(record, days(of: year)) }
    if name == DriverFormula.potentialRadiation, let potential { return potential.slotMeans(pixelCount: width) }
    guard let variable = variables[name] else {
      throw FluxError("no '\(name)'", at: "drivers.build")  // the builder has looked
    }
    return try reader.slotMeans(of: variable, year: year)
  }

  private func days(of year: Int) -> Range<Int> {
    record.range(
      from: CalendarDate(year: year, month: 1, day: 1), through: CalendarDate(year: year, month: 12, day: 31))
  }

  /// The means of a daily record over the slots of one year. Shape `[slot 46, pixel]`.
  private func slotMeans(_ block: DriverBlock, _ days: Range<Int>) -> [Float] {
    var means = CompositeSlotMeans(pixelCount: width)
    for (dayOfYear, day) in days.enumerated() {
      means.add(block.base + day * width, slot: SeasonalSlots.slot(dayOfYear: dayOfYear + 1))
    }
    return means.finish()
  }

  private func driver(_ index: Int, isCopied: Bool) throws -> DriverBlock {
    let assembly = DriverAssembly(
      period: period, record: record, width: width, records: records, cycles: cycles, potential: potential?.block,
      folder: folder)
    return try assembly.driver(index, recipe.formulas[index], recipe.drivers[index].kind, isCopied: isCopied)
  }

  /// Runs the water balance, or takes up the index of one that was done before the build was killed.
  ///
  /// - Parameter notes: of the records; what the balance tells is added.
  private func addWaterIndex(_ waterBalance: WaterBalance, _ notes: inout [String]) throws {
    let indexName = plan.isKept("precip") ? "index" : "precip"
    if watered != nil, let folder {
      records[DriverFormula.waterIndex] = try folder.block(indexName, count: record.count * width)
      return
    }
    guard let rg = records["rg"], let rain = records["precip"], let temperature = records["tair"], let potential,
      let fapar = cycles.blocks[RecipePlan.fapar]
    else {
      throw FluxError("the forcing of the water balance is gone", at: "drivers.build")  // read unless it is done
    }
    let index = try usedUp("precip", as: indexName, rain)
    let forcing = WaterForcing(
      record: record, width: width, shortwave: try usedUp("rg", as: "evaporation", rg), temperature: temperature,
      precipitation: index, potential: potential.block, fapar: fapar, folder: folder)
    notes += try forcing.run(waterBalance)
    try folder?.finish("water", notes: notes, [index])
    records[DriverFormula.waterIndex] = index
  }

  /// A record that the water balance writes over: the record itself, or a copy when it is still read afterwards.
  private func usedUp(_ name: String, as copy: String, _ block: DriverBlock) throws -> DriverBlock {
    guard plan.isKept(name) else {
      folder?.forget(name)
      records[name] = nil
      return block
    }
    let own =
      try folder?.block(copy, count: block.count)
      ?? DriverBlock(count: block.count, for: "holding '\(copy)'", at: "drivers.build")
    own.base.update(from: block.base, count: block.count)
    return own
  }

  private func checkNumbers(_ blocks: [DriverBlock]) throws {
    for (driver, block) in zip(recipe.drivers, blocks) {
      let odd = block.values.count { !$0.isFinite }
      guard odd == 0 else {
        throw FluxError(
          "driver '\(driver.name)' = \(driver.formula) is no number in \(odd) of \(block.count) values",
          at: "drivers.build", expected: "a value for each pixel and day",
          remedy: "Look for a division by zero: rpot is 0 in the polar night, an index where nothing grows.")
      }
    }
  }
}
