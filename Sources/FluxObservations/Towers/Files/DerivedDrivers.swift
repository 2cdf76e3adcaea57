import FluxCore

/// Refuses, by name, drivers that carry the answer: what is computed from NEE itself.
///
/// GPP and ecosystem respiration are split from the very NEE that is to be
/// predicted, and a site's mean NEE tells the site's answer; a network given
/// one of them looks splendid and has learnt nothing (SCIENCE §3).
public enum DerivedDrivers {
  /// Words that give such a column away, in any case, between `_`, `.`, `-`, blanks or digits.
  private static let words: Set<String> = [
    "gpp", "gep", "gee", "reco", "ter", "er", "re", "rsoil", "nee", "nep", "nef", "nbp", "npp", "neeor", "fc", "fco", "co2flux", "lue", "wue", "cue",
  ]
  private static let beginnings = ["gpp", "reco", "nee"]

  /// Whether a driver of this name is computed from NEE.
  public static func isDerived(_ name: String) -> Bool {
    let parts = name.lowercased().split { !$0.isLetter }.map(String.init)
    if parts.contains(where: { part in words.contains(part) || beginnings.contains { part.hasPrefix($0) } }) { return true }
    let joined = parts.joined()
    return joined.contains("respiration") || joined.contains("netecosystem") || joined.contains("grossprimary")
  }

  /// - Throws: ``FluxError`` when `name` is computed from NEE.
  public static func refuse(_ name: String, at place: String) throws {
    guard isDerived(name) else { return }
    throw FluxError(
      "'\(name)' as a driver", at: place,
      expected: "a driver that is measured apart from NEE (GPP, respiration and means of NEE are computed from it)",
      remedy: "Leave it out: a model that is given the answer has learnt nothing.")
  }
}
