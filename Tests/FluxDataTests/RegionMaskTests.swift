import FluxCore
import TestSupport
import Testing

@testable import FluxData

@Suite("Region masks from files")
struct RegionMaskTests {
  let folder = TestFolder()

  @Test("a saved mask of fractions reads back as the same regions")
  func roundTrip() throws {
    let set = try RegionSet.reccap2(on: .regular(step: 5)).only(["BRA", "EU", "OCE"])
    try set.mask().save(folder.file("mask.nc"))
    let back = try RegionSet.open(folder.file("mask.nc"), variable: "land_fraction")
    #expect(back.codes == set.codes && back.maskHash == set.maskHash && back.area == set.area)
  }

  @Test("whole numbers on a map are regions, named by flag_meanings where there are any")
  func numbers() throws {
    let grid = try Grid.regular(step: 45)
    var values = [Float](repeating: 0, count: 32)
    (values[9], values[10], values[17], values[18]) = (2, 7, 2, .nan)
    let plain = try RegionSet(Cube(name: "mask", values: values, grid: grid))
    #expect(plain.codes == ["2", "7"] && Array(plain.entries(of: 0).cells) == [9, 17])
    let named = try RegionSet(Cube(
      name: "mask", values: values, grid: grid,
      attributes: ["flag_values": .numbers([0, 2, 7], .byte), "flag_meanings": "none north south"]))
    #expect(named.codes == ["north", "south"] && named.landPixels == [9, 10, 17])
  }

  @Test("maps that are no mask are refused, saying why")
  func refusals() throws {
    let grid = try Grid.regular(step: 45)
    func refuses(_ values: [Float], unit: String = "", attributes: NetCDFAttributes = [:]) {
      #expect(throws: FluxError.self) { try RegionSet(Cube(name: "m", values: values, grid: grid, unit: unit, attributes: attributes)) }
    }
    refuses([Float](repeating: 0, count: 32))
    refuses([Float](repeating: 280.5, count: 32), unit: "K")
    refuses([Float](repeating: 1e30, count: 32))
    refuses([Float](repeating: 1, count: 32), attributes: ["flag_values": .numbers([1, 2], .byte), "flag_meanings": "a"])
    let time = TimeAxis.annual(years: 2001...2002)
    #expect(throws: FluxError.self) {
      try RegionSet(Cube(name: "m", values: [Float](repeating: 1, count: 64), grid: grid, time: time))
    }
  }

  @Test("a mask made from other polygons agrees with ours",
    .enabled(if: TestFiles.shared != nil, "no real files beside the package"))
  func independent() throws {
    let path = try #require(TestFiles.shared) + "/regions/reccap2_18regions_0p5deg.nc"
    let other = try RegionSet.open(path, variable: "region")
    let ours = try RegionSet.reccap2()
    #expect(other.codes.count == 18 && other.codes[7] == "Northern_Africa")
    let theirs = other.dominantRegion(), mine = ours.dominantRegion(), land = ours.landFraction()
    var same = 0, both = 0
    for cell in theirs.indices where theirs[cell] >= 0 && land[cell] > 0.5 {
      both += 1
      if theirs[cell] == mine[cell] { same += 1 }
    }
    #expect(both > 57_000 && Double(same) > 0.995 * Double(both))
  }
}
