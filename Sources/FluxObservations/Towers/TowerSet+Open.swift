import FluxCore
import FluxData
import Glibc

extension TowerSet {
  /// How towers are opened.
  public struct Options: Sendable {
    /// Path of the site table; nothing looks for `sites.csv` in the folder.
    public var sites: String?
    /// Smallest fraction of good half-hours for which a day counts.
    public var minimumQuality = 0.75
    /// NEE column, such as `NEE_CUT_REF`; nothing takes the network's usual one.
    public var variable: String?
    /// Column map; nothing recognises the network.
    public var columns: TowerColumns?
    /// Drivers to read, by our names or by the files' own column names, each then required in every
    /// file; nothing reads all that the network's preset knows and a file has.
    public var drivers: [String]?
    /// Whether a file that cannot be read is left aside and reported instead of refused.
    public var skipsBadFiles = false
    public init() {}
  }

  /// Reads files, or all tower files of folders.
  ///
  /// In a folder, only files that bear a site's name are looked at; of the resolutions that a site comes in, the
  /// daily one is taken; weekly, monthly, yearly, ERA and auxiliary files are left aside, and the report says so.
  ///
  /// - Throws: ``FluxError`` for the first file that cannot be read, for drivers computed from NEE, and when nothing is left.
  public static func open(_ paths: [String], options: Options = Options()) throws -> TowerSet {
    guard (0...1).contains(options.minimumQuality) else {
      throw FluxError("qc = \(options.minimumQuality)", at: "towers.open", expected: "a fraction of good half-hours, 0 … 1")
    }
    let drivers = try wantedDrivers(options)
    var reading = TowerReport.Reading()
    let (files, tablePath) = try find(paths, siteTable: options.sites, &reading)
    let table = try tablePath.map { try SiteTable(path: $0) }
    let bySite = Dictionary(grouping: files, by: \.site)
    var records: [TowerRecord] = []
    for id in bySite.keys.sorted() {
      try Interrupt.check()
      // Without a table a site is known by its name alone.
      let known = if let table { table[id] } else { Optional(TowerSite(id: id)) }
      guard let site = known else {
        reading.unknownSites.append(id)
        continue
      }
      let parts = try read((bySite[id] ?? []).map(\.path), drivers: drivers, options: options, &reading)
      if !parts.isEmpty { records.append(try join(parts, site: site, drivers: drivers, &reading)) }
    }
    guard !records.isEmpty else {
      let unknown = DelimitedText.list(reading.unknownSites)
      throw FluxError(
        "no site is left", at: "towers.open", expected: "at least one that can be read and stands in the site table",
        remedy: reading.unknownSites.isEmpty
          ? reading.skipped.first : "Not in \(tablePath ?? "the table"): \(unknown).")
    }
    return withoutLacking(records, drivers: drivers, minimumQuality: options.minimumQuality, reading)
  }

  /// The tower files of all paths, and the site table: the one that is named, else the first that lies there.
  private static func find(
    _ paths: [String], siteTable: String?, _ reading: inout TowerReport.Reading
  ) throws -> (files: [(site: String, path: String)], table: String?) {
    var table = siteTable
    var files: [(site: String, path: String)] = []
    for path in paths {
      let found = try TowerFolder.files(at: path)
      // A single file stands for itself.
      SessionInputs.note(path, files: found.files.map(\.path).filter { $0 != path })
      files += found.files
      reading.skipped += found.skipped
      if siteTable == nil { table = table ?? found.siteTable }
    }
    guard !files.isEmpty else {
      throw FluxError(
        "no tower file in \(paths.joined(separator: ", "))", at: "towers.open",
        expected: "names such as FLX_DE-Tha_…_DD_….csv, AMF_US-Ha1_….csv or DE-Tha.csv",
        remedy: reading.skipped.first.map { "Left aside: \($0)" })
    }
    return (files, table)
  }

  /// The days of each file of a site; one that cannot be read is left aside when the options say so.
  private static func read(
    _ paths: [String], drivers: [TowerColumns.Driver], options: Options, _ reading: inout TowerReport.Reading
  ) throws -> [(path: String, days: TowerFile.Days)] {
    var parts: [(path: String, days: TowerFile.Days)] = []
    for path in paths {
      do {
        let days = try TowerFile.read(
          path: path, columns: options.columns, variable: options.variable,
          needsQuality: options.minimumQuality > 0, drivers: drivers, areRequired: options.drivers != nil)
        parts.append((path, days))
        reading.files += 1
      } catch let error as FluxError where options.skipsBadFiles {
        reading.skipped.append(error.description)
      }
    }
    return parts
  }

  /// The set of all records; a driver that no file has is not a driver of it.
  private static func withoutLacking(
    _ records: [TowerRecord], drivers: [TowerColumns.Driver], minimumQuality: Double, _ report: TowerReport.Reading
  ) -> TowerSet {
    var reading = report
    let present = drivers.indices.filter { k in
      reading.lacking[drivers[k].name].map { $0.count < records.count } ?? true
    }
    for k in drivers.indices where !present.contains(k) { reading.lacking[drivers[k].name] = nil }
    return TowerSet(
      records: records.map { record in
        TowerRecord(
          site: record.site, firstDay: record.firstDay, nee: record.nee, quality: record.quality,
          drivers: present.map { record.drivers[$0] }, files: record.files)
      },
      drivers: present.map { drivers[$0] }, minimumQuality: minimumQuality, reading: reading)
  }

  /// The drivers that are asked for, or all that any preset knows.
  private static func wantedDrivers(_ options: Options) throws -> [TowerColumns.Driver] {
    var known: [TowerColumns.Driver] = options.columns?.drivers ?? []
    for preset in options.columns == nil ? TowerColumns.presets : [] {
      for driver in preset.drivers where !known.contains(where: { $0.name == driver.name }) { known.append(driver) }
    }
    for driver in known {
      for column in driver.columns { try DerivedDrivers.refuse(column, at: "towers.open") }
    }
    guard let names = options.drivers else { return known }
    return try names.map { name in
      try DerivedDrivers.refuse(name, at: "towers.open")
      return known.first { $0.name == name } ?? TowerColumns.Driver(name, "1", [name])
    }
  }

  /// One record from the files of a site, each day from the first file that gives it.
  private static func join(
    _ parts: [(path: String, days: TowerFile.Days)], site: TowerSite, drivers: [TowerColumns.Driver], _ reading: inout TowerReport.Reading
  ) throws -> TowerRecord {
    let first = parts.compactMap { $0.days.day.min() }.min()!, last = parts.compactMap { $0.days.day.max() }.max()!
    let count = last - first + 1
    guard count <= 200 * 366 else {
      throw FluxError("\(parts[0].path) spans \(first) to \(last)", at: "towers.open", expected: "at most 200 years")
    }
    var nee = [Float](repeating: .nan, count: count), quality = nee
    var series = [[Float]](repeating: nee, count: drivers.count)
    var taken = [Bool](repeating: false, count: count)
    for part in parts {
      for (i, day) in part.days.day.enumerated() {
        let t = day - first
        if taken[t] {
          reading.repeatedDays += 1
          continue
        }
        taken[t] = true
        nee[t] = part.days.nee[i]
        quality[t] = part.days.quality[i]
        for k in drivers.indices { series[k][t] = part.days.drivers[k][i] }
      }
    }
    for k in drivers.indices where !parts.contains(where: { $0.days.hasDriver[k] }) {
      reading.lacking[drivers[k].name, default: []].append(site.id)
    }
    return TowerRecord(site: site, firstDay: first, nee: nee, quality: quality, drivers: series, files: parts.map(\.path))
  }
}
