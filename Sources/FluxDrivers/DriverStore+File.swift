import FluxCore
import FluxData

extension DriverStore {
  /// Written in the file, so that another netCDF file is not taken for drivers.
  static let format = "fluxbridge drivers 1"

  /// Writes the store to one netCDF-4 file, all or nothing.
  ///
  /// Each driver is one variable, neither compressed nor chunked: contiguous in
  /// the file as it is in memory, so that it can be mapped. The land pixels are
  /// gathered (CF-1.8 §8.2): `cell(cell)` compresses `lat lon`.
  ///
  /// - Throws: ``FluxError`` when the file cannot be written.
  public func save(_ path: String) throws {
    let writer = try NetCDFWriter(
      path: path,
      attributes: ["title": "Packed drivers", "format": .text(Self.format), "content_hash": .text(hash),
        "notes": .text(notes.joined(separator: "\n"))])
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
        ])
    }
    for (definition, block) in zip(definitions, blocks) {
      // A year's worth at a time, so that Ctrl-C is heard.
      let rows = definition.kind.rows(days: dayCount)
      for first in stride(from: 0, to: rows, by: 366) {
        try Interrupt.check()
        let count = min(366, rows - first)
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

  /// Opens a file that ``save(_:)`` wrote.
  ///
  /// - Throws: ``FluxError`` for a file of another kind, of wrong shapes, with missing values, or whose values are
  ///   not those that its hash was taken of.
  public static func open(_ path: String) throws -> DriverStore {
    let file = try NetCDFReader(path: path)
    guard file.attributes.text("format") == format else {
      throw FluxError(
        "format '\(file.attributes.text("format") ?? "none")'", at: path, expected: "'\(format)'",
        remedy: "Make the file with drivers.build{…, into=path}.")
    }
    let grid = try Grid(
      latitudes: try file.doubles("lat"), longitudes: try file.doubles("lon"), at: path)
    let time = try dates(file)
    let pixels = try file.integers("cell")
    let definitions = try file.strings("driver_name").map { name in
      let attributes = try file.variable(name).attributes
      guard let kind = attributes.text("kind").flatMap(DriverKind.init(rawValue:)) else {
        throw FluxError(
          "driver '\(name)' is of kind '\(attributes.text("kind") ?? "none")'", at: path,
          expected: "one of \(DriverKind.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return DriverDefinition(name, kind, attributes.text("long_name") ?? name, unit: attributes.text("units") ?? "1")
    }
    let blocks = try definitions.map { definition in
      let shape = try file.variable(definition.name).shape
      let rows = definition.kind.rows(days: time.count)
      let expected = definition.kind == .constant ? [pixels.count] : [rows, pixels.count]
      guard shape == expected else {
        throw FluxError("driver '\(definition.name)' has shape \(shape)", at: path, expected: "\(expected)")
      }
      let block = try DriverBlock(count: rows * pixels.count, for: "holding driver '\(definition.name)'", at: path)
      try file.read(
        definition.name, start: shape.map { _ in 0 }, count: shape,
        into: UnsafeMutableBufferPointer(start: block.base, count: block.count))
      return block
    }
    let notes = (file.attributes.text("notes") ?? "").split(separator: "\n").map(String.init)
    let store = try DriverStore(
      definitions: definitions, grid: grid, pixels: pixels, time: time, blocks: blocks, notes: notes, at: path)
    guard store.hash == file.attributes.text("content_hash") else {
      throw FluxError(
        "the values have hash \(store.hash)", at: path, expected: file.attributes.text("content_hash") ?? "one in the file",
        remedy: "The file was changed or damaged after it was written: build the drivers again.")
    }
    return store
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
