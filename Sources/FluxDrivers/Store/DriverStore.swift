import FluxCore
import FluxData
import Glibc

/// The drivers of every land pixel of a grid, packed: a constant once, a mean
/// seasonal cycle 365 times, a daily driver every day.
///
/// - Shape: constant `[pixel]`, seasonal `[day 365, pixel]`, daily `[day, pixel]`, each one block of Float.
/// - Units: those of ``definitions``. No value is missing.
public final class DriverStore: Sendable {
  /// What each driver is, in the order of every `driver` index.
  public let definitions: [DriverDefinition]
  public let grid: Grid
  /// The grid cell of each land pixel, ascending.
  public let pixels: [Int]
  /// Every day that the store covers, standard calendar.
  public let time: TimeAxis
  /// What was missing, filled or chosen while building, a line each.
  public let notes: [String]
  /// A fingerprint of names, pixels, days and values.
  public let hash: String

  let blocks: [DriverBlock]
  let checksums: StoreChecksums
  /// The day of the 365-day cycle of each day. Shape `[day]`.
  let seasonIndex: [Int]
  private let pixelOfCell: [Int32]

  public var names: [String] { definitions.map(\.name) }
  public var kinds: [DriverKind] { definitions.map(\.kind) }
  public var driverCount: Int { definitions.count }
  public var pixelCount: Int { pixels.count }
  public var dayCount: Int { time.count }
  /// Memory of the values.
  public var byteCount: Int { blocks.reduce(0) { $0 + $1.count * 4 } }

  /// Makes a store of values in memory.
  ///
  /// - Parameter values: one array per definition, of the shape that its kind asks for.
  /// - Throws: ``FluxError`` for a wrong size, a missing value, pixels that do not ascend within the grid,
  ///   or a time axis that is not daily.
  public convenience init(
    definitions: [DriverDefinition], grid: Grid, pixels: [Int], time: TimeAxis, values: [[Float]], notes: [String] = []
  ) throws {
    let blocks = try values.map { try DriverBlock($0, for: "holding a driver", at: "DriverStore") }
    try self.init(definitions: definitions, grid: grid, pixels: pixels, time: time, blocks: blocks, notes: notes)
  }

  /// - Parameter checksums: of values that are known to be as they were written; when nil, the values are
  ///   looked through for missing ones, and their checksums taken.
  init(
    definitions: [DriverDefinition], grid: Grid, pixels: [Int], time: TimeAxis, blocks: [DriverBlock], notes: [String],
    checksums: StoreChecksums? = nil, at place: String = "DriverStore"
  ) throws {
    try Self.check(definitions: definitions, grid: grid, pixels: pixels, time: time, at: place)
    guard blocks.count == definitions.count else {
      throw FluxError("\(blocks.count) blocks for \(definitions.count) drivers", at: place, expected: "one each")
    }
    for (definition, block) in zip(definitions, blocks) {
      let size = definition.kind.rows(days: time.count) * pixels.count
      guard block.count == size else {
        throw FluxError("driver '\(definition.name)' has \(block.count) values", at: place, expected: "\(size)")
      }
      let missing = checksums == nil ? block.values.count { !$0.isFinite } : 0
      guard missing == 0 else {
        throw FluxError(
          "driver '\(definition.name)' has no number in \(missing) of \(size) values", at: place,
          expected: "a value for each pixel and day")
      }
    }
    self.definitions = definitions
    self.grid = grid
    self.pixels = pixels
    self.time = time
    self.blocks = blocks
    self.notes = notes
    self.checksums = try checksums ?? StoreChecksums(blocks, width: pixels.count)
    seasonIndex = time.dates.map { SeasonalSlots.seasonIndex(month: $0.month, day: $0.day) }
    var pixelOfCell = [Int32](repeating: -1, count: grid.cellCount)
    for (pixel, cell) in pixels.enumerated() { pixelOfCell[cell] = Int32(pixel) }
    self.pixelOfCell = pixelOfCell
    hash = Self.hash(definitions: definitions, grid: grid, pixels: pixels, time: time, checksums: self.checksums)
  }

  /// The land pixel of a grid cell, nil at sea.
  public func pixel(ofCell cell: Int) -> Int? {
    guard pixelOfCell.indices.contains(cell), pixelOfCell[cell] >= 0 else { return nil }
    return Int(pixelOfCell[cell])
  }

  public func latitude(ofPixel pixel: Int) -> Double { grid.latitudes[grid.row(ofCell: pixels[pixel])] }
  public func longitude(ofPixel pixel: Int) -> Double { grid.longitudes[grid.column(ofCell: pixels[pixel])] }

