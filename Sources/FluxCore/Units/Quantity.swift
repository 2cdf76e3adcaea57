/// A physical quantity, declared once: files, axes, tables and help read its names, unit and sign here.
public struct Quantity: Sendable, Equatable {
  /// The name in scripts and files: `nee`.
  public let name: String
  public let longName: String
  /// The CF standard name, where one fits with its sign and meaning.
  public let standardName: String?
  /// The unit of values inside the program and in files that it writes.
  public let unit: String
  /// What positive values mean, where it is not plain.
  public let sign: String?
  /// What a mass in its unit is of, for units that do not say it.
  public let substance: Substance?

  /// A quantity of one's own, as a model's output or a new variable may need; the well-known ones stand below.
  public init(
    _ name: String, _ longName: String, _ unit: String, standardName: String? = nil, sign: String? = nil,
    substance: Substance? = nil
  ) {
    self.name = name
    self.longName = longName
    self.unit = unit
    self.standardName = standardName
    self.sign = sign
    self.substance = substance
  }

  // CF has names for the net flux of all land processes, positive downwards and with fire: none is NEE.
  public static let nee = Quantity(
    "nee", "net ecosystem exchange", "gC m-2 d-1", sign: "positive to the atmosphere; without fire and inland waters", substance: .carbon)
  public static let gpp = Quantity(
    "gpp", "gross primary productivity", "gC m-2 d-1",
    standardName: "gross_primary_productivity_of_biomass_expressed_as_carbon", sign: "≥ 0, uptake; nee = ter - gpp", substance: .carbon)
  public static let ter = Quantity(
    "ter", "terrestrial ecosystem respiration", "gC m-2 d-1", sign: "≥ 0, release; nee = ter - gpp", substance: .carbon)
  public static let fires = Quantity(
    "fires", "carbon emitted by fires", "gC m-2 d-1", sign: "positive to the atmosphere", substance: .carbon)
  public static let lateral = Quantity(
    "lateral", "land carbon flux that rivers and trade move elsewhere", "gC m-2 d-1",
    sign: "negative where carbon taken up on land is exported", substance: .carbon)
  public static let fossil = Quantity(
    "fossil", "carbon emitted by fossil fuels and cement", "gC m-2 d-1", sign: "positive to the atmosphere", substance: .carbon)

  public static let tair = Quantity("tair", "air temperature", "degC", standardName: "air_temperature")
  public static let precip = Quantity("precip", "precipitation", "mm d-1", standardName: "lwe_precipitation_rate")
  public static let rg = Quantity(
    "rg", "incoming shortwave radiation", "W m-2", standardName: "surface_downwelling_shortwave_flux_in_air", sign: "positive downwards")
  public static let rpot = Quantity(
    "rpot", "potential shortwave radiation at the top of the atmosphere", "W m-2", standardName: "toa_incoming_shortwave_flux",
    sign: "positive downwards")
  public static let vpd = Quantity(
    "vpd", "vapour pressure deficit", "hPa", standardName: "water_vapor_saturation_deficit_in_air")
  public static let wai = Quantity("wai", "water availability index", "1", sign: "0 dry … 1 full")

  public static let evi = Quantity("evi", "enhanced vegetation index", "1")
  public static let ndvi = Quantity("ndvi", "normalised difference vegetation index", "1", standardName: "normalized_difference_vegetation_index")
  public static let ndwi = Quantity("ndwi", "normalised difference water index", "1")
  public static let fapar = Quantity(
    "fapar", "fraction of absorbed photosynthetically active radiation", "1",
    standardName: "fraction_of_surface_downwelling_photosynthetic_radiative_flux_absorbed_by_vegetation")
  public static let band4 = Quantity(
    "band4", "surface reflectance, MODIS band 4 (545–565 nm, green)", "1", standardName: "surface_bidirectional_reflectance")
  public static let lstDay = Quantity("lst_day", "daytime land surface temperature", "K", standardName: "surface_temperature")
  public static let lstNight = Quantity("lst_night", "night-time land surface temperature", "K", standardName: "surface_temperature")
  public static let pft = Quantity("pft", "fraction of each plant functional type", "1", standardName: "area_fraction")
  public static let moleFraction = Quantity(
    "mole_fraction", "mole fraction of CO2 in dry air", "µmol mol-1", standardName: "mole_fraction_of_carbon_dioxide_in_air")

  public static let all: [Quantity] = [
    .nee, .gpp, .ter, .fires, .lateral, .fossil, .tair, .precip, .rg, .rpot, .vpd, .wai, .evi, .ndvi, .ndwi, .fapar, .band4, .lstDay,
    .lstNight, .pft, .moleFraction,
  ]

  /// The quantity of a name, or nil for a name of the user's own.
  public static func named(_ name: String) -> Quantity? { all.first { $0.name == name } }
}
