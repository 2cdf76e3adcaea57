import FluxCore
import FluxData

/// The inversions: what five systems would make of the true land flux, monthly at 1°.
///
///     flux = smooth(NEE + fires + lateral) + region error
///     error(r, a, m) = σ_r (0.6 c_r + 1.0 o_ra + 0.8 n_ram),  85 % of Σ_r error put back elsewhere ∝ σ_r²
///
/// c, o, n are standard normal: common to all members, a member's own, a month's. What is put back makes
/// dipoles between regions, as the well-known global sum does.
struct TwinInversions: Sendable {
  let land: OneDegreeLand
  let members: [String]
  private let smoothing: [LandSmoothing]
  /// NEE + fires + lateral, gC d⁻¹. Shape `[month][land cell]`.
  private let flux: [[Double]]
  /// PgC yr⁻¹. Shape `[member][month][region]`.
  let error: [[[Double]]]
  /// Whether a member has data in a month. Shape `[member][month]`.
  let isPresent: [[Bool]]

  init(earth: TwinEarth, emissions: TwinEmissions, land: OneDegreeLand) throws {
    let p = earth.parameters.errors, calendar = earth.calendar, pixels = earth.geography.pixelCount
    for code in p.regional.keys.sorted() where !earth.geography.codes.contains(code) {
      throw FluxError(
        "no region '\(code)'\(NearestName.hint(code, among: earth.geography.codes))", at: "twin.archive, errors",
        expected: "region codes with errors in PgC yr-1")
    }
    self.land = land
    members = p.members
    smoothing = p.members.indices.map { LandSmoothing(land: land, sigma: p.smoothing[$0 % p.smoothing.count]) }
    flux = (0..<calendar.monthCount).map { month in
      let first = calendar.monthStart[month], last = calendar.monthStart[month + 1]
      let rate = (0..<pixels).map { pixel -> Double in
        let g = earth.balance.gpp.series(pixel), r = earth.balance.ter.series(pixel)
        var sum = 0.0
        for day in first..<last { sum += Double(r[day] - g[day]) }
        return sum / Double(last - first) + emissions.fire[month][pixel] + emissions.lateral[pixel]
      }
      return land.totals(rate)
    }

    let sigma = earth.geography.codes.map { p.regional[$0] ?? 0 }
    let squares = sigma.reduce(0) { $0 + $1 * $1 }
    func dipoles(_ error: [Double]) -> [Double] {
      let sum = error.reduce(0, +)
      return zip(error, sigma).map { squares > 0 ? $0 - p.dipole * sum * $1 * $1 / squares : $0 }
    }
    var shared = RandomStream(seed: earth.seed, purpose: "twin inversions common")
    let common = sigma.map { p.common * $0 * shared.normal() }
    error = p.members.map { member in
      var stream = RandomStream(seed: earth.seed, purpose: "twin inversions \(member)")
      let own = zip(common, sigma).map { $0 + p.own * $1 * stream.normal() }
      return (0..<calendar.monthCount).map { _ in dipoles(zip(own, sigma).map { $0 + p.monthly * $1 * stream.normal() }) }
    }
    isPresent = p.members.map { member in
      (0..<calendar.monthCount).map { month in member != p.lateMember || month >= 12 || calendar.yearCount < 3 }
    }
  }

  /// A member's map of a month, PgC m⁻² yr⁻¹ of whole cells, NaN in a month without data. Shape `[row, column]`.
  func map(member: Int, month: Int, calendar: TwinCalendar) -> [Float] {
    guard isPresent[member][month] else { return [Float](repeating: .nan, count: land.grid.cellCount) }
    let days = TwinCalendar.isLeap(calendar.firstYear + month / 12) ? 366.0 : 365
    var totals = smoothing[member].apply(flux[month])
    for place in totals.indices { totals[place] *= days * 1e-15 }
    for (region, areas) in land.regionArea.enumerated() {
      let whole = areas.reduce(0, +)
      guard whole > 0 else { continue }
      let density = error[member][month][region] / whole
      for place in totals.indices where areas[place] > 0 { totals[place] += density * areas[place] }
    }
    return land.perCellArea(totals)
  }
}
