import FluxCore
import FluxData
import FluxDocument
import FluxObservations

/// How far the drivers at the towers are from those of the land that a model is spread over: where a model that has
/// learnt from the towers must extrapolate.
///
/// For each driver and region, and for all land (`globe`), the samples of the towers are compared with the land pixels on
/// all days of the store:
///
///     shift = (mean of the land − mean of the towers) / √((σ²_towers + σ²_land) / 2)
///     KS    = sup over x of |F_towers(x) − F_land(x)|
///
/// - Units: means and standard deviations (divided by n) in the driver's unit; shares 0 … 1.
public struct DriverConsistency: Sendable {
  public struct Row: Sendable {
    public let driver, region: String
    public let sites, days: Int
    public let towerMean, towerDeviation, landMean, landDeviation: Double
    /// The standardised mean difference, land minus towers.
    public let shift: Double
    public let kolmogorovSmirnov: Double
    /// Share of the land outside the 1 to 99 % range of the region's own towers; NaN without any.
    public let outside: Double
    /// Share of the land outside the 1 to 99 % range of all towers.
    public let beyond: Double
  }

  /// Driver by driver, regions in their order, `globe` first.
  public let rows: [Row]
  public let notes: [String]

  private struct Group {
    let name: String
    let pixels: [Int]
    let weights: [Double]
    /// Positions in the samples.
    let samples: [Int]
  }

