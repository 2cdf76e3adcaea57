import FluxCore
import FluxData
import Glibc

extension DriverStore {
  /// A land pixel found for a place.
  public struct Found: Sendable, Equatable {
    public let pixel: Int
    /// From the place to the pixel's centre, km.
    public let distance: Double
    /// Whether the place lies inside the pixel's cell.
    public let isInside: Bool
  }

  /// How far a place at sea may look for land when nothing else is said: one and a half cells, km.
  public var defaultReach: Double {
    let step = grid.latitudeBounds[0]
    let height = grid.rows > 1 ? grid.latitudes[1] - grid.latitudes[0] : step.upper - step.lower
    return 1.5 * height * .pi / 180 * Grid.earthRadius / 1000
  }

  /// The land pixel whose cell holds a place, otherwise the land pixel with the nearest centre.
  ///
  /// - Parameters:
  ///   - latitude: degrees north.
  ///   - longitude: degrees east, any range.
  ///   - reach: the farthest centre accepted outside the own cell, km; ``defaultReach`` when nil.
  /// - Returns: nil when no land lies within reach, or the place is none.
  public func nearestPixel(latitude: Double, longitude: Double, within reach: Double? = nil) -> Found? {
    guard latitude.isFinite, longitude.isFinite, latitude.magnitude <= 90 else { return nil }
    if let cell = grid.cell(latitude: latitude, longitude: longitude), let pixel = pixel(ofCell: cell) {
      return Found(pixel: pixel, distance: distance(latitude, longitude, toPixel: pixel), isInside: true)
    }
    var best: Found?
    for pixel in 0..<pixelCount {
      let distance = distance(latitude, longitude, toPixel: pixel)
      if distance < best?.distance ?? .infinity { best = Found(pixel: pixel, distance: distance, isInside: false) }
    }
    guard let best, best.distance <= reach ?? defaultReach else { return nil }
    return best
  }

  /// Along the great circle, km.
  private func distance(_ latitude: Double, _ longitude: Double, toPixel pixel: Int) -> Double {
    let radian = Double.pi / 180
    let a = latitude * radian, b = self.latitude(ofPixel: pixel) * radian
    let east = (self.longitude(ofPixel: pixel) - longitude) * radian
    let haversine = pow(sin((b - a) / 2), 2) + cos(a) * cos(b) * pow(sin(east / 2), 2)
    return 2 * asin(min(1, haversine.squareRoot())) * Grid.earthRadius / 1000
  }

  /// The drivers of one pixel, day by day.
  public struct Series: Sendable {
    public let pixel: Int
    /// The pixel's centre, degrees.
    public let latitude, longitude: Double
    /// From the place asked for, km.
    public let distance: Double
    public let names: [String]
    /// Shape `[driver, day]`, each row in its driver's unit.
    public let values: [[Float]]
  }

  /// The drivers at the land pixel of a place, for every day of the store.
  ///
  /// - Throws: ``FluxError`` when there is no land within ``defaultReach``.
  public func at(latitude: Double, longitude: Double) throws -> Series {
    guard let found = nearestPixel(latitude: latitude, longitude: longitude) else {
      throw FluxError(
        "no land pixel near latitude \(latitude), longitude \(longitude)", at: "drivers:at",
        expected: "a place within \(Int(defaultReach)) km of a land pixel's centre")
    }
    let values = (0..<driverCount).map { driver in
      (0..<dayCount).map { value(driver: driver, pixel: found.pixel, day: $0) }
    }
    return Series(
      pixel: found.pixel, latitude: self.latitude(ofPixel: found.pixel), longitude: self.longitude(ofPixel: found.pixel),
      distance: found.distance, names: names, values: values)
  }
}
