import FluxCore
import FluxDrivers
import FluxObservations
import FluxTensor

/// The places and days that a model is asked for, with their drivers.
public struct Samples {
  /// How the drivers lie in memory.
  public enum Layout: Sendable {
    /// `[sample, driver]`, as towers have them.
    case rows
    /// `[driver, sample]`, as the store gives them.
    case columns
  }

  /// In physical units.
  public let drivers: Tensor
  /// Whether drivers are rows or columns.
  public let layout: Layout
  /// The names of the drivers in their order, where they are known.
  public let names: [String]?
  /// Where and when each sample is, for models with memory, who ask for it; nil for samples that are plain tensors.
  public let history: (() -> History)?

  /// The record that samples were taken from.
  public struct History {
    /// Where the drivers of earlier days are.
    public let record: any DriverRecord
    /// A place of the record, and the day within it, of each sample. Shape `[sample]` each.
    public let places, days: [Int]

    /// - Parameters:
    ///   - places: of the record. Shape `[sample]`.
    ///   - days: of the record. Shape `[sample]`.
    public init(record: any DriverRecord, places: [Int], days: [Int]) {
      self.record = record
      self.places = places
      self.days = days
    }
  }

  /// Samples that are rows of a tensor.
  ///
  /// - Parameter rows: physical units. Shape `[sample, driver]`.
  public init(rows: Tensor, names: [String]? = nil, history: (() -> History)? = nil) {
    self.init(rows, .rows, names, history)
  }

  /// Samples that are columns of a tensor.
  ///
  /// - Parameter columns: physical units, float32. Shape `[driver, sample]`.
  /// - Throws: ``FluxError`` when memory is short.
  public init(columns: Tensor, names: [String]? = nil, history: (() -> History)? = nil) throws {
    self.init(try columns.contiguous(), .columns, names, history)
  }

  private init(_ drivers: Tensor, _ layout: Layout, _ names: [String]?, _ history: (() -> History)?) {
    self.drivers = drivers
    self.layout = layout
    self.names = names
    self.history = history
  }

  /// How many samples there are.
  public var count: Int { drivers.rank == 2 ? drivers.shape[layout == .rows ? 0 : 1] : 0 }
  /// How many drivers each has.
  public var driverCount: Int { drivers.rank == 2 ? drivers.shape[layout == .rows ? 1 : 0] : 0 }

  /// The drivers as rows, whatever their layout. Shape `[sample, driver]`.
  ///
  /// - Throws: ``FluxError`` when memory is short.
  public func rows() throws -> Tensor {
    guard layout == .columns else { return drivers }
    return try Tape.withoutRecording { try drivers.transposed(0, 1).contiguous() }
  }

  /// - Throws: ``FluxError`` when these are not samples of so many drivers.
  public func check(_ inputs: [String], at place: String) throws {
    if let names, names != inputs {
      throw FluxError(
        "the model takes \(inputs.joined(separator: ", "))", at: place,
        expected: "the drivers' own: \(names.joined(separator: ", "))", remedy: "Make the model with inputs=d.names.")
    }
    guard drivers.rank == 2, driverCount == inputs.count else {
      let wanted = layout == .rows ? "[sample, \(inputs.count)]" : "[\(inputs.count), sample]"
      throw FluxError(
        "x has shape \(drivers.shape)", at: place, expected: "\(wanted), the drivers \(inputs.joined(separator: ", "))",
        remedy: "Give the drivers in this order, one row a sample.")
    }
  }
}

/// The drivers of places over unbroken days: what a model with memory reads before the days that it is asked for.
public protocol DriverRecord {
  /// The days of a place that follow each other without a gap, from the first on.
  func days(ofPlace place: Int) -> Range<Int>
  /// The drivers of some places that have those days. Shape `[day, driver, place]`, float32, in physical units.
  ///
  /// - Throws: ``FluxError`` when memory is short.
  func drivers(places: [Int], days: Range<Int>) throws -> Tensor
}

extension Samples {
  /// Samples whose places have the same record: they can be run side by side.
  public struct Course {
    /// The days of the record, from its first to the last that is asked for.
    public let days: Range<Int>
    /// Shape `[day, driver, place]`.
    public let drivers: Tensor
    /// Which samples these are, and each one's day (from the first) and place within the course.
    public let samples, day, place: [Int]
  }