  /// - Parameters:
  ///   - samples: of towers, drivers of the store's names among theirs; each counts alike.
  ///   - regions: on the store's grid.
  ///   - names: the drivers to compare; all that both have when nil.
  ///   - isAreaWeighted: whether pixels count by their land area in the region; alike otherwise.
  ///   - reach: how far a site whose cell is sea looks for the land pixel whose region is its own, km.
  /// - Throws: ``FluxError`` for regions on another grid, unknown drivers, samples without any of them; ``Interrupted``.
  public init(
    _ store: DriverStore, _ samples: SiteDays, regions: RegionSet, drivers names: [String]? = nil, isAreaWeighted: Bool = true,
    within reach: Double? = nil
  ) throws {
    let place = "drivers:consistency"
    guard regions.grid.matches(store.grid) else {
      throw FluxError(
        "the regions have \(regions.grid.rows) × \(regions.grid.columns) cells", at: place,
        expected: "those of the drivers, \(store.grid.rows) × \(store.grid.columns)", remedy: "Use regions.reccap2(d.grid).")
    }
    let shared = store.names.filter(samples.driverNames.contains)
    if let odd = names?.first(where: { !shared.contains($0) }) {
      throw FluxError(
        "no driver '\(odd)' in both\(NearestName.hint(odd, among: shared))", at: place, expected: "some of \(shared.joined(separator: ", "))")
    }
    let chosen = shared.filter { names?.contains($0) ?? true }
    guard !chosen.isEmpty, samples.count > 0 else {
      throw FluxError(
        "samples of \(samples.driverNames.joined(separator: ", "))", at: place, expected: "drivers such as \(store.names.joined(separator: ", "))",
        remedy: "Make the samples with towers:attach(d).")
    }
    let groups = Self.groups(store, samples, regions, isAreaWeighted: isAreaWeighted, within: reach)
    let rows = Self.rows(of: store)
    var results = [[Row]](repeating: [], count: chosen.count)
    // Daily drivers first: they take longest. Each driver is one worker's, so any number of threads gives the same sums.
    let order = chosen.indices.sorted { (rows[store.kind(chosen[$0])]?.count ?? 0, $1) > (rows[store.kind(chosen[$1])]?.count ?? 0, $0) }
    results.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let results = buffer
      ThreadPool.forEach(order.count) { position, _ in
        let name = chosen[order[position]]
        guard let index = store.names.firstIndex(of: name), let column = samples.driverNames.firstIndex(of: name) else { return }
        results[order[position]] = Self.compare(store, index, samples, column, groups, rows[store.kinds[index]] ?? [])
      }
    }
    try Interrupt.check()
    self.rows = results.flatMap { $0 }
    let outside = samples.count - (groups.dropFirst().reduce(0) { $0 + $1.samples.count })
    notes = [
      "globe: all samples beside the land of all \(regions.count) regions" + (outside > 0 ? "; \(outside) samples lie in no region" : ""),
      "pixels count " + (isAreaWeighted ? "by their land area" : "alike") + ", samples alike, on all days of the drivers",
      "shift = (mean land - mean towers) / √((sd² + sd²) / 2); KS = largest difference of the cumulative distributions",
      "outside: % of the land outside the 1-99 % range of the region's own towers; beyond: of all towers",
    ]
  }

  /// All land first, then each region.
  private static func groups(
    _ store: DriverStore, _ samples: SiteDays, _ regions: RegionSet, isAreaWeighted: Bool, within reach: Double?
  ) -> [Group] {
    func weight(_ cell: Int, _ fraction: Float) -> Double {
      isAreaWeighted ? Double(fraction) * store.grid.cellArea(row: store.grid.row(ofCell: cell), column: store.grid.column(ofCell: cell)) : 1
    }
    let regionOfCell = regions.dominantRegion()
    let regionOfSite = samples.sites.map { site in
      store.nearestPixel(latitude: site.latitude, longitude: site.longitude, within: reach).map { regionOfCell[store.pixels[$0.pixel]] } ?? -1
    }
    var own = [[Int]](repeating: [], count: regions.count)
    for sample in 0..<samples.count where regionOfSite[Int(samples.siteIndex[sample])] >= 0 {
      own[regionOfSite[Int(samples.siteIndex[sample])]].append(sample)
    }
    func group(_ name: String, _ entries: [(cell: Int, fraction: Float)], _ own: [Int]) -> Group {
      let found = entries.compactMap { entry in store.pixel(ofCell: entry.cell).map { ($0, weight(entry.cell, entry.fraction)) } }
      return Group(name: name, pixels: found.map(\.0), weights: found.map(\.1), samples: own)
    }
    let land = regions.landFraction()
    let globe = group("globe", land.indices.filter { land[$0] > 0 }.map { ($0, land[$0]) }, Array(0..<samples.count))
    return [globe] + regions.codes.indices.map { region in
      let entries = regions.entries(of: region)
      return group(regions.codes[region], zip(entries.cells, entries.fractions).map { ($0, $1) }, own[region])
    }
  }

  /// The days whose rows are looked at, and how often each stands for the same values, by kind.
  private static func rows(of store: DriverStore) -> [DriverKind: [(day: Int, times: Double)]] {
    var firstDay: [Int: Int] = [:], times: [Int: Double] = [:]
    for day in 0..<store.dayCount {
      let season = store.seasonIndex(ofDay: day)
      firstDay[season] = firstDay[season] ?? day
      times[season, default: 0] += 1
    }
    return [
      .constant: [(0, Double(store.dayCount))], .daily: (0..<store.dayCount).map { ($0, 1) },
      .seasonal: firstDay.sorted { $0.key < $1.key }.map { ($0.value, times[$0.key] ?? 0) },
    ]
  }

  private static func compare(
    _ store: DriverStore, _ driver: Int, _ samples: SiteDays, _ column: Int, _ groups: [Group], _ rows: [(day: Int, times: Double)]
  ) -> [Row] {
    let values = groups.map { group in SampleDistribution(group.samples.map { samples.drivers[$0 * samples.driverCount + column] }) }
    func range(_ sample: SampleDistribution) -> ClosedRange<Double>? {
      sample.count > 0 ? sample.quantile(0.01)...max(sample.quantile(0.01), sample.quantile(0.99)) : nil
    }
    let all = range(values[0])
    var tallies = values.map { GridTally($0, own: range($0), all: all) }
    for (day, times) in rows {
      if Interrupt.isPending { return [] }
      store.withDay(day) { pointers in
        for index in groups.indices { tallies[index].add(pointers[driver], groups[index].pixels, groups[index].weights, times: times) }
      }
    }
    return groups.indices.map { index in
      let tally = tallies[index], sample = values[index]
      let pooled = ((sample.standardDeviation * sample.standardDeviation + tally.standardDeviation * tally.standardDeviation) / 2).squareRoot()
      return Row(
        driver: store.names[driver], region: groups[index].name, sites: Set(groups[index].samples.map { samples.siteIndex[$0] }).count,
        days: sample.count, towerMean: sample.mean, towerDeviation: sample.standardDeviation, landMean: tally.mean,
        landDeviation: tally.standardDeviation, shift: pooled > 0 ? (tally.mean - sample.mean) / pooled : .nan,
        kolmogorovSmirnov: tally.kolmogorovSmirnov, outside: sample.count > 0 && tally.weight > 0 ? tally.outside / tally.weight : .nan,
        beyond: tally.weight > 0 ? tally.beyond / tally.weight : .nan)
    }
  }

  /// A row a driver and region; `scores` by driver, then region, then measure.
  public var table: Table {
    var table = Table(
      title: "Drivers at the towers and on the land",
      columns: ["driver", "region", "sites", "days", "towers", "sd", "land", "sd", "shift", "KS", "outside %", "beyond %"], notes: notes)
    func digits(_ x: Double) -> Int { x.magnitude >= 100 ? 0 : x.magnitude >= 10 ? 1 : 3 }
    for row in rows {
      table.rows.append(
        [.text(row.driver), .text(row.region), .number(Double(row.sites), digits: 0), .number(Double(row.days), digits: 0)]
          + [row.towerMean, row.towerDeviation, row.landMean, row.landDeviation].map { .number($0, digits: digits($0)) }
          + [.number(row.shift, digits: 2), .number(row.kolmogorovSmirnov, digits: 2), .number(100 * row.outside, digits: 1),
            .number(100 * row.beyond, digits: 1)])
      table.scores[row.driver, default: [:]][row.region] = [
        "sites": Double(row.sites), "days": Double(row.days), "towers_mean": row.towerMean, "towers_sd": row.towerDeviation,
        "land_mean": row.landMean, "land_sd": row.landDeviation, "shift": row.shift, "ks": row.kolmogorovSmirnov, "outside": row.outside,
        "beyond": row.beyond,
      ]
    }
    return table
  }
}

extension DriverStore {
  fileprivate func kind(_ name: String) -> DriverKind { definitions.first { $0.name == name }?.kind ?? .daily }
}
