import FluxCore

/// Named regions of the land on one grid: how much of each cell's area is land of each region.
///
/// Inland waters are no land in the regions of this program (SCIENCE §1: NEE excludes them).
/// The fractions are kept only for cells where they are above zero.
///
/// - Units: fractions 0…1 of the cell's area; areas in m².
public struct RegionSet: Sendable {
  /// Short names, `USA`, `CAN`, …; a region's place in this list is its index.
  public let codes: [String]
  public let names: [String]
  public let grid: Grid
  /// The land area of each region, m². Shape `[region]`.
  public let area: [Double]
  /// The cells that have land of any region, ascending.
  public let landPixels: [Int]

  /// Entries of region r lie at `start[r] ..< start[r + 1]`, cells ascending; after the last region comes
  /// the land elsewhere.
  private let start: [Int]
  private let entryCells: [Int]
  private let entryFractions: [Float]

  /// One region's cells and their fractions, as sparse as they are kept.
  public struct Entries: Sendable {
    /// Ascending cell indices.
    public let cells: ArraySlice<Int>
    /// The land fraction of each of these cells, above 0 and at most 1.
    public let fractions: ArraySlice<Float>
    public var count: Int { cells.count }
  }

  /// Regions from sparse lists of cells, in any order; fractions that are not above zero are left out.
  ///
  /// - Parameter elsewhere: land of regions that are known but not in this set; coasts near it are not
  ///   given to the regions in this set.
  /// - Throws: ``FluxError`` for a cell outside the grid or twice in a region, a fraction outside 0…1,
  ///   or two regions with one code.
  public init(
    codes: [String], names: [String], grid: Grid, fractions: [[(cell: Int, fraction: Float)]],
    elsewhere: [(cell: Int, fraction: Float)] = [], at place: String = "RegionSet"
  ) throws {
    guard codes.count == names.count, codes.count == fractions.count else {
      throw FluxError(
        "\(codes.count) codes, \(names.count) names and \(fractions.count) masks", at: place, expected: "one of each a region")
    }
    if let twice = Self.firstRepeated(codes) {
      throw FluxError("two regions are called '\(twice)'", at: place, expected: "a name of its own for each region")
    }
    var start = [0], cells: [Int] = [], values: [Float] = [], areas: [Double] = []
    var isLand = [Bool](repeating: false, count: grid.cellCount)
    for (index, list) in (fractions + [elsewhere]).enumerated() {
      let code = index < codes.count ? codes[index] : "elsewhere"
      var last = -1, area = 0.0
      for (cell, fraction) in list.sorted(by: { $0.cell < $1.cell }) where fraction != 0 {
        guard cell >= 0, cell < grid.cellCount, cell != last else {
          throw FluxError(
            "region \(code) has cell \(cell)" + (cell == last && cell >= 0 ? " twice" : ""), at: place,
            expected: "each cell once, from 0 to \(grid.cellCount - 1)")
        }
        guard fraction > 0, fraction <= 1 + 1e-5 else {
          throw FluxError("region \(code) has a land fraction of \(fraction)", at: place, expected: "0 to 1")
        }
        last = cell
        isLand[cell] = isLand[cell] || index < codes.count
        cells.append(cell)
        values.append(min(1, fraction))
        area += Double(values[values.count - 1]) * grid.cellArea(row: cell / grid.columns, column: cell % grid.columns)
      }
      start.append(cells.count)
      areas.append(area)
    }
    self.codes = codes
    self.names = names
    self.grid = grid
    self.area = Array(areas.dropLast())
    self.landPixels = isLand.indices.filter { isLand[$0] }
    self.start = start
    self.entryCells = cells
    self.entryFractions = values
  }

  /// How many regions there are.
  public var count: Int { codes.count }

  /// The area of all regions, m²: the denominator of Eq. 8.
  public var totalArea: Double { area.reduce(0, +) }

  /// One region's cells and fractions.
  public func entries(of region: Int) -> Entries {
    let range = start[region]..<start[region + 1]
    return Entries(cells: entryCells[range], fractions: entryFractions[range])
  }

  /// Land of regions that are known but not in this set, after `only` and `except`.
  public var elsewhere: Entries { entries(of: count) }

  /// One region's cells and fractions, by code.
  public func entries(of code: String) throws -> Entries { entries(of: try index(of: code)) }

  /// The land fraction of one region in every cell. Shape `[row, column]`, 0…1.
  public func fraction(of region: Int) -> [Float] {
    var map = [Float](repeating: 0, count: grid.cellCount)
    let entries = entries(of: region)
    for (cell, fraction) in zip(entries.cells, entries.fractions) { map[cell] = fraction }
    return map
  }

  /// The land fraction of one region in every cell, by code. Shape `[row, column]`, 0…1.
  public func fraction(of code: String) throws -> [Float] { fraction(of: try index(of: code)) }

  /// The land fraction of all regions together in every cell. Shape `[row, column]`, 0…1.
  public func landFraction() -> [Float] {
    var map = [Float](repeating: 0, count: grid.cellCount)
    for (cell, fraction) in zip(entryCells, entryFractions).prefix(start[count]) { map[cell] = min(1, map[cell] + fraction) }
    return map
  }

  /// The region with the largest part of each cell, −1 where there is none; the first of equals.
  /// Shape `[row, column]`.
  public func dominantRegion() -> [Int] {
    var map = [Int](repeating: -1, count: grid.cellCount)
    var most = [Float](repeating: 0, count: grid.cellCount)
    for region in 0..<count {
      let entries = entries(of: region)
      for (cell, fraction) in zip(entries.cells, entries.fractions) where fraction > most[cell] {
        most[cell] = fraction
        map[cell] = region
      }
    }
    return map
  }

  /// The index of a region by its code or its full name.
  ///
  /// - Throws: ``FluxError`` with the nearest code, or with all of them.
  public func index(of name: String, at place: String = "regions") throws -> Int {
    if let index = codes.firstIndex(of: name) ?? names.firstIndex(of: name) { return index }
    throw FluxError(
      "no region '\(name)'\(NearestName.hint(name, among: codes + names))", at: place,
      expected: count <= 30 ? "one of \(codes.joined(separator: ", "))" : "one of its \(count) regions")
  }

  package static func firstRepeated(_ names: [String]) -> String? {
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
  }
}
