import FluxCore
import FluxData
@testable import FluxDrivers
import Glibc
import TestSupport
import Testing

@Suite("Driver store")
struct DriverStoreTests {
  /// A grid of 30°, three land pixels, the days of 2003 and 2004; value = 10000 × driver + row + pixel / 4.
  static func example() throws -> DriverStore {
    let grid = try Grid.regular(step: 30)
    let time = TimeAxis.daily(years: 2003...2004)
    let definitions = [
      DriverDefinition("amplitude", .constant, "amplitude of x", unit: "1"),
      DriverDefinition("cycle", .seasonal, "MSC(x)", unit: "K"),
      DriverDefinition("weather", .daily, "x", unit: "degC"),
    ]
    let values = definitions.enumerated().map { (driver, definition) -> [Float] in
      let rows = definition.kind.rows(days: time.count)
      return (0..<rows * 3).map { index -> Float in
        let row = Float(driver * 10_000 + index / 3)
        return row + Float(index % 3) / 4
      }
    }
    return try DriverStore(
      definitions: definitions, grid: grid, pixels: [5, 30, 31], time: time, values: values, notes: ["a note"])
  }

  @Test("a day has one row of pixels per driver; 29 February takes 28 February's season")
  func day() throws {
    let store = try Self.example()
    #expect(store.dayCount == 731)
    let leapDay = try #require(store.time.index(of: CalendarDate(year: 2004, month: 2, day: 29)))
    store.withDay(leapDay) { rows in
      #expect(rows[0][2] == 0.5)
      #expect(rows[1][1] == 10_058.25)
      #expect(rows[2][0] == Float(20_000 + leapDay))
    }
    #expect(store.value(driver: 1, pixel: 0, day: leapDay + 1) == 10_059)
  }

  @Test("gather writes each driver's pixels and days, a stride apart")
  func gather() throws {
    let store = try Self.example()
    var output = [Float](repeating: .nan, count: 3 * 7)
    store.gather(pixels: [2, 0], days: 364..<367, into: &output, stride: 7)
    for (p, pixel) in [2, 0].enumerated() {
      for (d, day) in (364..<367).enumerated() {
        for driver in 0..<3 {
          #expect(output[driver * 7 + p * 3 + d] == store.value(driver: driver, pixel: pixel, day: day))
        }
      }
    }
    #expect((0..<3).allSatisfy { output[$0 * 7 + 6].isNaN })
  }

  @Test("saved and opened, every value, name, day and note is the same, and so is the hash")
  func roundTrip() throws {
    let store = try Self.example()
    let path = temporaryPath("drivers.nc")
    defer { unlink(path) }
    try store.save(path)
    let again = try DriverStore.open(path)
    #expect(again.definitions == store.definitions)
    #expect(again.grid == store.grid)
    #expect(again.pixels == store.pixels)
    #expect(again.time.dates == store.time.dates)
    #expect(again.notes == ["a note"])
    #expect(again.hash == store.hash && store.hash.count == 16)
    for driver in 0..<3 { #expect(Array(again.blocks[driver].values) == Array(store.blocks[driver].values)) }
  }

  @Test("another netCDF file is refused, and a changed value is noticed")
  func damage() throws {
    let path = temporaryPath("damaged.nc")
    defer { unlink(path) }
    let other = try NetCDFWriter(path: path)
    try other.commit()
    expectRefusal("\(path): format 'none'; expected 'fluxbridge drivers 2'") { try DriverStore.open(path) }
    try Self.example().save(path)
    // 20 017.25 is the value of `weather` on day 17 at pixel 1: change its last bit on the disk.
    let file = try #require(fopen(path, "r+b"))
    fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: ftell(file))
    rewind(file)
    #expect(fread(&bytes, 1, bytes.count, file) == bytes.count)
    let pattern = withUnsafeBytes(of: Float(20_017.25)) { Array($0) }
    let at = try #require((0..<bytes.count - 4).first { Array(bytes[$0..<$0 + 4]) == pattern })
    fseek(file, at, SEEK_SET)
    fputc(Int32(bytes[at] ^ 1), file)
    fclose(file)
    expectRefusal("changed or damaged") { try DriverStore.open(path) }
  }

  @Test("missing values, wrong sizes and pixels out of order are refused")
  func refused() throws {
    let grid = try Grid.regular(step: 30), time = TimeAxis.daily(years: 2003...2003)
    let one = [DriverDefinition("x", .constant, "x", unit: "1")]
    for (pixels, values, reason) in [
      ([1, 2], [1, .nan], "driver 'x' has no number in 1 of 2 values"),
      ([1, 2], [1], "driver 'x' has 1 values; expected 2"),
      ([2, 1], [1, 1], "land pixel 2 is cell 1, after cell 2; expected ascending cells"),
      ([1, 72], [1, 1], "land pixel 2 is cell 72, after cell 1; expected ascending cells of the grid, from 0 to 71"),
    ] as [([Int], [Float], String)] {
      expectRefusal(reason) {
        try DriverStore(definitions: one, grid: grid, pixels: pixels, time: time, values: [values])
      }
    }
  }

  @Test("a place finds its own cell, a place at sea the nearest land within reach")
  func places() throws {
    let store = try Self.example()
    // Cell 30 = row 2 (−30…0), column 6 (0…30 E).
    #expect(store.nearestPixel(latitude: -20, longitude: 5)?.pixel == 1)
    #expect(store.nearestPixel(latitude: -20, longitude: 365)?.isInside == true)
    let sea = try #require(store.nearestPixel(latitude: 5, longitude: 15, within: 3000))
    #expect(sea.pixel == 1 && !sea.isInside)
    #expect(abs(sea.distance - 20 * .pi / 180 * 6371.007) < 0.01)
    #expect(store.nearestPixel(latitude: 5, longitude: 15, within: 2000) == nil)
    #expect(store.nearestPixel(latitude: .nan, longitude: 0) == nil)
    let series = try store.at(latitude: -15, longitude: 40)
    #expect(series.pixel == 2 && series.values[2][10] == 20_010.5)
    expectRefusal("no land pixel near latitude 80.0, longitude 100.0") { try store.at(latitude: 80, longitude: 100) }
  }
}

/// A name in the temporary folder that no other test run uses.
func temporaryPath(_ name: String) -> String { "/tmp/fluxbridge-\(getpid())-\(name)" }
