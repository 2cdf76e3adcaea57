import FluxCore

/// How a driver is stored.
public enum DriverKind: String, Sendable, CaseIterable {
  /// One value a pixel: `[pixel]`.
  case constant
  /// A mean seasonal cycle: `[day 365, pixel]`.
  case seasonal
  /// A value each day: `[day, pixel]`.
  case daily
}

/// What a driver is: declared once, read by the builder, the file and the help.
public struct DriverDefinition: Sendable, Equatable {
  public let name: String
  public let kind: DriverKind
  /// What is computed, as Table A2 would write it.
  public let formula: String
  public let unit: String

  public init(_ name: String, _ kind: DriverKind, _ formula: String, unit: String) {
    self.name = name
    self.kind = kind
    self.formula = formula
    self.unit = unit
  }
}

/// Which of the readings of Table A2 the drivers follow. Its names and its
/// formulas disagree on R_g and R_pot.
public enum DriverRecipe: String, Sendable, CaseIterable {
  /// The formulas of the table: two daily drivers, as the text says.
  case paper
  /// The names of the table: MSC(EVI × R_pot).
  case names
  /// MSC(EVI × R_pot), and R_g × MSC(NDVI) each day: a third driver with interannual variability.
  case tramontana

  /// The recipe of a name.
  ///
  /// - Throws: ``FluxError`` that lists the recipes and offers the nearest.
  public init(named name: String) throws {
    guard let recipe = Self(rawValue: name) else {
      let valid = Self.allCases.map(\.rawValue)
      throw FluxError(
        "no recipe '\(name)'\(NearestName.hint(name, among: valid))", at: "drivers.build",
        expected: "one of \(valid.joined(separator: ", "))")
    }
    self = recipe
  }

  /// Whether EVI is multiplied by R_pot instead of R_g.
  var multipliesPotentialByEVI: Bool { self != .paper }
  /// Whether MSC(NDVI) is multiplied by the R_g of each day instead of R_pot.
  var multipliesDailyRadiationByNDVI: Bool { self == .tramontana }

  /// The ten drivers of Table A2, in its order.
  public var drivers: [DriverDefinition] {
    [
      DriverDefinition("WAI2", .daily, "water availability index of the lower layer", unit: "1"),
      DriverDefinition("Tair", .daily, "air temperature", unit: "degC"),
      DriverDefinition(
        "MSC_EVIRpot", .seasonal, multipliesPotentialByEVI ? "MSC(EVI × R_pot)" : "MSC(EVI × R_g)", unit: "W m-2"),
      DriverDefinition("MSC_FparLST", .seasonal, "MSC(fAPAR × LST_day)", unit: "K"),
      DriverDefinition("MSC_LST_Night", .seasonal, "MSC(LST_night)", unit: "K"),
      multipliesDailyRadiationByNDVI
        ? DriverDefinition("Rg_VIMSC", .daily, "MSC(NDVI) × R_g", unit: "W m-2")
        : DriverDefinition("Rg_VIMSC", .seasonal, "MSC(NDVI) × R_pot", unit: "W m-2"),
      DriverDefinition("MIN_MSC_NDWI", .constant, "annual minimum of MSC(NDWI)", unit: "1"),
      DriverDefinition("AMP_Band4", .constant, "amplitude of MSC(band 4 reflectance)", unit: "1"),
      DriverDefinition("AMP_MSC_NDVI", .constant, "amplitude of MSC(NDVI)", unit: "1"),
      DriverDefinition("AMP_MSC_WAI", .constant, "amplitude of MSC(WAI), lower layer", unit: "1"),
    ]
  }
}
