import FluxCore
import FluxData

/// Computes the drivers of a recipe from base variables and packs them.
///
/// The cubes are read once, a block of days or one year's composites at a time,
/// and only their land pixels are kept: what stays in memory is the daily records (three for the recipes with a name)
/// and the mean seasonal cycles of the land. Built into a file, even those lie on the disk.
///
/// 1. Daily forcing is read for the store's years and the base period, gaps filled and counted.
/// 2. Mean seasonal cycles are gathered over the base period, products first.
/// 3. The water balance runs over the record, fAPAR being its mean seasonal cycle, so that
///    only the weather makes one year's demand differ from another's.
/// 4. The recipe's formulas are computed; nothing is missing in the store.
public struct DriverBuilder {
  public var recipe = DriverRecipe.paper
  public var waterBalance = WaterBalance()
  /// The years of the store; all with complete daily forcing when nil.
  public var years: ClosedRange<Int>?
  /// The grid cells of the land pixels, ascending.
  public let landPixels: [Int]
  public let grid: Grid

  private let variables: [String: BaseVariable]
  private let reader: LandReader

  /// - Parameters:
  ///   - variables: those that the recipe is made of: composites, daily variables and, if wanted, `rpot`.
  ///   - mosaic: needed when a variable is stored per plant functional type.
  /// - Throws: ``FluxError`` for a variable that is unknown, on another grid or of other types.
  public init(
    variables: [BaseVariable], landPixels: [Int], mosaic: PlantFunctionalTypeMosaic? = nil
  ) throws {
    let place = "drivers.build"
    let needed = BaseVariable.compositeNames + BaseVariable.dailyNames
    for variable in variables where !needed.contains(variable.name) && variable.name != "rpot" {
      let hint = NearestName.hint(variable.name, among: needed + ["rpot"])
      throw FluxError("unknown variable '\(variable.name)'\(hint)", at: place, expected: "one of \(needed.joined(separator: ", ")), rpot")
    }
    let known = Dictionary(variables.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    guard let first = variables.first else {
      throw FluxError("no variable", at: place, expected: "cubes of \(needed.joined(separator: ", ")); rpot and pft may be left out")
    }
    for variable in variables {
      guard variable.grid.matches(first.grid) else {
        throw FluxError(
          "'\(variable.name)' has \(variable.grid.rows) × \(variable.grid.columns) cells", at: place,
          expected: "the grid of '\(first.name)', \(first.grid.rows) × \(first.grid.columns) cells",
          remedy: "Say grid = grid.regular(step), which regrids what lies on another one.")
      }
      if let types = variable.types, types != mosaic?.names {
        throw FluxError(
          "'\(variable.name)' is stored for the types \(types.joined(separator: ", "))", at: place,
          expected: mosaic.map { "those of pft: \($0.names.joined(separator: ", "))" } ?? "pft=, the fractions to mix them by")
      }
    }
    guard !landPixels.isEmpty else {
      throw FluxError("no land pixel on the grid", at: place, expected: "a grid with land of at least one region")
    }
    self.variables = known
    grid = first.grid
    self.landPixels = landPixels
    reader = LandReader(pixels: landPixels, mosaic: mosaic)
  }

  /// Reads, computes and packs.
  ///
  /// - Parameters:
  ///   - path: the store's file. What is half made then lies on the disk beside it, in `PATH.build`, so that memory
  ///     stays bounded and a build that was killed goes on where it was; the store that is returned is mapped. In
  ///     memory when nil.
  ///   - onProgress: called now and then with the share of the work that is done and what is going on.
  /// - Throws: ``FluxError`` for a variable of the recipe that is missing, years that are not there or variables without values on land; ``Interrupted``.
  public func build(into path: String? = nil, onProgress: @escaping (Double, String) -> Void = { _, _ in }) throws -> DriverStore {
    let plan = RecipePlan(recipe)
    try check(plan)
    let period = try BuildPeriod(
      years: years, daily: plan.daily.compactMap { variables[$0] }, composites: plan.composites.compactMap { variables[$0] })
    let folder = try path.map { try BuildFolder(for: $0, fingerprint: fingerprint(plan, period)) }
    let neighbours = LandNeighbours(grid: grid, pixels: landPixels), width = landPixels.count
    let record = TimeAxis.daily(years: period.record)

    func stage(_ range: ClosedRange<Double>, _ name: String) -> (Double) -> Void {
      onProgress(range.lowerBound, name)
      return { onProgress(range.lowerBound + $0 * (range.upperBound - range.lowerBound), name) }
    }
    // The water balance writes over the radiation's and the rain's records: once it is done, they are gone.
    let watered = folder?.notes(of: "water")
    var records: [String: DriverBlock] = [:], recordNotes: [String: [String]] = [:]
    for (place, name) in plan.daily.enumerated() {
      let isGone = watered != nil && RecipePlan.usedUp.contains(name) && !plan.isKept(name)
      guard let variable = variables[name], !isGone else { continue }
      let share = 0.55 / Double(plan.daily.count)
      let daily = try DailyRecord(
        variable, years: period.record, reader: reader, filling: name == "precip" ? .zero : .dayBefore, isNonNegative: name != "tair",
        neighbours: neighbours, folder: folder, onProgress: stage(share * Double(place)...share * Double(place + 1), name))
      records[name] = daily.block
      recordNotes[name] = daily.notes
    }
    let potential = !plan.usesPotential ? nil
      : try variables["rpot"].map { try PotentialRadiationCycle($0, years: period.base, reader: reader) }
        ?? PotentialRadiationCycle(grid: grid, pixels: landPixels)
    func slots(_ name: String, _ year: Int) throws -> [Float] {
      if let record = records[name] { return Self.slotMeans(record, days(of: year), width: width) }
      if name == DriverFormula.potentialRadiation, let potential { return potential.slotMeans(pixelCount: width) }
      guard let variable = variables[name] else { throw FluxError("no '\(name)'", at: "drivers.build") }  // check(plan) has looked
      return try reader.slotMeans(of: variable, year: year)
    }
    func days(of year: Int) -> Range<Int> {
      record.range(from: CalendarDate(year: year, month: 1, day: 1), through: CalendarDate(year: year, month: 12, day: 31))
    }
    var cycles = SeasonalCycles(base: period.base, width: width, neighbours: neighbours, folder: folder)
    try cycles.gather(plan.dryCycles, stage: "cycles", onProgress: stage(0.55...0.7, "cycles"), slots: slots)
    func assembly() -> DriverAssembly {
      DriverAssembly(
        period: period, record: record, width: width, records: records, cycles: cycles, potential: potential?.block, folder: folder)
    }
    func made(_ index: Int, isCopied: Bool) throws -> DriverBlock {
      try assembly().driver(index, recipe.formulas[index], recipe.drivers[index].kind, isCopied: isCopied)
    }
    var blocks: [Int: DriverBlock] = [:]
    for (index, formula) in recipe.formulas.enumerated() where plan.isEarly(formula) { blocks[index] = try made(index, isCopied: true) }
    var waterNotes = watered ?? plan.daily.filter { $0 != "tair" }.flatMap { recordNotes[$0] ?? [] }
    if plan.hasWater {
      onProgress(0.7, "water balance")
      let indexName = plan.isKept("precip") ? "index" : "precip"
      let index: DriverBlock
      if watered != nil, let folder {
        index = try folder.block(indexName, count: record.count * width)
      } else if let rg = records["rg"], let rain = records["precip"], let temperature = records["tair"], let potential,
        let fapar = cycles.blocks[RecipePlan.fapar]
      {
        func usedUp(_ name: String, as copy: String, _ block: DriverBlock) throws -> DriverBlock {
          guard plan.isKept(name) else {
            folder?.forget(name)
            records[name] = nil
            return block
          }
          let own = try folder?.block(copy, count: block.count) ?? DriverBlock(count: block.count, for: "holding '\(copy)'", at: "drivers.build")
          own.base.update(from: block.base, count: block.count)
          return own
        }
        index = try usedUp("precip", as: indexName, rain)
        let forcing = WaterForcing(
          record: record, width: width, shortwave: try usedUp("rg", as: "evaporation", rg), temperature: temperature, precipitation: index,
          potential: potential.block, fapar: fapar, folder: folder)
        waterNotes += try forcing.run(waterBalance)
        try folder?.finish("water", notes: waterNotes, [index])
      } else {
        throw FluxError("the forcing of the water balance is gone", at: "drivers.build")  // read above unless the balance is done
      }
      records[DriverFormula.waterIndex] = index
    }
    try cycles.gather(plan.wetCycles, stage: "wet", onProgress: stage(0.8...0.85, "cycles"), slots: slots)
    onProgress(0.85, "drivers")
    let all = try recipe.drivers.indices.map { try blocks[$0] ?? made($0, isCopied: false) }
    for (driver, block) in zip(recipe.drivers, all) {
      let odd = block.values.count { !$0.isFinite }
      guard odd == 0 else {
        throw FluxError(
          "driver '\(driver.name)' = \(driver.formula) is no number in \(odd) of \(block.count) values", at: "drivers.build",
          expected: "a value for each pixel and day", remedy: "Look for a division by zero: rpot is 0 in the polar night, an index where nothing grows.")
      }
    }
    let writing = stage(0.9...1, "writing")
    let notes = plan.variables.compactMap { variables[$0]?.note }.sorted() + period.notes + (recordNotes["tair"] ?? []) + cycles.notes + waterNotes
    let store = try DriverStore(
      definitions: recipe.drivers, grid: grid, pixels: landPixels, time: .daily(years: period.years), blocks: all, notes: notes,
      at: "drivers.build")
    guard let path, let folder else { return store }
    try store.save(path, onProgress: writing)
    let finished = try DriverStore.open(path, isVerified: false)
    folder.remove()
    return finished
  }

  /// Of all that decides the result: what is asked for, each variable's axes, and its values at its first and last time.
  private func fingerprint(_ plan: RecipePlan, _ period: BuildPeriod) throws -> String {
    var hash = ContentHash()
    hash.combine("\(DriverStore.format)|\(recipe)|\(waterBalance)|\(period)")
    hash.combine(grid.latitudes)
    hash.combine(grid.longitudes)
    hash.combine(landPixels)
    reader.mosaic?.combine(into: &hash)
    for (name, variable) in variables.sorted(by: { $0.key < $1.key }) where plan.variables.contains(name) {
      hash.combine(name)
      hash.combine(variable.time.dates.map { variable.time.calendar.dayNumber($0) })
      for step in Set([0, variable.time.count - 1]).sorted() where step >= 0 { hash.combine(try variable.values(step..<(step + 1))) }
    }
    return hash.description
  }

  /// The means of a daily record over the slots of one year. Shape `[slot 46, pixel]`.
  private static func slotMeans(_ block: DriverBlock, _ days: Range<Int>, width: Int) -> [Float] {
    var means = SlotMeans(pixelCount: width)
    for (dayOfYear, day) in days.enumerated() {
      means.add(block.base + day * width, slot: SeasonalSlots.slot(dayOfYear: dayOfYear + 1))
    }
    return means.finish()
  }

  /// That all variables of the recipe are there.
  private func check(_ plan: RecipePlan) throws {
    let needed = (plan.composites + plan.daily)
    let missing = needed.filter { variables[$0] == nil }
    guard missing.isEmpty else {
      throw FluxError(
        "no \(missing.map { "'\($0)'" }.joined(separator: ", "))", at: "drivers.build",
        expected: "cubes of \(needed.joined(separator: ", ")), of which recipe '\(recipe.name)' is made\(plan.hasWater ? " (wai of rg, tair, precip, fapar)" : ""); rpot and pft may be left out")
    }
  }
}
