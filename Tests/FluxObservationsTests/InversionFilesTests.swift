@testable import FluxObservations
import FluxCore
import TestSupport
import Testing

@testable import FluxData

@Suite("Inversion files")
struct InversionFilesTests {
  let folder = TestFolder()
  let regions: RegionSet
  init() throws { regions = try RegionSet.reccap2(on: .regular(step: 5)) }

  /// PgC m⁻² yr⁻¹ of a member, month and place.
  static func flux(_ member: Int, _ month: Int, _ latitude: Double, _ longitude: Double) -> Float {
    Float(-1e-14 * (1 + Double(member) + latitude / 200 + (longitude < 0 ? 0.5 : 0) + Double(month) / 50))
  }

  /// A file as the Global Carbon Budget has it, with the latitude order and longitude range given.
  func writeGCB(_ path: String, northFirst: Bool, eastward: Bool) throws {
    let latitudes = (0..<36).map { -87.5 + 5 * Double($0) }
    let longitudes = (0..<72).map { (eastward ? 2.5 : -177.5) + 5 * Double($0) }
    let rows = northFirst ? Array(latitudes.reversed()) : latitudes
    let time = TimeAxis.monthly(years: 2003...2004)
    let writer = try NetCDFWriter(path: path)
    try writer.define(dimension: "ensemble_member", length: 2)
    try writer.define(dimension: "nchar", length: 12)
    try writer.define(dimension: "latitude", length: 36)
    try writer.define(dimension: "longitude", length: 72)
    try writer.defineTime(time)
    try writer.define(variable: "latitude", type: .float, dimensions: ["latitude"], attributes: ["units": "degrees_north"])
    try writer.define(variable: "longitude", type: .float, dimensions: ["longitude"], attributes: ["units": "degrees_east"])
    try writer.define(variable: "ensemble_member_name", type: .char, dimensions: ["ensemble_member", "nchar"])
    let name = InversionEnsemble.variable
    try writer.define(
      variable: name, type: .float, dimensions: ["ensemble_member", "time", "latitude", "longitude"],
      attributes: ["units": "PgC/m2/yr"], fill: .nan)
    try writer.write(rows, to: "latitude")
    try writer.write(longitudes, to: "longitude")
    try writer.write(["CAMS", "NISMON-CO2"], to: "ensemble_member_name")
    var values: [Float] = []
    for member in 0..<2 {
      for month in 0..<24 {
        for latitude in rows {
          for longitude in longitudes {
            let west = longitude >= 180 ? longitude - 360 : longitude
            values.append(member == 1 && month < 12 ? .nan : Self.flux(member, month, latitude, west))
          }
        }
      }
    }
    try writer.write(values, to: name)
    try writer.commit()
  }

  @Test("the layout of the Global Carbon Budget is read, whatever its latitude order and longitude range")
  func layouts() throws {
    var results: [Series] = []
    for (northFirst, eastward) in [(false, false), (true, true)] {
      let path = folder.file("gcb\(northFirst).nc")
      try writeGCB(path, northFirst: northFirst, eastward: eastward)
      let ensemble = try InversionEnsemble.open(path)
      #expect(ensemble.members == ["CAMS", "NISMON-CO2"])
      results.append(try ensemble.regional(regions))
    }
    #expect(zip(results[0].values, results[1].values).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    let series = results[0]
    #expect(series.shape == [2, 18, 24] && series.unit.description == "PgC month-1")
    #expect(series.notes.contains("NISMON-CO2: no data in 12 of 24 months"))
    // Brute force: every cell of EU, whole, with the coast that lies nearest to it.
    let areas = regions.grid.cellAreas()
    let expected = LandAttribution(regions).lists[6].reduce(0.0) { sum, entry in
      let grid = regions.grid, cell = entry.cell
      let flux = Double(Self.flux(0, 13, grid.latitudes[cell / 72], grid.longitudes[cell % 72]))
      #expect(entry.area <= areas[cell] * (1 + 1e-12))
      return sum + flux * entry.area * 29 / 366
    }
    #expect((series[0, 6, time: 13] / expected - 1).magnitude < 1e-6)
  }

  @Test("files by name make members, and daily fires of GFAS in kg of CO₂ are taken off")
  func named() throws {
    let one = folder.file("one.nc")
    try writeGCB(one, northFirst: true, eastward: true)
    let grid = try Grid.regular(step: 5)
    let alone = try Cube(
      name: "flux", values: [Float](repeating: 0, count: 24 * grid.cellCount), grid: grid, time: .monthly(years: 2003...2004),
      unit: "gC m-2 d-1")
    try alone.save(folder.file("zero.nc"))
    let ensemble = try InversionEnsemble.open([("zero", folder.file("zero.nc")), ("GCB", one)])
    #expect(ensemble.members == ["zero", "GCB CAMS", "GCB NISMON-CO2"])
    let fine = try Grid.regular(step: 2.5)
    let fires = try Cube(
      name: "co2fire", values: [Float](repeating: 1e-9, count: 731 * fine.cellCount), grid: fine, time: .daily(years: 2003...2004),
      unit: "kg m**-2 s**-1", longName: "Wildfire flux of Carbon Dioxide")
    let adjusted = try ensemble.subtracting(fires)
    let global = try adjusted.only(["zero"]).regionalParts(regions).global
    let expected = -1e-9 * 86_400 * 29 * 12.011 / 44.0095 * 1e-12 * 4 * Double.pi * Grid.earthRadius * Grid.earthRadius
    #expect((global[0, time: 13] / expected - 1).magnitude < 1e-5)
    expectRefusal("'co2fire' was already taken off; expected each flux once") { try adjusted.subtracting(fires) }
  }

  @Test("mass without substance, wrong units and wrong files are refused with what was expected")
  func refusals() throws {
    let path = folder.file("gcb.nc")
    try writeGCB(path, northFirst: false, eastward: false)
    let ensemble = try InversionEnsemble.open(path)
    let grid = try Grid.regular(step: 5)
    func cube(_ name: String, _ unit: String) throws -> Cube {
      try Cube(
        name: name, values: [Float](repeating: 0, count: 24 * grid.cellCount), grid: grid, time: .monthly(years: 2003...2004), unit: unit)
    }
    expectRefusal("'burnt': 'kg m-2 s-1' cannot be converted to 'gC m-2 d-1'", "write 'kgC' or 'kg CO2'") {
      try ensemble.subtracting(cube("burnt", "kg m-2 s-1"))
    }
    expectRefusal("'tair': 'degC' cannot be converted to 'gC m-2 d-1'") {
      try ensemble.subtracting(cube("tair", "degC"))
    }
    expectRefusal("'fires' has no unit; expected a carbon flux per area") {
      try ensemble.subtracting(cube("fires", ""))
    }
    expectRefusal("no member 'CTE'; expected one of CAMS, NISMON-CO2") { try ensemble.only(["CTE"]) }
    expectRefusal("did you mean 'gcb.nc'?") { try InversionEnsemble.open(folder.file("gbc.nc")) }
  }
}
