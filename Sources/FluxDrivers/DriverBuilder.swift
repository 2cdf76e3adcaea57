import FluxCore
import FluxData

/// Computes the ten drivers from base variables and packs them.
///
/// The cubes are read once, a block of days or one year's composites at a time,
/// and only their land pixels are kept: what stays in memory is three daily
/// records and seven mean seasonal cycles of the land.
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
  /// - Throws: ``FluxError`` for years that are not there or variables without values on land; ``Interrupted``.
  public func build() throws -> DriverStore {
    func chosen(_ names: [String]) -> [BaseVariable] { names.compactMap { variables[$0] } }
    let period = try BuildPeriod(
      years: years, daily: chosen(BaseVariable.dailyNames), composites: chosen(BaseVariable.compositeNames))
    let neighbours = LandNeighbours(grid: grid, pixels: landPixels)
    let record = TimeAxis.daily(years: period.record)
    var notes = variables.values.compactMap(\.note).sorted() + period.notes

    func daily(_ name: String, _ filling: DailyRecord.Filling, isNonNegative: Bool) throws -> DriverBlock {
      guard let variable = variables[name] else { throw FluxError("no '\(name)'", at: "drivers.build") }
      let daily = try DailyRecord(
        variable, years: period.record, reader: reader, filling: filling, isNonNegative: isNonNegative, neighbours: neighbours)
      notes += daily.notes
      return daily.block
    }
    let shortwave = try daily("rg", .dayBefore, isNonNegative: true)
    let temperature = try daily("tair", .dayBefore, isNonNegative: false)
    let potential = try variables["rpot"].map { try PotentialRadiationCycle($0, years: period.base, reader: reader) }
      ?? PotentialRadiationCycle(grid: grid, pixels: landPixels)

    let cycles = try SeasonalCycles(
      composites: variables, base: period.base, reader: reader, neighbours: neighbours
    ) { year in
      recipe.multipliesPotentialByEVI
        ? potential.slotMeans(pixelCount: landPixels.count) : Self.slotMeans(shortwave, record, year: year, width: landPixels.count)
    }
    notes += cycles.notes
    let assembly = DriverAssembly(
      recipe: recipe, period: period, record: record, width: landPixels.count, cycles: cycles, potential: potential)
    let radiation = try assembly.vegetationRadiation(shortwave: shortwave)
    let precipitation = try daily("precip", .zero, isNonNegative: true)
    let water = try assembly.waterIndex(
      waterBalance, shortwave: shortwave, temperature: temperature, precipitation: precipitation)
    notes += water.notes
    let blocks = try assembly.blocks(water: water.index, temperature: temperature, radiation: radiation)
    return try DriverStore(
      definitions: recipe.drivers, grid: grid, pixels: landPixels, time: .daily(years: period.years), blocks: blocks, notes: notes,
      at: "drivers.build")
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
