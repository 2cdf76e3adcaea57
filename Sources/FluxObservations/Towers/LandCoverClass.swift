/// The seventeen IGBP land cover classes, by their three-letter codes.
public enum LandCoverClass {
  /// Codes in the order of IGBP's numbers 1 … 17, as tower networks write them.
  public static let codes = [
    "ENF", "EBF", "DNF", "DBF", "MF", "CSH", "OSH", "WSA", "SAV", "GRA", "WET", "CRO", "URB", "CVM", "SNO", "BSV", "WAT",
  ]

  private static let names: [String: String] = [
    "evergreen needleleaf forests": "ENF", "evergreen broadleaf forests": "EBF", "deciduous needleleaf forests": "DNF",
    "deciduous broadleaf forests": "DBF", "mixed forests": "MF", "closed shrublands": "CSH", "open shrublands": "OSH",
    "woody savannas": "WSA", "savannas": "SAV", "grasslands": "GRA", "permanent wetlands": "WET", "croplands": "CRO",
    "urban and built-up": "URB", "cropland/natural vegetation mosaics": "CVM", "snow and ice": "SNO", "barren": "BSV",
    "water": "WAT",
  ]

  /// The code of a class written as code or in words; empty for `NA` and the like, other text as it is.
  public static func code(_ text: String) -> String {
    let upper = text.uppercased()
    if codes.contains(upper) { return upper }
    if ["", "NA", "NAN", "-9999", "NONE", "UNK", "UNKNOWN"].contains(upper) { return "" }
    let lower = text.lowercased()
    return names[lower] ?? names[lower + "s"] ?? text
  }
}