  /// The position of a driver.
  ///
  /// - Throws: ``FluxError`` with the nearest name.
  public func index(ofDriver name: String) throws -> Int {
    if let index = definitions.firstIndex(where: { $0.name == name }) { return index }
    throw FluxError(
      "no driver '\(name)'\(NearestName.hint(name, among: names))", at: "DriverStore",
      expected: "one of \(names.joined(separator: ", "))")
  }

  /// The day of the 365-day cycle that a day of the store takes its seasonal drivers from, from 0.
  public func seasonIndex(ofDay day: Int) -> Int { seasonIndex[day] }

  /// One value, in the driver's unit. The indices are the caller's promise.
  public func value(driver: Int, pixel: Int, day: Int) -> Float { row(driver: driver, day: day)[pixel] }

  /// The values of a driver at every pixel on a day. Shape `[pixel]`; valid as long as the store lives.
  @inline(__always)
  func row(driver: Int, day: Int) -> UnsafePointer<Float> {
    let base = UnsafePointer(blocks[driver].base)
    switch definitions[driver].kind {
    case .constant: return base
    case .seasonal: return base + seasonIndex[day] * pixels.count
    case .daily: return base + day * pixels.count
    }
  }

  /// Hands out one contiguous row of pixels per driver for a day: the layout `[driver][pixel]` that the
  /// network reads.
  ///
  /// - Parameter body: gets one pointer per driver to `[pixel]` floats; must not keep them.
  public func withDay<Result>(_ day: Int, _ body: ([UnsafePointer<Float>]) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(definitions.indices.map { row(driver: $0, day: day) }) }
  }

  /// Copies the drivers of some pixels over some days, a driver after the other.
  ///
  /// - Parameter output: the first driver's values go here, shape `[pixel, day]`; each further driver's `stride` floats later.
  public func gather(pixels chosen: [Int], days: Range<Int>, into output: UnsafeMutablePointer<Float>, stride: Int) {
    for driver in 0..<driverCount {
      for (position, day) in days.enumerated() {
        let row = row(driver: driver, day: day)
        var at = driver * stride + position
        for pixel in chosen {
          output[at] = row[pixel]
          at += days.count
        }
      }
    }
  }

  private static func check(
    definitions: [DriverDefinition], grid: Grid, pixels: [Int], time: TimeAxis, at place: String
  ) throws {
    guard !definitions.isEmpty, !pixels.isEmpty, time.count > 0 else {
      throw FluxError(
        "\(definitions.count) drivers, \(pixels.count) pixels, \(time.count) days", at: place, expected: "at least one of each")
    }
    guard Set(definitions.map(\.name)).count == definitions.count else {
      throw FluxError("two drivers have one name", at: place, expected: "different names")
    }
    var last = -1
    for (index, cell) in pixels.enumerated() {
      guard cell > last, cell < grid.cellCount else {
        throw FluxError(
          "land pixel \(index + 1) is cell \(cell)" + (index > 0 ? ", after cell \(last)" : ""), at: place,
          expected: "ascending cells of the grid, from 0 to \(grid.cellCount - 1)")
      }
      last = cell
    }
    guard time.step == .day || time.count == 1, time.calendar == .standard else {
      throw FluxError(
        "a time axis of step \(time.step.rawValue), calendar \(time.calendar.rawValue)", at: place,
        expected: "every day of the standard calendar")
    }
  }

  private static func hash(
    definitions: [DriverDefinition], grid: Grid, pixels: [Int], time: TimeAxis, checksums: StoreChecksums
  ) -> String {
    var hash = ContentHash()
    for definition in definitions {
      hash.combine("\(definition.name)|\(definition.kind.rawValue)|\(definition.formula)|\(definition.unit)")
    }
    hash.combine(grid.latitudes)
    hash.combine(grid.longitudes)
    hash.combine(pixels)
    hash.combine(time.dates.map { time.calendar.dayNumber($0) })
    hash.combine(checksums.values)
    return hash.description
  }
}

extension DriverKind {
  /// Rows of `[pixel]` that a driver of this kind has in a store of so many days.
  func rows(days: Int) -> Int {
    switch self {
    case .constant: 1
    case .seasonal: SeasonalSlots.dayCount
    case .daily: days
    }
  }
}

extension DriverStore: CustomStringConvertible {
  public var description: String {
    let years = time.years
    let span = years.count > 1 ? "\(years[0])–\(years[years.count - 1])" : "\(years.first ?? 0)"
    return "Drivers [driver \(driverCount), pixel \(pixelCount), day \(dayCount)], \(grid.rows) × \(grid.columns) cells, \(span)"
  }
}
