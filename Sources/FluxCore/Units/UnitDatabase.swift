/// The units database of UDUNITS-2, for `fluxbridge doctor`: the library tells no version.
public enum UnitDatabase {
  /// The file that the units are read from; nil when UDUNITS cannot read it.
  public static var path: String? { UnitSystem.databasePath }
}
