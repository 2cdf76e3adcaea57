/// What a mass or an amount is of, when that decides how it converts.
public enum Substance: String, Sendable, Equatable, CaseIterable {
  case carbon = "C"
  case carbonDioxide = "CO2"

  /// Grams in a mole (SCIENCE §1).
  public var molarMass: Double {
    switch self {
    case .carbon: 12.011
    case .carbonDioxide: 44.0095
    }
  }

  /// What a flux is of, by its unit or else by the standard name that CF and the fire products give it; nil when
  /// neither tells.
  package static func of(unit: Unit?, standardName: String?) -> Substance? {
    if let substance = unit?.substance { return substance }
    guard let standardName else { return nil }
    let words = Set(standardName.split(separator: "_").map(String.init))
    guard words.contains("carbon") else { return nil }
    // "mass_flux_of_carbon_dioxide_expressed_as_carbon" counts carbon, "mass_flux_of_carbon_dioxide" the gas.
    return words.contains("dioxide") && !words.contains("expressed") ? .carbonDioxide : .carbon
  }
}