  /// The record of every sample from its first day on, places of equal days together.
  ///
  /// - Throws: ``FluxError`` for samples without a record, or one that lies behind a gap of its place's.
  public func courses(at name: String) throws -> [Course] {
    guard let history = history?() else {
      throw FluxError(
        "samples without places and days, for a model with memory", at: name,
        expected: "days of towers or of a driver store", remedy: "Ask for site-days, a bridge's year or a forward run.")
    }
    var members: [Range<Int>: [Int]] = [:]
    for sample in history.places.indices {
      let days = history.record.days(ofPlace: history.places[sample])
      guard days.contains(history.days[sample]) else {
        throw FluxError(
          "a gap before day \(history.days[sample]) of place \(history.places[sample])", at: name,
          expected: "drivers on every day from the first (\(days.lowerBound)) on, for a model with memory",
          remedy: "Fill the gap, for example t:attach(d, {from=\"mixed\"}).")
      }
      members[days, default: []].append(sample)
    }
    return try members.sorted { ($0.key.lowerBound, $0.key.count) < ($1.key.lowerBound, $1.key.count) }.map { days, own in
      let places = Set(own.map { history.places[$0] }).sorted()
      let position = Dictionary(uniqueKeysWithValues: zip(places, places.indices))
      let last = own.reduce(days.lowerBound) { max($0, history.days[$1]) }, asked = days.lowerBound..<(last + 1)
      return Course(
        days: asked, drivers: try history.record.drivers(places: places, days: asked), samples: own,
        day: own.map { history.days[$0] - days.lowerBound }, place: own.compactMap { position[history.places[$0]] })
    }
  }
}

/// A store's pixels over all its days.
extension DriverStore: DriverRecord {
  /// All days of the store.
  public func days(ofPlace place: Int) -> Range<Int> { 0..<dayCount }

  public func drivers(places: [Int], days: Range<Int>) throws -> Tensor {
    let width = places.count
    return try Tensor.makeFloats([days.count, driverCount, width], at: "model") { out in
      for (position, day) in days.enumerated() {
        withDay(day) { rows in
          for (driver, row) in rows.enumerated() {
            let to = out + (position * driverCount + driver) * width
            for (k, place) in places.enumerated() { to[k] = row[place] }
          }
        }
      }
    }
  }
}

/// Towers' kept days: places are sites, days are numbered as ``DayNumber`` does; a site's record ends at its first gap.
public struct SiteRecord: DriverRecord {
  private let samples: SiteDays
  /// The row of each site's first day, and its days without a gap. Shape `[site]`.
  private let firstRow: [Int], unbroken: [Range<Int>]

  /// - Parameter samples: site by site and in order of time within a site.
  public init(_ samples: SiteDays) {
    self.samples = samples
    var firstRow = [Int](repeating: 0, count: samples.sites.count)
    var unbroken = [Range<Int>](repeating: 0..<0, count: samples.sites.count)
    for row in 0..<samples.count {
      let site = Int(samples.siteIndex[row]), day = Int(samples.days[row].rawValue)
      if unbroken[site].isEmpty {
        firstRow[site] = row
        unbroken[site] = day..<(day + 1)
      } else if row == firstRow[site] + unbroken[site].count, day == unbroken[site].upperBound {
        unbroken[site] = unbroken[site].lowerBound..<(day + 1)
      }
    }
    self.firstRow = firstRow
    self.unbroken = unbroken
  }

  /// The site's days up to its first gap.
  public func days(ofPlace place: Int) -> Range<Int> { unbroken[place] }

  public func drivers(places: [Int], days: Range<Int>) throws -> Tensor {
    let width = places.count, driverCount = samples.driverCount
    return try Tensor.makeFloats([days.count, driverCount, width], at: "model") { out in
      for (k, place) in places.enumerated() {
        for (position, day) in days.enumerated() {
          let row = firstRow[place] + day - unbroken[place].lowerBound
          for driver in 0..<driverCount {
            out[(position * driverCount + driver) * width + k] = samples.drivers[row * driverCount + driver]
          }
        }
      }
    }
  }
}

extension Samples {
  /// Some rows of towers' site-days, gathered.
  ///
  /// - Parameters:
  ///   - rows: of the site-days.
  ///   - record: of the same site-days; asked for by models with memory only.
  /// - Throws: ``FluxError`` when memory is short.
  public init(_ days: SiteDays, rows: [Int], record: @escaping () -> SiteRecord) throws {
    let width = days.driverCount
    let x = try Tensor.makeFloats([rows.count, width], names: ["sample", "driver"], at: "trainer") { out in
      days.drivers.withUnsafeBufferPointer { drivers in
        guard let base = drivers.baseAddress else { return }
        for (i, row) in rows.enumerated() { (out + i * width).update(from: base + row * width, count: width) }
      }
    }
    self.init(rows: x, names: days.driverNames) {
      History(
        record: record(), places: rows.map { Int(days.siteIndex[$0]) }, days: rows.map { Int(days.days[$0].rawValue) })
    }
  }
}
