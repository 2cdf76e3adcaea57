import FluxCore

extension RegionSet {
  /// Reads a mask of the user's own.
  ///
  /// Two kinds are understood:
  /// - whole numbers on a map, one a region, 0 or missing for none; `flag_values` and `flag_meanings` name
  ///   them, otherwise a region is called by its number;
  /// - fractions of the cell, 0…1, with a dimension of named regions before latitude and longitude (or a single map of
  ///   fractions, one region).
  ///
  /// - Throws: ``FluxError`` for a variable that is neither, naming the value that shows it.
  public static func open(_ path: String, variable: String? = nil) throws -> RegionSet {
    try RegionSet(Cube.open(path, variable: variable), at: path)
  }

  /// Regions from a cube without time (or of its first time).
  public init(_ cube: Cube, at place: String = "regions.open") throws {
    guard cube.timeCount == 1 else {
      throw FluxError("'\(cube.name)' changes in time", at: place, expected: "a map of regions")
    }
    let flags = try Self.flags(cube.attributes, at: place)
    if cube.leading == nil {
      let values = try cube.read(time: 0..<1)
      let isWhole = values.allSatisfy { $0.isNaN || $0 == $0.rounded() }
      let isFraction = values.allSatisfy { $0.isNaN || (0...1).contains($0) }
      if !flags.isEmpty || isWhole && !(isFraction && cube.unitText == "1") {
        self = try Self.fromNumbers(values, flags, cube.grid, at: place)
        return
      }
    }
    let labels = cube.leading?.labels ?? [cube.name]
    let fractions = try labels.indices.map { region in
      let values = try cube.read(time: 0..<1, leading: region)
      return values.indices.compactMap { values[$0].isNaN || values[$0] == 0 ? nil : (cell: $0, fraction: values[$0]) }
    }
    try self.init(codes: labels, names: labels, grid: cube.grid, fractions: fractions, at: "\(place), variable '\(cube.name)'")
  }

  private static func fromNumbers(_ values: [Float], _ flags: [Int: String], _ grid: Grid, at place: String) throws -> RegionSet {
    var lists: [Int: [(cell: Int, fraction: Float)]] = [:]
    for (cell, value) in values.enumerated() where !value.isNaN && value != 0 {
      // Some files carry 3.6e-40 beside their zeros.
      guard let number = Int(exactly: value.rounded()), (Float(number) - value).magnitude < 1e-3, number.magnitude < 1_000_000 else {
        throw FluxError("the region number \(value)", at: place, expected: "whole numbers, 0 for no region")
      }
      if number == 0 { continue }
      lists[number, default: []].append((cell, 1))
    }
    guard lists.count <= 10_000 else {
      throw FluxError("\(lists.count) regions", at: place, expected: "at most 10000: is this a mask?")
    }
    let numbers = lists.keys.filter { !["none", "ocean", "missing"].contains(flags[$0] ?? "") }.sorted()
    guard !numbers.isEmpty else { throw FluxError("a mask without regions", at: place, expected: "at least one number above 0") }
    let names = numbers.map { flags[$0] ?? "\($0)" }
    return try RegionSet(codes: names, names: names, grid: grid, fractions: numbers.map { lists[$0] ?? [] }, at: place)
  }

  /// CF's names of whole numbers.
  private static func flags(_ attributes: NetCDFAttributes, at place: String) throws -> [Int: String] {
    guard let meanings = attributes.text("flag_meanings"), let values = attributes["flag_values"]?.numbers else { return [:] }
    let words = meanings.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
    guard words.count == values.count else {
      throw FluxError("\(words.count) flag_meanings for \(values.count) flag_values", at: place, expected: "one meaning a value")
    }
    return Dictionary(zip(values, words).compactMap { value, word in Int(exactly: value).map { ($0, word) } }, uniquingKeysWith: { first, _ in first })
  }
}
