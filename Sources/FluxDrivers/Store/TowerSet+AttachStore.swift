import FluxCore
import FluxData
import FluxObservations

/// Where the drivers of site-days come from. Of the drivers of a store a tower
/// measures those whose name, but for case, is one of its columns: of the ten,
/// `Tair`. Satellites and the water balance give the others either way.
public enum DriverSource: String, Sendable, CaseIterable {
  /// Everything from the land pixel of the site.
  case grid
  /// What the tower measures, from the tower; days without it are left out.
  case tower
  /// What the tower measures, from the tower; from the pixel on days without it.
  case mixed

  /// The source of a name.
  ///
  /// - Throws: ``FluxError`` that lists the sources and offers the nearest.
  public init(named name: String) throws {
    guard let source = Self(rawValue: name) else {
      let valid = Self.allCases.map(\.rawValue)
      throw FluxError(
        "from = '\(name)'\(NearestName.hint(name, among: valid))", at: "towers:attach", expected: "one of \(valid.joined(separator: ", "))")
    }
    self = source
  }
}

/// Site-days with the drivers of a store beside them, and what did not fit.
public struct AttachedDrivers: Sendable {
  /// All sites of the set are listed, also those without a sample.
  public let samples: SiteDays
  /// The land pixel of each site, nil where there is none within reach. Shape `[site]`.
  public let pixels: [Int?]
  /// Sites whose own cell is sea, with the distance to the pixel they took, and sites without land in reach; days
  /// outside the store; days that the tower did not measure.
  public let notes: [String]
}

extension TowerSet {
  /// The samples of every kept day, with the drivers of the land pixel that each site lies in.
  ///
  /// - Parameters:
  ///   - reach: how far a site whose cell is sea may look for land, km; ``DriverStore/defaultReach`` when nil.
  /// - Throws: ``FluxError`` when no day is left, and for `from: .tower` when the towers hold none of the drivers.
  public func attach(_ store: DriverStore, from source: DriverSource = .grid, within reach: Double? = nil) throws -> AttachedDrivers {
    let columns = store.names.map { name in
      source == .grid ? nil : driverNames.firstIndex { $0.lowercased() == name.lowercased() }
    }
    if source == .tower, columns.allSatisfy({ $0 == nil }) {
      throw FluxError(
        "the towers hold none of the drivers \(store.names.joined(separator: ", "))", at: "towers:attach",
        expected: "a column such as tair", remedy: "Use from=\"grid\".")
    }
    let found = sites.map { store.nearestPixel(latitude: $0.latitude, longitude: $0.longitude, within: reach) }
    let firstDay = store.time.dates.first.flatMap { DayNumber(year: $0.year, month: $0.month, day: $0.day) }
    guard let firstDay else { throw FluxError("no day", at: "towers:attach", expected: "drivers of at least one day") }

    var outside = 0
    let samples = try collect(store.names) { site, record in
      guard let pixel = found[site]?.pixel else { return nil }
      return { i, row in
        let day = record.day(i) - firstDay
        guard (0..<store.dayCount).contains(day) else {
          outside += 1
          return .nothing
        }
        func measured(_ driver: Int) -> Float? {
          columns[driver].map { record.drivers[$0][i] }.flatMap { $0.isFinite ? $0 : nil }
        }
        let drivers = columns.indices
        if source == .tower, let lacking = drivers.first(where: { columns[$0] != nil && measured($0) == nil }) {
          return .lacks(lacking)
        }
        for driver in drivers { row.append(measured(driver) ?? store.value(driver: driver, pixel: pixel, day: day)) }
        return .whole
      }
    }
    let notes = Self.notes(sites: sites, found: found, outside: outside, dropped: samples.dropped, store: store)
    guard !samples.days.isEmpty else {
      throw FluxError(
        "no site-day has drivers", at: "towers:attach",
        expected: "sites on land with days in \(store.time.years.first ?? 0)–\(store.time.years.last ?? 0)",
        remedy: notes.joined(separator: "\n  "))
    }
    return AttachedDrivers(samples: samples, pixels: found.map { $0?.pixel }, notes: notes)
  }

  private static func notes(
    sites: [TowerSite], found: [DriverStore.Found?], outside: Int, dropped: [String: Int], store: DriverStore
  ) -> [String] {
    var notes: [String] = []
    let far = zip(sites, found).filter { $1 == nil }.map(\.0.id)
    if !far.isEmpty { notes.append("\(far.count) sites without a land pixel in reach, left out: \(far.joined(separator: ", "))") }
    let coast = zip(sites, found).compactMap { site, found in
      found.flatMap { $0.isInside ? nil : "\(site.id) (\(Int($0.distance)) km)" }
    }
    if !coast.isEmpty { notes.append("\(coast.count) sites in a cell at sea take the nearest land pixel: \(coast.joined(separator: ", "))") }
    if outside > 0 { notes.append("\(outside) site-days lie outside the drivers' years, left out") }
    for (name, count) in dropped.sorted(by: { $0.key < $1.key }) {
      notes.append("\(count) site-days without the tower's own \(name), left out")
    }
    return notes
  }
}
