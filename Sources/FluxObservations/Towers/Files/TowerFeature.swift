import FluxCore
import FluxData

/// A driver made from a tower's own columns, written as a name.
///
/// | name | meaning |
/// | --- | --- |
/// | `tair` | a column of the set, on the day |
/// | `rpot` | potential radiation of the latitude and day, W m⁻² |
/// | `tair_mean30`, `rpot_mean90` | mean of the 30 days that end with the day |
/// | `tair_diff30` | value of the day minus that mean |
/// | `clearness` | `rg` over `rpot`, or over 10 W m⁻² when that is more |
/// | `warmth`, `frost` | degrees of `tair` above 5 °C, below 0 °C; else 0 |
/// | `warm_light` | `rg` times a ramp of `tair` from 0 at −2 °C to 1 at 18 °C |
/// | `latitude`, `abs_latitude`, `elevation` | of the site |
/// | `igbp_ENF` | 1 where the site has this class, else 0 |
/// | `igbp` | one such driver for each class of the set |
///
/// What is not linear is made before the mean is taken, since the mean of a product is not the product of
/// means: `warm_light_mean30` is the light of the last month that fell on warm days.
///
/// Means are causal and stay within a record: they start again after a day without a value, and are over the days so
/// far while fewer than N have passed (at least one).
public struct TowerFeature: Sendable, Equatable {
  enum Source: Sendable, Equatable {
    case column(Int)
    case potentialRadiation
    case clearness(rg: Int)
    case warmth(tair: Int)
    case frost(tair: Int)
    case warmLight(rg: Int, tair: Int)
    case latitude, absoluteLatitude, elevation
    case landCover(String)
  }
  enum Window: Sendable, Equatable {
    case day
    case mean(Int)
    case difference(Int)
  }

  public let name: String
  let source: Source
  let window: Window

  /// The features that a list of names means for a set.
  ///
  /// - Throws: ``FluxError`` for a name that is not known, with the nearest, and for what is computed from NEE.
  static func parse(_ names: [String], in set: TowerSet) throws -> [TowerFeature] {
    var features: [TowerFeature] = []
    for name in names {
      try DerivedDrivers.refuse(name, at: "towers:attach")
      if name == "igbp" {
        let present = Set(set.sites.map(\.igbp))
        let classes = LandCoverClass.codes.filter(present.contains)
        guard !classes.isEmpty else {
          throw FluxError("the driver 'igbp' without classes", at: "towers:attach", expected: "a site table with an IGBP class for each site")
        }
        features += classes.map { TowerFeature(name: "igbp_\($0)", source: .landCover($0), window: .day) }
      } else {
        features.append(try parse(name, in: set))
      }
    }
    guard !features.isEmpty else { throw FluxError("no driver", at: "towers:attach", expected: "names such as tair, rg, tair_mean30, rpot, igbp") }
    return features
  }

  private static func parse(_ name: String, in set: TowerSet) throws -> TowerFeature {
    if let source = source(name, in: set) { return TowerFeature(name: name, source: source, window: .day) }
    if let bar = name.lastIndex(of: "_"), let base = source(String(name[..<bar]), in: set) {
      let suffix = name[name.index(after: bar)...]
      for (word, window) in [("mean", Window.mean), ("diff", Window.difference)] where suffix.hasPrefix(word) {
        if let length = Int(suffix.dropFirst(word.count)), (2...3660).contains(length) {
          return TowerFeature(name: name, source: base, window: window(length))
        }
      }
      throw FluxError("the driver '\(name)'", at: "towers:attach", expected: "a window such as \(name[..<bar])_mean30 or \(name[..<bar])_diff7, 2 … 3660 days")
    }
    let made = ["rpot", "clearness", "warmth", "frost", "warm_light", "latitude", "abs_latitude", "elevation", "igbp"]
    let known = set.driverNames + made + LandCoverClass.codes.map { "igbp_\($0)" }
    throw FluxError(
      "no driver '\(name)'\(NearestName.hint(name, among: known))", at: "towers:attach",
      expected: "one of \((set.driverNames + made).joined(separator: ", ")), or NAME_mean30")
  }

