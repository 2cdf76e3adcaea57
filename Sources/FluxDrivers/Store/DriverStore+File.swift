import FluxCore
import FluxData

extension DriverStore {
  /// Written in the file, so that another netCDF file is not taken for drivers.
  static let format = "fluxbridge drivers 2"

  /// Writes the store to one netCDF-4 file, all or nothing.
  ///
  /// Each driver is one variable, neither compressed nor chunked: contiguous in
  /// the file as it is in memory, so that it can be mapped. The land pixels are
  /// gathered (CF-1.8 §8.2): `cell(cell)` compresses `lat lon`. `checksum(part)` holds a fingerprint of every
  /// 32 rows of each driver in turn.
  ///
  /// - Parameter onProgress: called now and then with the share that is written.
  /// - Throws: ``FluxError`` when the file cannot be written.
  public func save(_ path: String, onProgress: ((Double) -> Void)? = nil) throws {
    let writer = try NetCDFWriter(
      path: path,
      attributes: ["title": "Packed drivers", "format": .text(Self.format), "content_hash": .text(hash),
        "notes": .text(notes.joined(separator: "\n"))], isPageAligned: true)
    try writer.defineGrid(grid)
    try writer.defineTime(time)
    try writer.define(dimension: "cell", length: pixelCount)
    try writer.define(dimension: "season", length: SeasonalSlots.dayCount)
    try writer.define(
      variable: "cell", type: .int, dimensions: ["cell"],
      attributes: ["long_name": "index of the land cell, row × columns + column", "compress": "lat lon"])
    try writer.define(
      variable: "season", type: .int, dimensions: ["season"],
      attributes: ["long_name": "day of a year of 365 days; 29 February takes 28 February"])
    try writer.write(pixels.map(Double.init), to: "cell")
    try writer.write((1...SeasonalSlots.dayCount).map(Double.init), to: "season")
    try writer.define(dimension: "driver", length: driverCount)
    try writer.define(variable: "driver_name", type: .string, dimensions: ["driver"], attributes: ["long_name": "drivers in order"])
    try writer.write(names, to: "driver_name")
    for definition in definitions {
      try writer.define(
        variable: definition.name, type: .float, dimensions: definition.kind.dimensions,
        attributes: [
          "long_name": .text(definition.formula), "units": .text(definition.unit), "kind": .text(definition.kind.rawValue),
        ], isPrefilled: false)
    }
    try writer.define(dimension: "part", length: checksums.values.count)
    try writer.define(
      variable: "checksum", type: .string, dimensions: ["part"],
      attributes: ["long_name": .text("XXH64 of every \(StoreChecksums.rows) rows of each driver in turn")])
    try writer.write(checksums.values.map { String($0, radix: 16) }, to: "checksum")
    var written = 0
    for (definition, block) in zip(definitions, blocks) {
      // A year's worth at a time, so that Ctrl-C is heard.
      let rows = definition.kind.rows(days: dayCount)
      for first in stride(from: 0, to: rows, by: 366) {
        try Interrupt.check()
        onProgress?(Double(written) / Double(max(1, byteCount / 4)))
        let count = min(366, rows - first)
        written += count * pixelCount
        let part = UnsafeBufferPointer(start: block.base + first * pixelCount, count: count * pixelCount)
        if definition.kind == .constant {
          try writer.write(part, to: definition.name)
        } else {
          try writer.write(part, to: definition.name, start: [first, 0], count: [count, pixelCount])
        }
      }
    }
    try writer.commit()
  }

  /// Opens a file that ``save(_:)`` wrote: the drivers are mapped into memory, not read.
  ///
  /// - Parameters:
  ///   - isVerified: whether all values are compared with their checksums, by all threads.
  ///   - onProgress: called now and then with the share that is verified.
  /// - Throws: ``FluxError`` for a file of another kind, of wrong shapes, or whose values are not those that its
  ///   checksums were taken of, saying which.
  public static func open(_ path: String, isVerified: Bool = true, onProgress: ((Double) -> Void)? = nil) throws -> DriverStore {
    let head = try StoreHead(path)
    let blocks = try head.blocks()
    if isVerified {
      let found = try StoreChecksums(blocks, width: head.pixels.count, onProgress: onProgress)
      let parts = StoreChecksums.parts(head.rowCounts)
      if let damaged = parts.indices.first(where: { found.values[$0] != head.checksums.values[$0] }) {
        let part = parts[damaged]
        throw FluxError(
          "driver '\(head.definitions[part.driver].name)' is not what was written, rows \(part.rows.lowerBound + 1) to \(part.rows.upperBound)",
          at: path, expected: "the values that its checksums were taken of",
          remedy: "The file was changed or damaged after it was written: build the drivers again.")
      }
    }
    let store = try DriverStore(
      definitions: head.definitions, grid: head.grid, pixels: head.pixels, time: head.time, blocks: blocks, notes: head.notes,
      checksums: head.checksums, at: path)
    guard store.hash == head.hash else {
      throw FluxError(
        "its names, axes and checksums have hash \(store.hash)", at: path, expected: head.hash,
        remedy: "The file was changed or damaged after it was written: build the drivers again.")
    }
    return store
  }
}

