import FluxCore
import FluxData
import FluxObservations

extension TwinArchiveWriter {
  /// Inversions, fires, lateral and fossil fluxes.
  func writeExchange(_ emissions: TwinEmissions) throws {
    let land = try OneDegreeLand(geography: earth.geography)
    let inversions = try TwinInversions(earth: earth, emissions: emissions, land: land)
    try writeInversions(inversions)
    try writeFires(emissions)
    let months = TimeAxis.monthly(years: years)
    let lateral = land.perCellArea(land.totals(emissions.lateral))
    try write(to: "lateral/lateral.nc", Label(.lateral), months: months, grid: land.grid) { _ in lateral }
    let fossil = land.perCellArea(land.totals(emissions.fossil)), p = earth.parameters.emissions
    try write(to: "fossil/fossil.nc", Label(.fossil), months: months, grid: land.grid) { month in
      let year = Double(month) / 12 - Double(earth.calendar.yearCount) / 2
      return fossil.map { Float(Double($0) * (1 + p.fossilGrowth * year)) }
    }
  }

  private func write(
    to file: String, _ label: Label, months: TimeAxis, grid: Grid, _ map: (Int) throws -> [Float]
  ) throws {
    let writer = try files.begin(file, label, time: months, grid: grid)
    for month in 0..<months.count {
      try writer.write(map(month), to: label.name, start: [month, 0, 0], count: [1, grid.rows, grid.columns])
    }
    try writer.commit()
  }

  /// `land_flux_only_fossil_cement_adjusted(ensemble_member, time, latitude, longitude)`, PgC m⁻² yr⁻¹.
  private func writeInversions(_ inversions: TwinInversions) throws {
    let grid = inversions.land.grid, months = TimeAxis.monthly(years: years)
    let name = InversionEnsemble.variable, width = inversions.members.map(\.utf8.count).max() ?? 1
    let writer = try NetCDFWriter(
      path: path + "/inversions/inversions.nc", attributes: ["title": .text(TwinArchive.mark)])
    try writer.define(dimension: "ensemble_member", length: inversions.members.count)
    try writer.define(dimension: "name_length", length: width)
    try writer.define(
      variable: "ensemble_member_name", type: .char, dimensions: ["ensemble_member", "name_length"],
      attributes: ["long_name": "name of the inversion"])
    try writer.write(inversions.members, to: "ensemble_member_name")
    try writer.defineTime(months)
    try writer.defineGrid(grid, latitude: "latitude", longitude: "longitude")
    try writer.define(
      variable: name, type: .float, dimensions: ["ensemble_member", "time", "latitude", "longitude"],
      attributes: [
        "long_name": "land flux, adjusted for fossil fuel and cement, including fires", "units": "PgC m-2 yr-1",
        "comment": "sign: positive to the atmosphere",
      ], fill: .nan, deflate: 1, chunks: [1, 4, grid.rows, grid.columns])
    // The months of a member on all cores, the library on one.
    let block = 12
    for member in inversions.members.indices {
      for first in stride(from: 0, to: months.count, by: block) {
        try Interrupt.check()
        let count = min(block, months.count - first)
        var maps = [Float](repeating: 0, count: count * grid.cellCount)
        maps.withUnsafeMutableBufferPointer { maps in
          nonisolated(unsafe) let out = maps.baseAddress!
          ThreadPool.forEach(count) { step, _ in
            let map = inversions.map(member: member, month: first + step, calendar: earth.calendar)
            for cell in map.indices { out[step * map.count + cell] = map[cell] }
          }
        }
        try writer.write(maps, to: name, start: [member, first, 0, 0], count: [1, count, grid.rows, grid.columns])
      }
    }
    try writer.commit()
  }

  /// `co2fire`, kg CO₂ m⁻² s⁻¹ of whole cells, daily and packed, from 2003 on. Left out when the record ends before.
  private func writeFires(_ emissions: TwinEmissions) throws {
    let first = max(earth.parameters.emissions.fireFirstYear, earth.calendar.firstYear)
    guard first <= earth.calendar.lastYear else { return }
    let grid = earth.geography.grid, calendar = earth.calendar
    let label = Label("co2fire", "Wildfire flux of Carbon Dioxide", "kg m-2 s-1")
    let kilograms = 1e-3 * Substance.carbonDioxide.molarMass / Substance.carbon.molarMass / 86_400
    let highest = emissions.fire.reduce(0) { max($0, $1.max() ?? 0) } * kilograms
    // From zero: the sea and unburnt land are exactly nothing.
    let packing = Packing(scale: max(highest, 1e-12) / 32_700)
    let writer = try files.begin(
      "fires/gfas.nc", label, time: .daily(years: first...calendar.lastYear), grid: grid, packing: packing)
    let skipped = calendar.yearStart[first - calendar.firstYear]
    for month in 12 * (first - calendar.firstYear)..<calendar.monthCount {
      try Interrupt.check()
      var map = [Float](repeating: 0, count: grid.cellCount)
      for (pixel, cell) in earth.geography.cells.enumerated() {
        map[cell] = Float(emissions.fire[month][pixel] * earth.geography.landFraction[pixel] * kilograms)
      }
      let days = calendar.monthStart[month]..<calendar.monthStart[month + 1]
      var maps: [Float] = []
      for _ in days { maps += map }
      try writer.write(
        maps, to: label.name, start: [days.lowerBound - skipped, 0, 0], count: [days.count, grid.rows, grid.columns])
    }
    try writer.commit()
  }
}
