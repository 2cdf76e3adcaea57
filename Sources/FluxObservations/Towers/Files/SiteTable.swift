import FluxCore
import FluxData

/// Where the sites are and what grows there: a CSV table, one line a site.
///
/// The columns are found under the names that the networks' tables use
/// (`site`/`SITE_ID`/`sitename`/`id`, `lat`/`latitude`/`LOCATION_LAT`, …).
public struct SiteTable: Sendable {
  public let path: String
  public let sites: [TowerSite]
  private let place: [String: Int]

  private static let siteNames = ["site", "site_id", "siteid", "fluxnetid", "fluxnet_id", "sitename", "site_name", "station_id", "station", "id", "name"]
  private static let latitudeNames = ["lat", "latitude", "location_lat", "site_lat", "tower_lat", "y_coord"]
  private static let longitudeNames = ["lon", "long", "lng", "longitude", "location_long", "location_lon", "site_lon", "tower_lon", "x_coord"]
  private static let elevationNames = ["elev_m", "elev", "elv", "elevation", "elevation_m", "location_elev", "altitude", "alt", "site_elev"]
  private static let classNames = ["igbp", "igbp_class", "igbp_code", "classid", "igbp_land_use", "site_igbp", "vegetation_igbp", "land_cover", "veg", "pft"]

  /// - Throws: ``FluxError`` when a column is missing, a place is not on Earth, or a site stands twice with different places.
  public init(path: String) throws {
    let file = try DelimitedText(path: path)
    func column(_ names: [String]) -> Int? {
      names.lazy.compactMap { name in file.header.firstIndex { $0.lowercased() == name } }.first
    }
    func required(_ names: [String], _ what: String) throws -> Int {
      if let index = column(names) { return index }
      throw FluxError(
        "no column for the \(what) in \(path), line \(file.headerLine)", at: "site table",
        expected: "one of \(names.joined(separator: ", ")); the file has \(DelimitedText.list(file.header))")
    }
    let id = try required(Self.siteNames, "site's name")
    let latitude = try required(Self.latitudeNames, "latitude"), longitude = try required(Self.longitudeNames, "longitude")
    let elevation = column(Self.elevationNames), igbp = column(Self.classNames)

    var sites: [TowerSite] = [], place: [String: Int] = [:]
    try file.forEachRow { row in
      let name = row.text(id)
      guard !name.isEmpty else { return }
      let site = TowerSite(
        id: name, latitude: try row.number(latitude), longitude: try row.number(longitude),
        elevation: elevation.flatMap { row.numberOrNil($0) } ?? .nan,
        igbp: igbp.map { LandCoverClass.code(row.text($0)) } ?? "")
      // Two sites of the networks' own lists lack a place: NaN passes and is met where a place is needed.
      let onEarth = !(site.latitude.magnitude > 90) && !(site.longitude < -180 || site.longitude >= 180)
      guard onEarth else {
        throw FluxError(
          "\(path), line \(row.line): \(name) at latitude \(site.latitude), longitude \(site.longitude)", at: "site table",
          expected: "degrees north in -90 … 90 and degrees east in -180 … 360")
      }
      if let first = place[name] {
        guard sites[first].latitude.isNaN || sites[first].distance(to: site) < 1 else {
          throw FluxError("\(path), line \(row.line): \(name) stands twice, \(Int(sites[first].distance(to: site))) km apart", at: "site table")
        }
        return
      }
      place[name] = sites.count
      sites.append(site)
    }
    guard !sites.isEmpty else { throw FluxError("\(path) names no site", at: "site table", expected: "one line a site") }
    self.path = path
    self.sites = sites
    self.place = place
  }

  /// The site of this identifier; case is ignored when the exact one is absent.
  public subscript(id: String) -> TowerSite? {
    if let index = place[id] { return sites[index] }
    let wanted = id.lowercased()
    return sites.first { $0.id.lowercased() == wanted }
  }
}
