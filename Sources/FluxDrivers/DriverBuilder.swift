import FluxCore
import FluxData

/// Computes the ten drivers from base variables and packs them.
///
/// The cubes are read once, a block of days or one year's composites at a time,
/// and only their land pixels are kept: what stays in memory is three daily
/// records and seven mean seasonal cycles of the land. Built into a file, even those lie on the disk.
///
/// 1. Daily forcing is read for the store's years and the base period, gaps filled and counted.
/// 2. Mean seasonal cycles are gathered over the base period, products first.
/// 3. The water balance runs over the record, fAPAR being its mean seasonal cycle, so that
///    only the weather makes one year's demand differ from another's.
/// 4. The recipe's drivers are assembled; nothing is missing in the store.
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
  ///   - variables: the seven composites, the three daily variables and, if wanted, `rpot`.
  ///   - mosaic: needed when a variable is stored per plant functional type.
  /// - Throws: ``FluxError`` for a variable that is missing, unknown, on another grid or of other types.
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
    let missing = needed.filter { known[$0] == nil }
    guard missing.isEmpty, let first = variables.first else {
      throw FluxError(
        "no \(missing.map { "'\($0)'" }.joined(separator: ", "))", at: place,
        expected: "cubes of \(needed.joined(separator: ", ")); rpot and pft may be left out")
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
  /// - Throws: ``FluxError`` for years that are not there or variables without values on land; ``Interrupted``.
  public func build(into path: String? = nil, onProgress: @escaping (Double, String) -> Void = { _, _ in }) throws -> DriverStore {
    func chosen(_ names: [String]) -> [BaseVariable] { names.compactMap { variables[$0] } }
    let period = try BuildPeriod(
      years: years, daily: chosen(BaseVariable.dailyNames), composites: chosen(BaseVariable.compositeNames))
    let folder = try path.map { try BuildFolder(for: $0, fingerprint: fingerprint(period)) }
    let neighbours = LandNeighbours(grid: grid, pixels: landPixels)
    let record = TimeAxis.daily(years: period.record)

    func stage(_ range: ClosedRange<Double>, _ name: String) -> (Double) -> Void {
      onProgress(range.lowerBound, name)
      return { onProgress(range.lowerBound + $0 * (range.upperBound - range.lowerBound), name) }
    }
    func daily(_ name: String, _ filling: DailyRecord.Filling, isNonNegative: Bool, _ range: ClosedRange<Double>) throws -> DailyRecord {
      guard let variable = variables[name] else { throw FluxError("no '\(name)'", at: "drivers.build") }
      return try DailyRecord(
        variable, years: period.record, reader: reader, filling: filling, isNonNegative: isNonNegative, neighbours: neighbours,
        folder: folder, onProgress: stage(range, name))
    }
    // The water balance writes over the radiation's and the rain's records: once it is done, they are gone.
    let watered = folder?.notes(of: "water")
    let shortwave = watered == nil ? try daily("rg", .dayBefore, isNonNegative: true, 0...0.2) : nil
    let temperature = try daily("tair", .dayBefore, isNonNegative: false, 0.2...0.4)
    let potential = try variables["rpot"].map { try PotentialRadiationCycle($0, years: period.base, reader: reader) }
      ?? PotentialRadiationCycle(grid: grid, pixels: landPixels)
    let cycles = try SeasonalCycles(
      composites: variables, base: period.base, reader: reader, neighbours: neighbours, folder: folder, onProgress: stage(0.4...0.55, "cycles")
    ) { year in
      guard !recipe.multipliesPotentialByEVI, let shortwave else { return potential.slotMeans(pixelCount: landPixels.count) }
      return Self.slotMeans(shortwave.block, record, year: year, width: landPixels.count)
    }
    let assembly = DriverAssembly(
      recipe: recipe, period: period, record: record, width: landPixels.count, cycles: cycles, potential: potential, folder: folder)
    let radiation = try assembly.vegetationRadiation(shortwave: shortwave?.block)
    let index: DriverBlock, waterNotes: [String]
    if let watered, let folder {
      index = try folder.block("precip", count: record.count * landPixels.count)
      waterNotes = watered
    } else if let shortwave {
      let precipitation = try daily("precip", .zero, isNonNegative: true, 0.55...0.75)
      onProgress(0.75, "water balance")
      ["rg", "precip"].forEach { folder?.forget($0) }
      let water = try assembly.waterIndex(
        waterBalance, shortwave: shortwave.block, temperature: temperature.block, precipitation: precipitation.block)
      index = water.index
      waterNotes = shortwave.notes + precipitation.notes + water.notes
      try folder?.finish("water", notes: waterNotes, [index])
    } else {
      throw FluxError("the radiation's record is gone", at: "drivers.build")  // read above unless the balance is done
    }
    let writing = stage(0.9...1, "writing")
    let blocks = try assembly.blocks(water: index, temperature: temperature.block, radiation: radiation)
    let notes = variables.values.compactMap(\.note).sorted() + period.notes + temperature.notes + cycles.notes + waterNotes
    let store = try DriverStore(
      definitions: recipe.drivers, grid: grid, pixels: landPixels, time: .daily(years: period.years), blocks: blocks, notes: notes,
      at: "drivers.build")
    guard let path, let folder else { return store }
    try store.save(path, onProgress: writing)
    let finished = try DriverStore.open(path, isVerified: false)
    folder.remove()
    return finished
  }

  /// Of all that decides the result: what is asked for, each variable's axes, and its values at its first and last time.
  private func fingerprint(_ period: BuildPeriod) throws -> String {
    var hash = ContentHash()
    hash.combine("\(DriverStore.format)|\(recipe.rawValue)|\(waterBalance)|\(period)")
    hash.combine(grid.latitudes)
    hash.combine(grid.longitudes)
    hash.combine(landPixels)
    for (name, variable) in variables.sorted(by: { $0.key < $1.key }) {
      hash.combine(name)
      hash.combine(variable.time.dates.map { variable.time.calendar.dayNumber($0) })
      for step in Set([0, variable.time.count - 1]).sorted() where step >= 0 { hash.combine(try variable.values(step..<(step + 1))) }
    }
    return hash.description
  }

  /// The means of a daily record over the slots of one year. Shape `[slot 46, pixel]`.
  static func slotMeans(_ block: DriverBlock, _ record: TimeAxis, year: Int, width: Int) -> [Float] {
    var means = SlotMeans(pixelCount: width)
    let days = record.range(
      from: CalendarDate(year: year, month: 1, day: 1), through: CalendarDate(year: year, month: 12, day: 31))
    for (dayOfYear, day) in days.enumerated() {
      means.add(block.base + day * width, slot: SeasonalSlots.slot(dayOfYear: dayOfYear + 1))
    }
    return means.finish()
  }
}
