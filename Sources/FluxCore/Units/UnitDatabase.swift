/// The units database of UDUNITS-2, for `fluxbridge doctor`: the library tells no version.
public enum UnitDatabase {
  /// The file that the units are read from, when a unit of it was converted; nil when UDUNITS cannot read it.
  public static var trial: String? {
    guard let path = UnitSystem.databasePath, let line = try? UnitSystem.line(from: "kg", to: "g"), line == (1000, 0)
    else { return nil }
    return "\(path), turned kg into g"
  }
}
