/// One symbol of a unit and its power: `m-2`, `PgC`, `month-1`.
struct UnitTerm: Sendable, Equatable {
  /// As UDUNITS knows it, without the substance.
  var symbol: String
  /// Carbon or carbon dioxide, when the text says of what the mass or amount is.
  var substance: Substance?
  var power: Int

  var isMass: Bool { Self.masses.contains(Self.withoutPrefix(symbol, Self.masses)) }
  var isAmount: Bool { Self.amounts.contains(Self.withoutPrefix(symbol, Self.amounts)) }
  var isMonth: Bool { Self.months.contains(symbol) }
  var isYear: Bool { Self.years.contains(symbol) }

  private static let masses: Set<String> = ["g", "gram", "grams", "t", "tonne", "tonnes", "kilogram", "kilograms"]
  private static let amounts: Set<String> = ["mol", "mole", "moles", "mols"]
  private static let months: Set<String> = ["month", "months", "mon", "mo", "mth"]
  private static let years: Set<String> = ["yr", "yrs", "year", "years", "annum", "a"]
  private static let prefixes = [
    "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "d", "c", "m", "u", "n", "p", "f", "peta", "tera", "giga", "mega", "kilo", "milli", "micro",
    "nano",
  ]

  private static func withoutPrefix(_ symbol: String, _ bases: Set<String>) -> String {
    if bases.contains(symbol) { return symbol }
    for prefix in prefixes where symbol.hasPrefix(prefix) {
      let rest = String(symbol.dropFirst(prefix.count))
      if bases.contains(rest) { return rest }
    }
    return symbol
  }

  /// `gC m-2`: the symbol, what it is of, and the power unless it is 1.
  var description: String {
    let of: String
    switch substance {
    case .carbon: of = "C"
    case .carbonDioxide: of = " CO2"
    case nil: of = ""
    }
    let spaced = isAmount && substance == .carbon ? " C" : of
    return symbol + (power == 1 ? spaced : spaced + "\(power)")
  }
}
