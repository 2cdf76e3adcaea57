import FluxCore
import Glibc

/// The tower network: sites drawn where the real one is dense, and their daily records.
///
/// A record is the stand's flux plus everything that makes towers hard to use:
///
///     NEE = k (TER − GPP) − n k TER − s k GPP + offset + Laplace(b = 0.6 + 0.13 |·|)
///
/// with the stand factor k (fAPAR ± 10 %), the missing nocturnal respiration n of the humid tropics
/// and the growing stand's share s. gC m⁻² d⁻¹, positive to the atmosphere.
public struct TwinTowers: Sendable {
  public let sites: [TwinTower]

  /// One day of a record.
  public struct Day: Sendable {
    /// Day of the twin's record, from 0.
    public var day: Int
    /// What the file says, also on days that are not kept.
    public var nee: Float
    /// Share of good half-hours: 0.75 and more on kept days.
    public var quality: Float
    /// The landscape's true flux at the tower's pixel.
    public var truth: Float
    /// The stand's true flux: leaf factor and growth, but no instrument.
    public var stand: Float
  }

  let seed: UInt64
  let parameters: TwinParameters.Network

  init(
    geography: TwinGeography, calendar: TwinCalendar, climate: [TwinClimate], vegetation: TwinVegetation,
    balance: TwinBalance, parameters: TwinParameters, seed: UInt64
  ) throws {
    let network = parameters.towers
    for code in network.counts.keys.sorted() where !geography.codes.contains(code) {
      throw FluxError(
        "no region '\(code)'\(NearestName.hint(code, among: geography.codes))", at: "twin.archive, towers",
        expected: "region codes with tower counts")
    }
    let production = (0..<geography.pixelCount).map { pixel -> Double in
      let g = balance.gpp.series(pixel)
      var sum = 0.0
      for day in 0..<calendar.dayCount { sum += Double(g[day]) }
      return sum / Double(calendar.dayCount)
    }
    var sites: [TwinTower] = []
    for (r, code) in geography.codes.enumerated() {
      let count = network.counts[code] ?? 0
      guard count > 0 else { continue }
      var stream = RandomStream(seed: seed, purpose: "twin towers \(code)")
      var reach = [Double](), total = 0.0
      for pixel in 0..<geography.pixelCount {
        total += geography.regionArea[r][pixel] * pow(production[pixel] + 0.05, network.productivityPull)
        reach.append(total)
      }
      guard total > 0 else {
        throw FluxError(
          "region '\(code)' has no land at \(geography.resolution) degrees, but \(count) towers", at: "twin.archive, towers",
          expected: "land to stand on", remedy: "Use a finer resolution or no towers there.")
      }
      for k in 0..<count {
        let x = stream.uniform(0, total)
        var low = 0, high = reach.count - 1
        while low < high {
          let middle = (low + high) / 2
          if reach[middle] > x { high = middle } else { low = middle + 1 }
        }
        let prefix = Self.prefixes[code] ?? String(code.prefix(2))
        sites.append(
          Self.tower(
            named: "\(prefix)-T\(k < 9 ? "0" : "")\(k + 1)", region: code, pixel: low, geography: geography, calendar: calendar,
            climate: climate[low], vegetation: vegetation, parameters: parameters, stream: &stream))
      }
    }
    self.sites = Self.limitTropics(sites, geography: geography, parameters: network)
    self.seed = seed
    self.parameters = network
  }

  private static func tower(
    named site: String, region: String, pixel: Int, geography: TwinGeography, calendar: TwinCalendar, climate: TwinClimate,
    vegetation: TwinVegetation, parameters: TwinParameters, stream: inout RandomStream
  ) -> TwinTower {
    let network = parameters.towers, bias = parameters.bias
    let tropical = geography.isTropical(pixel, within: parameters.totals.tropicLatitude)
    let half = 0.45 * geography.resolution
    let latitude = geography.latitude[pixel] + stream.uniform(-half, half)
    let longitude = geography.longitude[pixel] + stream.uniform(-half, half)
    let elevation = 20 + 400 * stream.uniform()
    // The stand is of a type of the mosaic, the bare one excepted.
    let named = vegetation.types.indices.filter { vegetation.types[$0] != "BSV" }
    let shares = named.map { Double(vegetation.shares[$0][pixel]) }
    var left = stream.uniform() * shares.reduce(0, +), type = named[0]
    for (k, share) in shares.enumerated() where left >= 0 {
      type = named[k]
      left -= share
    }
    let longest = tropical ? min(network.longestRecordTropics, calendar.yearCount) : calendar.yearCount
    let shortest = min(network.shortestRecord, longest)
    let years = shortest + stream.integer(below: longest - shortest + 1)
    let first = calendar.firstYear + stream.integer(below: calendar.yearCount - years + 1)
    let leaf = max(0.5, 1 + network.leafSpread * stream.normal())
    let offset = network.siteOffset * stream.normal()
    let spread = exp(bias.nocturnalSpread * stream.normal() - 0.5 * bias.nocturnalSpread * bias.nocturnalSpread)
    let growth = tropical ? bias.growthInsideTropics : bias.growthOutsideTropics
    let vigour = stream.gamma(shape: bias.growthShape, scale: 1 / bias.growthShape)
    return TwinTower(
      site: site, latitude: latitude, longitude: longitude, elevation: elevation, igbp: vegetation.types[type], region: region,
      pixel: pixel, firstYear: first, lastYear: first + years - 1, isTropical: tropical, leafFactor: leaf, offset: offset,
      nocturnalShare: spread * nocturnalRamp(latitude: geography.latitude[pixel], aridity: vegetation.aridity[pixel], bias),
      growthShare: growth * vigour)
  }

