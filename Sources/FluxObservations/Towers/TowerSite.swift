import Glibc

/// An eddy-covariance site.
public struct TowerSite: Sendable, Equatable {
  /// The network's identifier, such as `DE-Tha`.
  public let id: String
  /// Degrees north; NaN when no site table gave it.
  public let latitude: Double
  /// Degrees east in [−180, 180); NaN when no site table gave it.
  public let longitude: Double
  /// Metres above sea level; NaN when unknown.
  public let elevation: Double
  /// IGBP land cover class, such as `ENF`; empty when unknown.
  public let igbp: String

  public init(id: String, latitude: Double = .nan, longitude: Double = .nan, elevation: Double = .nan, igbp: String = "") {
    self.id = id
    self.latitude = latitude
    self.longitude = longitude >= 180 && longitude <= 360 ? longitude - 360 : longitude
    self.elevation = elevation
    self.igbp = igbp
  }

  /// Great-circle distance, km, on a sphere of radius 6371.007 km (haversine). NaN when a place is unknown.
  public func distance(to other: TowerSite) -> Double {
    let radians = Double.pi / 180
    let halfLatitude = (other.latitude - latitude) * radians / 2
    let halfLongitude = (other.longitude - longitude) * radians / 2
    let a =
      sin(halfLatitude) * sin(halfLatitude)
      + cos(latitude * radians) * cos(other.latitude * radians) * sin(halfLongitude) * sin(halfLongitude)
    return 2 * 6371.007 * asin(min(1, a.squareRoot()))
  }

  /// The site whose identifier a file name bears: `FLX_XX-Yyy_…`, `AMF_XX-Yyy_…`, any other network's prefix,
  /// or `XX-Yyy` at the start; nothing when there is none.
  public static func id(inFileName path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    for part in name.split(whereSeparator: { $0 == "_" || $0 == "." }).prefix(2) {
      let letters = Array(part.unicodeScalars)
      guard (4...7).contains(letters.count), letters[2] == "-",
        letters[0].properties.isUppercase, letters[1].properties.isUppercase, letters[0].isASCII, letters[1].isASCII,
        letters[3...].allSatisfy({ $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil) })
      else { continue }
      return String(part)
    }
    return nil
  }
}
