import FluxCore
import FluxData

extension DriverStore {
  /// Drivers of a mean year: what a model of the mean seasonal cycle sees, at the towers and on the grid alike.
  ///
  /// A cube of twelve months is a seasonal driver, held constant within each month, so that a model that was trained on
  /// monthly means is never asked about anything else; a map is a constant. The years differ in nothing but their leap days.
  ///
  /// - Parameters:
  ///   - cubes: on one grid; their names are the drivers' names.
  ///   - years: the days that the store claims to know.
  /// - Returns: the cells where every cube has all its values. The notes tell what each cube took away.
  /// - Throws: ``FluxError`` for other axes, different grids, a name twice, or when no cell is left.
  public static func climatology(_ cubes: [Cube], years: ClosedRange<Int>) throws -> DriverStore {
    let place = "drivers.climatology"
    guard let grid = cubes.first?.grid else { throw FluxError("no cube", at: place, expected: "at least one") }
    guard years.count <= 1000, years.lowerBound >= 1, years.upperBound <= 9999 else {
      throw FluxError("years \(years.lowerBound) to \(years.upperBound)", at: place, expected: "at most 1000 years of 1 to 9999")
    }
    var values: [[Float]] = [], isLand = [Bool](repeating: true, count: grid.cellCount), notes: [String] = []
    for cube in cubes {
      let isYear = cube.time?.step == .month && cube.timeCount == 12 && cube.time?.dates.first?.month == 1
      guard cube.leadingCount == 1, isYear || cube.timeCount == 1 else {
        throw FluxError(
          "'\(cube.name)' has the axes \(cube.dimensions.joined(separator: ", ")), \(cube.timeCount) times", at: place,
          expected: "a mean year of twelve months from January, or a map", remedy: "Make one with c:msc{by=\"month\"} or c:mean(\"time\").")
      }
      guard cube.grid.matches(grid) else {
        throw FluxError("'\(cube.name)' has \(cube.grid.rows) × \(cube.grid.columns) cells", at: place,
          expected: "those of '\(cubes[0].name)', \(grid.rows) × \(grid.columns)", remedy: "Bring it there with c:regrid(grid).")
      }
      let own = try cube.read(time: 0..<cube.timeCount)
      var lacking = 0
      for cell in isLand.indices where isLand[cell] {
        guard stride(from: cell, to: own.count, by: grid.cellCount).contains(where: { !own[$0].isFinite }) else { continue }
        isLand[cell] = false
        lacking += 1
      }
      if lacking > 0, !values.isEmpty { notes.append("'\(cube.name)' is missing in \(lacking) cells that all before it have") }
      values.append(own)
    }
    let pixels = isLand.indices.filter { isLand[$0] }
    guard !pixels.isEmpty else {
      throw FluxError("no cell has a value of every driver", at: place, expected: "at least one", remedy: notes.joined(separator: "\n  "))
    }
    let definitions = zip(cubes, values).map { cube, values in
      DriverDefinition(cube.name, values.count > grid.cellCount ? .seasonal : .constant, cube.longName, unit: cube.unit?.description ?? "1")
    }
    let blocks = try values.map { own in
      if own.count == grid.cellCount { return try DriverBlock(pixels.map { own[$0] }, for: "holding a driver", at: place) }
      let block = try DriverBlock(count: SeasonalSlots.dayCount * pixels.count, for: "holding a seasonal driver", at: place)
      var day = 0
      for (month, length) in ClimatologicalWater.monthLengths.enumerated() {
        for _ in 0..<length {
          let out = block.base + day * pixels.count
          for (pixel, cell) in pixels.enumerated() { out[pixel] = own[month * grid.cellCount + cell] }
          day += 1
        }
      }
      return block
    }
    return try DriverStore(
      definitions: definitions, grid: grid, pixels: pixels, time: TimeAxis.daily(years: years), blocks: blocks, notes: notes, at: place)
  }
}