  private static func source(_ name: String, in set: TowerSet) -> Source? {
    func column(_ name: String) -> Int? { set.driverNames.firstIndex(of: name) }
    if let column = column(name) { return .column(column) }
    switch name {
    case "rpot": return .potentialRadiation
    case "clearness": return column("rg").map { .clearness(rg: $0) }
    case "warmth": return column("tair").map { .warmth(tair: $0) }
    case "frost": return column("tair").map { .frost(tair: $0) }
    case "warm_light":
      guard let rg = column("rg"), let tair = column("tair") else { return nil }
      return .warmLight(rg: rg, tair: tair)
    case "latitude": return .latitude
    case "abs_latitude": return .absoluteLatitude
    case "elevation": return .elevation
    default:
      guard name.hasPrefix("igbp_"), case let code = String(name.dropFirst(5)), LandCoverClass.codes.contains(code) else { return nil }
      return .landCover(code)
    }
  }

  /// The feature on every day of a record; NaN where it is missing. Shape `[day]`.
  func series(_ record: TowerRecord) -> [Float] {
    // Sunlight is known before the record begins, so its mean starts full.
    let before: Int
    let length: Int
    switch window {
    case .day: (before, length) = (0, 1)
    case .mean(let days), .difference(let days): (before, length) = (source == .potentialRadiation ? days - 1 : 0, days)
    }
    let base = values(record, before: before)
    if window == .day { return base }
    let means = Self.causalMean(base, length)
    let result: [Float]
    if case .difference = window { result = zip(base, means).map { $0 - $1 } } else { result = means }
    return Array(result.dropFirst(before))
  }

  private func values(_ record: TowerRecord, before: Int) -> [Float] {
    let count = record.dayCount
    func constant(_ value: Double) -> [Float] { [Float](repeating: Float(value), count: count) }
    switch source {
    case .column(let k): return record.drivers[k]
    case .latitude: return constant(record.site.latitude)
    case .absoluteLatitude: return constant(record.site.latitude.magnitude)
    case .elevation: return constant(record.site.elevation)
    case .landCover(let code): return constant(record.site.igbp.isEmpty ? .nan : record.site.igbp == code ? 1 : 0)
    case .potentialRadiation: return Self.potentialRadiation(record, before: before)
    case .clearness(let rg): return zip(record.drivers[rg], Self.potentialRadiation(record, before: 0)).map { $0 / max($1, 10) }
    case .warmth(let tair): return record.drivers[tair].map { $0.isNaN ? $0 : max(0, $0 - 5) }
    case .frost(let tair): return record.drivers[tair].map { $0.isNaN ? $0 : max(0, -$0) }
    case .warmLight(let rg, let tair):
      return zip(record.drivers[rg], record.drivers[tair]).map { rg, tair in tair.isNaN ? tair : rg * min(1, max(0, (tair + 2) / 20)) }
    }
  }

  /// W m⁻², from `before` days ahead of the record. Shape `[before + day]`.
  private static func potentialRadiation(_ record: TowerRecord, before: Int) -> [Float] {
    let year = (1...366).map { Float(PotentialRadiation.dailyMean(latitude: record.site.latitude, dayOfYear: $0)) }
    return (-before..<record.dayCount).map { year[record.day($0).dayOfYear - 1] }
  }

  /// Mean of the last `length` values up to each one, since the last missing value.
  static func causalMean(_ x: [Float], _ length: Int) -> [Float] {
    var means = [Float](repeating: .nan, count: x.count)
    var sum = 0.0, run = 0
    for i in x.indices {
      if x[i].isNaN {
        sum = 0
        run = 0
        continue
      }
      sum += Double(x[i])
      run += 1
      if run > length {
        sum -= Double(x[i - length])
        run = length
      }
      means[i] = Float(sum / Double(run))
    }
    return means
  }
}
