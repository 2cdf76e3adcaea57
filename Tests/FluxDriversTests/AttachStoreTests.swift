import FluxCore
import FluxData
import FluxDrivers
import FluxObservations
import TestSupport
import Testing

@Suite("Attaching drivers to towers")
struct AttachStoreTests {
  /// Three days around the beginning of the store, at a land pixel, in a cell at sea near land, and far from any.
  func towers() throws -> TowerSet {
    let first = try #require(DayNumber(year: 2002, month: 12, day: 31))
    let places: [(String, Double, Double)] = [("AA-Lan", -15, 15), ("BB-Sea", -29, -1), ("CC-Far", 80, 170)]
    return TowerSet(
      records: places.map { id, latitude, longitude in
        TowerRecord(
          site: TowerSite(id: id, latitude: latitude, longitude: longitude), firstDay: first, nee: [1, 2, 3], quality: [1, 1, 1],
          drivers: [[7, .nan, 9]])
      }, drivers: [TowerColumns.Driver("weather", "degC", ["TA_F"])])
  }

  @Test("site-days take the pixel of their cell; days outside and sites far from land are told")
  func grid() throws {
    let store = try DriverStoreTests.example()
    let attached = try towers().attach(store)
    #expect(attached.samples.siteIndex == [0, 0, 1, 1])
    #expect(attached.samples.nee == [2, 3, 2, 3])
    #expect(attached.samples.driverNames == store.names)
    #expect(attached.samples.drivers[0..<6] == [0.25, 10_000.25, 20_000.25, 0.25, 10_001.25, 20_001.25])
    #expect(attached.pixels == [1, 1, nil])
    #expect(attached.notes[0].contains("1 sites without a land pixel in reach, left out: CC-Far"))
    #expect(attached.notes[1].contains("BB-Sea ("))
    #expect(attached.notes[2] == "2 site-days lie outside the drivers' years, left out")
  }

  @Test("what the tower measures comes from the tower: always, or where it is there")
  func sources() throws {
    let store = try DriverStoreTests.example()
    let renamed = try DriverStore(
      definitions: store.definitions, grid: store.grid, pixels: store.pixels, time: store.time,
      values: store.definitions.indices.map { driver in
        let rows = [1, 365, store.dayCount][driver]
        return [Float](repeating: Float(driver), count: rows * 3)
      })
    let tower = try towers().attach(renamed, from: .tower), mixed = try towers().attach(renamed, from: .mixed)
    #expect(tower.samples.drivers[0..<3] == [0, 1, 9] && tower.samples.count == 2)
    #expect(tower.samples.dropped == ["weather": 2])
    #expect(mixed.samples.drivers[0..<6] == [0, 1, 2, 0, 1, 9])
    expectRefusal("from = 'gird'; did you mean 'grid'?") { try DriverSource(named: "gird") }
  }
}
