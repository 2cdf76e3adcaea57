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
    func refuses(_ value: Float, unit: String = "", attributes: NetCDFAttributes = [:], _ reason: String) {
      let values = [Float](repeating: value, count: 32)
      expectRefusal("regions.open", reason) {
        try RegionSet(Cube(name: "m", values: values, grid: grid, unit: unit, attributes: attributes))
      }
    }
    refuses(0, "a mask without regions; expected at least one number above 0")
    refuses(280.5, unit: "K", "region m has a land fraction of 280.5; expected 0 to 1")
    refuses(1e30, "the region number 1e+30; expected whole numbers")
    let twoValues: NetCDFAttributes = ["flag_values": .numbers([1, 2], .byte), "flag_meanings": "a"]
    refuses(1, attributes: twoValues, "1 flag_meanings for 2 flag_values")
    let time = TimeAxis.annual(years: 2001...2002)
    expectRefusal("'m' changes in time; expected a map of regions") {
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
