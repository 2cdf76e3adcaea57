import FluxCore

/// The readings of Table A2. Its names and its formulas disagree on R_g and R_pot.
///
/// - Reference: Tramontana et al. (2016), doi:10.5194/bg-13-4291-2016.
extension DriverRecipe {
  /// The formulas of the table: two daily drivers, as the text says.
  public static let paper = table("paper", eviRadiation: "rg", vegetationRadiation: .seasonal)
  /// The names of the table: MSC(EVI × R_pot).
  public static let names = table("names", eviRadiation: "rpot", vegetationRadiation: .seasonal)
  /// MSC(EVI × R_pot), and R_g × MSC(NDVI) each day: a third driver with interannual variability.
  public static let tramontana = table("tramontana", eviRadiation: "rpot", vegetationRadiation: .daily)

  /// Those that have a name.
  public static let presets = [paper, names, tramontana]

  /// The recipe of a name.
  ///
  /// - Throws: ``FluxError`` that lists the recipes and offers the nearest.
  public init(named name: String, at place: String = "drivers.build") throws {
    guard let recipe = Self.presets.first(where: { $0.name == name }) else {
      let valid = Self.presets.map(\.name)
      throw FluxError(
        "no recipe '\(name)'\(NearestName.hint(name, among: valid))", at: place, expected: "one of \(valid.joined(separator: ", "))",
        remedy: "A recipe of your own is a table: recipe = {from = \"paper\", {name = …, formula = …}}.")
    }
    self = recipe
  }

  /// The ten drivers of Table A2, in its order.
  private static func table(_ name: String, eviRadiation: String, vegetationRadiation: DriverKind) -> DriverRecipe {
    func variable(_ name: String) -> DriverFormula { .variable(name) }
    func cycle(_ formula: DriverFormula) -> DriverFormula { .call(.meanSeasonalCycle, formula) }
    func product(_ a: DriverFormula, _ b: DriverFormula) -> DriverFormula { .combined(.multiply, a, b) }
    let radiation = vegetationRadiation == .daily ? "rg" : "rpot"
    let rows: [(String, DriverKind, DriverFormula, String)] = [
      ("WAI2", .daily, variable("wai"), "1"),
      ("Tair", .daily, variable("tair"), "degC"),
      ("MSC_EVIRpot", .seasonal, cycle(product(variable("evi"), variable(eviRadiation))), "W m-2"),
      ("MSC_FparLST", .seasonal, cycle(product(variable("fapar"), variable("lst_day"))), "K"),
      ("MSC_LST_Night", .seasonal, cycle(variable("lst_night")), "K"),
      ("Rg_VIMSC", vegetationRadiation, product(cycle(variable("ndvi")), variable(radiation)), "W m-2"),
      ("MIN_MSC_NDWI", .constant, .call(.minimum, cycle(variable("ndwi"))), "1"),
      ("AMP_Band4", .constant, .call(.amplitude, cycle(variable("band4"))), "1"),
      ("AMP_MSC_NDVI", .constant, .call(.amplitude, cycle(variable("ndvi"))), "1"),
      ("AMP_MSC_WAI", .constant, .call(.amplitude, cycle(variable("wai"))), "1"),
    ]
    return DriverRecipe(
      name: name, drivers: rows.map { DriverDefinition($0.0, $0.1, $0.2.description, unit: $0.3) }, formulas: rows.map(\.2))
  }
}
