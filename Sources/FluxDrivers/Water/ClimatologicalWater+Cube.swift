import FluxCore
import FluxData

extension ClimatologicalWater {
  /// The index of every cell of a grid.
  ///
  /// - Parameters:
  ///   - precipitation: a depth of water per time, such as mm month⁻¹. Shape `[month 12, lat, lon]`, as all but the capacity.
  ///   - temperature: in a unit of temperature.
  ///   - shortwave: W m⁻².
  ///   - fapar: 1; the whole demand everywhere when nil.
  ///   - capacity: mm. Shape `[lat, lon]`; that of the balance when nil.
  /// - Returns: 0 … 1, `[month 12, lat, lon]`, missing where an input is or where the soil holds no water; its attribute
  ///   `unsettled_cells` counts those whose water had not returned.
  /// - Throws: ``FluxError`` for cubes that are no climatologies of one grid, or in units that do not convert.
  public func index(
    precipitation: Cube, temperature: Cube, shortwave: Cube, fapar: Cube?, capacity: Cube?, at place: String = "drivers.water_index"
  ) throws -> Cube {
    let grid = temperature.grid, cells = grid.cellCount
    func months(_ cube: Cube, _ option: String, unit: String?) throws -> [Float] {
      guard cube.time?.step == .month, cube.timeCount == 12, cube.time?.dates.first?.month == 1, cube.leadingCount == 1 else {
        throw FluxError(
          "'\(option)' has the axes \(cube.dimensions.joined(separator: ", ")), \(cube.timeCount) times", at: place,
          expected: "a mean year of twelve months from January", remedy: "Make one with c:msc{by=\"month\"}; daily cubes go to drivers.build.")
      }
      guard cube.grid.matches(grid) else {
        throw FluxError("'\(option)' has \(cube.grid.rows) × \(cube.grid.columns) cells", at: place, expected: "the \(grid.rows) × \(grid.columns) of 'tair'",
          remedy: "Bring it there with c:regrid(grid).")
      }
      return try (unit.map { try cube.converted(to: $0) } ?? cube).read(time: 0..<12)
    }
    let rain = try months(precipitation, "precip", unit: "mm d-1"), warmth = try months(temperature, "tair", unit: "degC")
    let light = try months(shortwave, "rg", unit: "W m-2"), green = try fapar.map { try months($0, "fapar", unit: nil) }
    if let capacity, !capacity.grid.matches(grid) || capacity.timeCount != 1 || capacity.leadingCount != 1 {
      throw FluxError("'capacity' has the shape \(capacity.shape)", at: place, expected: "one map on the grid of 'tair'")
    }
    let room = try capacity.map { try $0.converted(to: "mm").read(time: 0..<1) }
    let potential = PotentialRadiation.table(latitudes: grid.latitudes)

    var index = [Float](repeating: .nan, count: 12 * cells)
    var unsettled = [Int](repeating: 0, count: grid.rows)
    index.withUnsafeMutableBufferPointer { index in
      unsettled.withUnsafeMutableBufferPointer { unsettled in
        nonisolated(unsafe) let index = index, unsettled = unsettled
        ThreadPool.forEach(grid.rows) { row, _ in
          if Interrupt.isPending { return }
          let top = (0..<365).map { Double(potential[$0 * grid.rows + row]) }
          for cell in row * grid.columns..<(row + 1) * grid.columns {
            let capacity = room.map { Double($0[cell]) } ?? balance.lowerCapacity
            guard capacity >= Self.smallestCapacity else { continue }
            func year(_ values: [Float]) -> [Double] { (0..<12).map { Double(values[$0 * cells + cell]) } }
            let p = year(rain), t = year(warmth), r = year(light), f = green.map(year) ?? [Double](repeating: 1, count: 12)
            guard (p + t + r + f).allSatisfy(\.isFinite) else { continue }
            let found = self.index(precipitation: p, temperature: t, shortwave: r, fapar: f, potential: top, capacity: capacity)
            for month in 0..<12 { index[month * cells + cell] = Float(found.index[month]) }
            if !found.isSettled { unsettled[row] += 1 }
          }
        }
      }
    }
    try Interrupt.check()
    return try Cube(
      name: "water_index", values: index, grid: grid, time: temperature.time, unit: "1", longName: "water availability index of a mean year",
      attributes: ["unsettled_cells": .numbers([Double(unsettled.reduce(0, +))], .int)])
  }
}