/// What a store's file says beside its drivers' values.
private struct StoreHead {
  let path: String
  let definitions: [DriverDefinition]
  let grid: Grid
  let pixels: [Int]
  let time: TimeAxis
  let notes: [String]
  let hash: String
  let checksums: StoreChecksums

  var rowCounts: [Int] { definitions.map { $0.kind.rows(days: time.count) } }

  init(_ path: String) throws {
    self.path = path
    let file = try NetCDFReader(path: path)
    guard file.attributes.text("format") == DriverStore.format else {
      throw FluxError(
        "format '\(file.attributes.text("format") ?? "none")'", at: path, expected: "'\(DriverStore.format)'",
        remedy: "Make the file with drivers.build{…, into=path}.")
    }
    grid = try Grid(latitudes: try file.doubles("lat"), longitudes: try file.doubles("lon"), at: path)
    time = try Self.dates(file)
    pixels = try file.integers("cell")
    definitions = try file.strings("driver_name").map { name in
      let attributes = try file.variable(name).attributes
      guard let kind = attributes.text("kind").flatMap(DriverKind.init(rawValue:)) else {
        throw FluxError(
          "driver '\(name)' is of kind '\(attributes.text("kind") ?? "none")'", at: path,
          expected: "one of \(DriverKind.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return DriverDefinition(name, kind, attributes.text("long_name") ?? name, unit: attributes.text("units") ?? "1")
    }
    for definition in definitions {
      let shape = try file.variable(definition.name).shape, rows = definition.kind.rows(days: time.count)
      let expected = definition.kind == .constant ? [pixels.count] : [rows, pixels.count]
      guard shape == expected else { throw FluxError("driver '\(definition.name)' has shape \(shape)", at: path, expected: "\(expected)") }
    }
    notes = (file.attributes.text("notes") ?? "").split(separator: "\n").map(String.init)
    hash = file.attributes.text("content_hash") ?? "one in the file"
    checksums = StoreChecksums(values: try file.strings("checksum").compactMap { UInt64($0, radix: 16) })
    guard checksums.values.count == StoreChecksums.parts(definitions.map { [time] in $0.kind.rows(days: time.count) }).count else {
      throw FluxError("\(checksums.values.count) checksums", at: path, expected: "one for each part of the drivers")
    }
  }

  /// The drivers' values, mapped where each lies in one piece in the file, otherwise read.
  func blocks() throws -> [DriverBlock] {
    let pieces = ContiguousVariable.locate(definitions.map(\.name), in: path)
    let file = try NetCDFReader(path: path)
    return try definitions.indices.map { driver in
      let name = definitions[driver].name, count = rowCounts[driver] * pixels.count
      if let piece = pieces[driver], piece.count == count { return try DriverBlock(mapping: path, offset: piece.offset, count: count) }
      let block = try DriverBlock(count: count, for: "holding driver '\(name)'", at: path)
      let shape = try file.variable(name).shape
      try file.read(name, start: shape.map { _ in 0 }, count: shape, into: UnsafeMutableBufferPointer(start: block.base, count: count))
      return block
    }
  }

  private static func dates(_ file: NetCDFReader) throws -> TimeAxis {
    let attributes = try file.variable("time").attributes
    let place = "\(file.path): time"
    let calendar = try Calendar(attribute: attributes.text("calendar"), at: place)
    let unit = try TimeUnit(attributes.text("units") ?? "", calendar: calendar, at: place)
    return try TimeAxis(calendar: calendar, dates: file.doubles("time").map { try unit.date($0, at: place) }, at: place)
  }
}

extension DriverKind {
  /// The dimensions of a driver's variable in the file.
  var dimensions: [String] {
    switch self {
    case .constant: ["cell"]
    case .seasonal: ["season", "cell"]
    case .daily: ["time", "cell"]
    }
  }
}
