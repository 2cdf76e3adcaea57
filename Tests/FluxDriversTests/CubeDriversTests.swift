import FluxCore
import FluxData
import FluxDrivers
import Glibc
import TestSupport
import Testing

@Suite("Drivers from cubes")
struct CubeDriversTests {
  /// The variables of `SyntheticVariables` as cubes in memory, in units that files have.
  func cubes(_ units: [String: (unit: String, scale: Float, offset: Float)] = [:]) throws -> [String: Cube] {
    var cubes: [String: Cube] = [:]
    for variable in try SyntheticVariables().variables() {
      let (unit, scale, offset) = units[variable.name] ?? (BaseVariable.units[variable.name] ?? "", 1, 0)
      let values = try variable.values(0..<variable.time.count).map { $0 * scale + offset }
      cubes[variable.name] = try Cube(
        name: variable.name, values: values, grid: variable.grid, time: variable.time, unit: unit)
    }
    return cubes
  }

  func store(_ cubes: [String: Cube], pft: Cube? = nil) throws -> DriverStore {
    let grid = try Grid.regular(step: 30)
    let land = try RegionSet(
      codes: ["ONE"], names: ["One"], grid: grid, fractions: [SyntheticVariables.land.map { (cell: $0, fraction: 0.5) }])
    return try DriverBuilder(cubes: cubes, pft: pft, regions: land).build()
  }

  @Test("units that files have give the drivers that the right units give")
  func units() throws {
    let plain = try store(cubes())
    let other = try store(cubes([
      "tair": ("K", 1, 273.15), "precip": ("kg m-2 s-1", 1 / 86_400, 0), "rg": ("J m-2", 86_400, 0), "fapar": ("%", 100, 0),
      "lst_night": ("degC", 1, -273.15), "evi": ("", 1, 0),
    ]))
    #expect(other.notes.contains("rg: 'J m-2' is taken as the total of each day"))
    for driver in 0..<plain.driverCount {
      for day in [0, 59, 400] {
        let a = plain.value(driver: driver, pixel: 1, day: day), b = other.value(driver: driver, pixel: 1, day: day)
        // 273.15 is taken away again in single precision.
        #expect(abs(a - b) < 1e-4 * max(1, abs(a)), "\(plain.names[driver]), day \(day)")
      }
    }
  }

  @Test("a wrong unit, a missing unit and a map without time are refused by name")
  func refused() throws {
    func message(_ units: [String: (unit: String, scale: Float, offset: Float)]) -> String {
      refusal { try store(cubes(units)) }
    }
    #expect(message(["lst_day": ("W m-2", 1, 0)]).contains("'lst_day' has the unit 'W m-2'; expected a unit that converts to 'K'"))
    #expect(message(["tair": ("", 1, 0)]).contains("'tair' has no unit"))
    var flat = try cubes()
    flat["evi"] = try Cube(name: "evi", values: [Float](repeating: 1, count: 72), grid: Grid.regular(step: 30), unit: "1")
    expectRefusal("'evi' has no time") { try store(flat) }
  }

  @Test("a cube per plant functional type is mixed by the fractions of pft")
  func types() throws {
    var cubes = try cubes()
    let grid = try Grid.regular(step: 30), time = try #require(cubes["ndvi"]?.time)
    let types = Cube.LeadingDimension(name: "pft", labels: ["tree", "grass"])
    let size = grid.cellCount * time.count
    cubes["ndvi"] = try Cube(
      name: "ndvi", values: [Float](repeating: 0.8, count: size) + [Float](repeating: 0.2, count: size), grid: grid, time: time,
      unit: "1", leading: types)
    let pft = try Cube(
      name: "pft", values: [Float](repeating: 0.25, count: 72) + [Float](repeating: 0.75, count: 72), grid: grid, unit: "1",
      leading: types)
    let store = try store(cubes, pft: pft)
    let potential = Float(PotentialRadiation.dailyMean(latitude: -15, dayOfYear: 100))
    #expect(abs(store.value(driver: 5, pixel: 1, day: 99) - 0.35 * potential) < 1e-3)
    expectRefusal("'ndvi' is stored for the types tree, grass; expected pft=") { try self.store(cubes) }
  }

  @Test("cubes on a finer grid are regridded to the one asked for, conserving the mean")
  func regridded() throws {
    var cubes = try cubes()
    let fine = try Grid.regular(step: 15), time = try #require(cubes["ndvi"]?.time)
    // Columns of 0.4 and 0.8 in turn: 0.6 on the coarse grid.
    let map = (0..<fine.cellCount).map { Float($0 % 2 == 0 ? 0.4 : 0.8) }
    cubes["ndvi"] = try Cube(
      name: "ndvi", values: (0..<time.count).flatMap { _ in map }, grid: fine, time: time, unit: "1")
    expectRefusal("'ndvi' has 12 × 24 cells; expected the grid of 'band4', 6 × 12 cells") { try self.store(cubes) }
    let grid = try Grid.regular(step: 30)
    let land = try RegionSet(
      codes: ["ONE"], names: ["One"], grid: grid, fractions: [SyntheticVariables.land.map { (cell: $0, fraction: 0.5) }])
    let store = try DriverBuilder(cubes: cubes, grid: grid, regions: land).build()
    let potential = Float(PotentialRadiation.dailyMean(latitude: -15, dayOfYear: 100))
    #expect(abs(store.value(driver: 5, pixel: 1, day: 99) - 0.6 * potential) < 1e-3)
  }

  @Test("packed files with gaps give the drivers of their values")
  func files() throws {
    let folder = temporaryPath("archive")
    mkdir(folder, 0o755)
    var opened: [String: Cube] = [:]
    let variables = try SyntheticVariables().variables()
    defer {
      for variable in variables { unlink("\(folder)/\(variable.name).nc") }
      rmdir(folder)
    }
    for variable in variables {
      let path = "\(folder)/\(variable.name).nc"
      let writer = try NetCDFWriter(path: path)
      try writer.defineTime(variable.time)
      try writer.defineGrid(variable.grid)
      let isPacked = BaseVariable.compositeNames.contains(variable.name)
      try writer.define(
        variable: variable.name, type: .float, dimensions: ["time", "lat", "lon"],
        attributes: ["units": .text(BaseVariable.units[variable.name] ?? "1")], fill: isPacked ? nil : .nan,
        packing: isPacked ? Packing(covering: 0...400) : nil)
      var values = try variable.values(0..<variable.time.count)
      if isPacked { for i in stride(from: 0, to: values.count, by: 7) { values[i] = .nan } }
      try writer.write(values, to: variable.name)
      try writer.commit()
      opened[variable.name] = try Cube.open(path)
    }
    let fromFiles = try store(opened), plain = try store(cubes())
    #expect(fromFiles.notes.contains { $0.hasPrefix("msc(ndvi):") })
    for driver in 0..<plain.driverCount {
      let a = plain.value(driver: driver, pixel: 2, day: 150), b = fromFiles.value(driver: driver, pixel: 2, day: 150)
      // Packing keeps 400 / 65 000 of the composites; radiation multiplies that by up to 500.
      #expect(abs(a - b) < 0.006 * max(1, 600 * (driver == 5 ? 1 : driver == 2 || driver == 3 ? 0.5 : 0.01)), "\(plain.names[driver])")
    }
  }
}
