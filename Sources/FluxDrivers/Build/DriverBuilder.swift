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
      years: years, daily: plan.daily.compactMap { variables[$0] },
      composites: plan.composites.compactMap { variables[$0] })
    let folder = try path.map { try BuildFolder(for: $0, fingerprint: fingerprint(plan, period)) }
    let build = DriverBuild(
      plan: plan, period: period, variables: variables, reader: reader, grid: grid, folder: folder,
      onProgress: onProgress)
    let (blocks, notes) = try build.run(waterBalance)
    let writing = build.stage(0.9...1, "writing")
    let store = try DriverStore(
      definitions: recipe.drivers, grid: grid, pixels: landPixels, time: .daily(years: period.years), blocks: blocks,
      notes: notes, at: "drivers.build")
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
