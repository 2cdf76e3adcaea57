import FluxCore
import FluxData

extension TwinArchiveWriter {
  /// The base variables: weather as a reanalysis has it, composites as a satellite has them, the mosaic.
  func writeDrivers() throws {
    let weather = earth.weather, lead = earth.calendar.lead
    // The network's rain is the product's, with its errors; the truth has its own.
    try files.writeWeather(
      temperature: weather.temperature, radiation: weather.radiation, rain: weather.rainSeen, skipping: lead, years: years)
    try files.writeComposites(TwinComposites(earth: earth))
    try files.writeMosaic(earth.vegetation)
  }

  /// The hidden truth: cubes of the fluxes and of the water that plants feel.
  func writeTruth() throws {
    let days = TimeAxis.daily(years: years)
    try files.write(earth.balance.ter, minus: earth.balance.gpp, to: "truth/nee.nc", Label(.nee), time: days)
    try files.write(earth.balance.gpp, to: "truth/gpp.nc", Label(.gpp), time: days)
    try files.write(earth.balance.ter, to: "truth/ter.nc", Label(.ter), time: days)
    try files.write(
      earth.model.water, skipping: earth.calendar.lead, to: "truth/water.nc",
      Label("water", "water index that the true vegetation feels", "1"), time: days)
  }
}