  /// The share of respiration that a typical tower misses at a place.
  static func nocturnalRamp(latitude: Double, aridity: Double, _ bias: TwinParameters.Bias) -> Double {
    let humid = max(0, min(1, (aridity - bias.humidFrom) / (bias.humidFull - bias.humidFrom)))
    let inside = max(0, min(1, (bias.nocturnalLatitude - abs(latitude)) / (bias.nocturnalLatitude - bias.nocturnalFullLatitude)))
    return bias.nocturnal * humid * inside
  }

  /// Shortens tropical records until kept tropical days are within the limit.
  private static func limitTropics(
    _ sites: [TwinTower], geography: TwinGeography, parameters: TwinParameters.Network
  ) -> [TwinTower] {
    var sites = sites
    func years(_ t: TwinTower) -> Double { Double(t.lastYear - t.firstYear + 1) }
    while true {
      let inside = sites.filter(\.isTropical).reduce(0) { $0 + years($1) } * parameters.keptTropics
      let outside = sites.filter { !$0.isTropical }.reduce(0) { $0 + years($1) } * parameters.keptElsewhere
      // A tenth of room for the chance in which days are kept.
      guard outside > 0, inside > 0.9 * parameters.tropicalSampleLimit * (inside + outside) else { return sites }
      guard
        let longest = sites.indices.filter({ sites[$0].isTropical && years(sites[$0]) > 1 })
          .max(by: { (years(sites[$0]), sites[$1].site) < (years(sites[$1]), sites[$0].site) })
      else { return sites }
      let t = sites[longest]
      sites[longest] = TwinTower(
        site: t.site, latitude: t.latitude, longitude: t.longitude, elevation: t.elevation, igbp: t.igbp, region: t.region,
        pixel: t.pixel, firstYear: t.firstYear, lastYear: t.lastYear - 1, isTropical: true, leafFactor: t.leafFactor,
        offset: t.offset, nocturnalShare: t.nocturnalShare, growthShare: t.growthShare)
    }
  }

  /// The whole record of a site, one entry per day of its years.
  func record(_ tower: TwinTower, calendar: TwinCalendar, balance: TwinBalance) -> [Day] {
    var stream = RandomStream(seed: seed, purpose: "twin record \(tower.site)")
    let g = balance.gpp.series(tower.pixel), r = balance.ter.series(tower.pixel)
    let kept = tower.isTropical ? parameters.keptTropics : parameters.keptElsewhere
    let first = calendar.yearStart[tower.firstYear - calendar.firstYear]
    let last = calendar.yearStart[tower.lastYear - calendar.firstYear + 1]
    var good = stream.uniform() < kept
    return (first..<last).map { day in
      // Good and bad days come in runs, as weather does; the share of good ones is `kept`.
      let stay = parameters.keptMemory + (1 - parameters.keptMemory) * (good ? kept : 1 - kept)
      if stream.uniform() >= stay { good.toggle() }
      let truth = Double(r[day] - g[day])
      let gpp = tower.leafFactor * Double(g[day]), ter = tower.leafFactor * Double(r[day])
      let stand = ter - gpp - tower.growthShare * gpp
      let biased = stand - tower.nocturnalShare * ter + tower.offset
      let scale = parameters.noiseFloor + parameters.noisePerFlux * abs(truth)
      let noise = stream.laplace(scale: scale)
      let quality = good ? stream.uniform(0.75, 1) : stream.uniform(0.1, 0.7)
      return Day(
        day: day, nee: Float(biased + noise), quality: Float((quality * 48).rounded(good ? .up : .down) / 48),
        truth: Float(truth), stand: Float(stand))
    }
  }

  /// Country-like prefixes of site names.
  static let prefixes = [
    "USA": "US", "CAN": "CA", "CAM": "MX", "NSA": "CO", "BRA": "BR", "SSA": "AR", "EU": "EU", "NAF": "NE", "EQAF": "CG",
    "SAF": "ZA", "RUS": "RU", "CAS": "KZ", "MIDE": "IL", "CHN": "CN", "KAJ": "JP", "SAS": "IN", "SEAS": "MY", "OCE": "AU",
  ]
}
