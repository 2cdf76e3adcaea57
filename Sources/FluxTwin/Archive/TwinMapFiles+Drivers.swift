import FluxCore
import FluxData

/// The files that drivers are made of.
extension TwinMapFiles {
  /// - Parameter skipping: days of the fields before the first that is written.
  func writeWeather(
    temperature: DailyField, radiation: DailyField, rain: DailyField, skipping: Int, years: ClosedRange<Int>
  ) throws {
    let days = TimeAxis.daily(years: years)
    try write(temperature, skipping: skipping, to: "drivers/tair.nc", Label(.tair), time: days, packing: Packing(covering: -90...60))
    try write(radiation, skipping: skipping, to: "drivers/rg.nc", Label(.rg), time: days, packing: Packing(covering: 0...600))
    try write(rain, skipping: skipping, to: "drivers/precip.nc", Label(.precip), time: days)
  }

  func writeComposites(_ composites: TwinComposites) throws {
    for (k, variable) in TwinComposites.variables.enumerated() {
      try write(
        composites.values[k], to: "drivers/\(variable.name).nc", Label(variable.name, variable.longName, variable.unit),
        time: composites.time, packing: Packing(covering: variable.range))
    }
  }

  /// `pft(pft, lat, lon)`, with the types' names.
  func writeMosaic(_ vegetation: TwinVegetation) throws {
    let grid = geography.grid
    var values: [Float] = []
    for share in vegetation.shares {
      var map = [Float](repeating: .nan, count: grid.cellCount)
      for (pixel, cell) in geography.cells.enumerated() { map[cell] = share[pixel] }
      values += map
    }
    let cube = try Cube(
      name: "pft", values: values, grid: grid, unit: "1", longName: "fraction of each plant functional type",
      leading: Cube.LeadingDimension(name: "type", labels: vegetation.types))
    try cube.save(path + "/drivers/pft.nc")
  }
}
