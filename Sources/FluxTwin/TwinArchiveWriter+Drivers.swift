import FluxCore
import FluxData

extension TwinArchiveWriter {
  /// The base variables: weather as a reanalysis has it, composites as a satellite has them, the mosaic.
  func writeDrivers() throws {
    let days = TimeAxis.daily(years: years), lead = earth.calendar.lead
    try write(
      earth.weather.temperature, skipping: lead, to: "drivers/tair.nc", Label(.tair), time: days, packing: Packing(covering: -90...60))
    try write(earth.weather.radiation, skipping: lead, to: "drivers/rg.nc", Label(.rg), time: days, packing: Packing(covering: 0...600))
    // The network's rain is the product's, with its errors; the truth has its own.
    try write(earth.weather.rainSeen, skipping: lead, to: "drivers/precip.nc", Label(.precip), time: days)
    let composites = try TwinComposites(earth: earth)
    for (k, variable) in TwinComposites.variables.enumerated() {
      try write(
        composites.values[k], to: "drivers/\(variable.name).nc", Label(variable.name, variable.longName, variable.unit),
        time: composites.time, packing: Packing(covering: variable.range))
    }
    try writeMosaic()
  }

  /// `pft(pft, lat, lon)`, with the types' names.
  private func writeMosaic() throws {
    let grid = earth.geography.grid
    var values: [Float] = []
    for share in earth.vegetation.shares {
      var map = [Float](repeating: .nan, count: grid.cellCount)
      for (pixel, cell) in earth.geography.cells.enumerated() { map[cell] = share[pixel] }
      values += map
    }
    let cube = try Cube(
      name: "pft", values: values, grid: grid, unit: "1", longName: "fraction of each plant functional type",
      leading: Cube.LeadingDimension(name: "type", labels: earth.vegetation.types))
    try cube.save(path + "/drivers/pft.nc")
  }

  /// The hidden truth: cubes of the fluxes and of the water that plants feel.
  func writeTruth() throws {
    let days = TimeAxis.daily(years: years)
    try write(earth.balance.ter, minus: earth.balance.gpp, to: "truth/nee.nc", Label(.nee), time: days)
    try write(earth.balance.gpp, to: "truth/gpp.nc", Label(.gpp), time: days)
    try write(earth.balance.ter, to: "truth/ter.nc", Label(.ter), time: days)
    try write(
      earth.model.water, skipping: earth.calendar.lead, to: "truth/water.nc",
      Label("water", "water index that the true vegetation feels", "1"), time: days)
  }
}
