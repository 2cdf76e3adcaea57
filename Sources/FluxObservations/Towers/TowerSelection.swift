import FluxCore

/// Which sites of a set: every condition that is given must hold.
public struct TowerSelection: Sendable, Equatable {
  /// IGBP classes.
  public var igbp: [String]?
  /// Site identifiers.
  public var sites: [String]?
  /// Degrees north, both ends included.
  public var latitude: ClosedRange<Double>?
  /// Degrees east, both ends included.
  public var longitude: ClosedRange<Double>?

  public init(
    igbp: [String]? = nil, sites: [String]? = nil, latitude: ClosedRange<Double>? = nil, longitude: ClosedRange<Double>? = nil
  ) {
    self.igbp = igbp
    self.sites = sites
    self.latitude = latitude
    self.longitude = longitude
  }

  public func contains(_ site: TowerSite) -> Bool {
    if let igbp, !igbp.contains(site.igbp) { return false }
    if let sites, !sites.contains(site.id) { return false }
    if let latitude, !latitude.contains(site.latitude) { return false }
    if let longitude, !longitude.contains(site.longitude) { return false }
    return true
  }

  /// - Throws: ``FluxError`` for a class or a site that the set does not have, with the nearest name.
  package func check(against sites: [TowerSite], at place: String) throws {
    let classes = Set(sites.map(\.igbp)).union(LandCoverClass.codes)
    for name in igbp ?? [] where !classes.contains(name) {
      throw FluxError(
        "no IGBP class '\(name)'\(NearestName.hint(name, among: classes.sorted()))", at: place,
        expected: "one of \(LandCoverClass.codes.joined(separator: ", "))")
    }
    let identifiers = Set(sites.map(\.id))
    for name in self.sites ?? [] where !identifiers.contains(name) {
      throw FluxError("no site '\(name)'\(NearestName.hint(name, among: identifiers.sorted()))", at: place, expected: "a site of the set")
    }
  }
}
