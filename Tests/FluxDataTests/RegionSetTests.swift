import FluxCore
import TestSupport
import Testing

@testable import FluxData

@Suite("The regions")
struct RegionSetTests {
  let half: RegionSet
  init() throws { half = try RegionSet.reccap2() }

  @Test("there are 18, in the order of their numbers")
  func order() {
    #expect(half.codes.joined(separator: " ")
      == "USA CAN CAM NSA BRA SSA EU NAF EQAF SAF RUS CAS MIDE CHN KAJ SAS SEAS OCE")
    #expect(half.names[6] == "Europe")
  }

  /// Areas of an independent mask (Natural Earth 110 m, a cell belongs to the country at its centre), 10⁶ km²; it
  /// counts lakes as land and has coarse coasts, hence the tolerance.
  static let naturalEarth = [
    9.479, 9.989, 2.775, 2.499, 8.549, 6.847, 5.988, 15.166, 8.300, 6.586, 16.888, 5.538, 6.171, 9.438, 0.631, 5.069, 4.421, 8.525,
  ]

  @Test("areas agree with a mask made from other polygons", arguments: 0..<18)
  func areas(region: Int) {
    let ratio = half.area[region] / 1e12 / Self.naturalEarth[region]
    #expect(ratio > 0.93 && ratio < 1.015, "\(half.codes[region]) \(ratio)")
  }

  @Test("places lie in the regions that an atlas gives them")
  func places() throws {
    let dominant = half.dominantRegion()
    func code(_ latitude: Double, _ longitude: Double) throws -> String {
      let region = dominant[try #require(half.grid.cell(latitude: latitude, longitude: longitude))]
      return region < 0 ? "none" : half.codes[region]
    }
    #expect(try code(-15.8, -47.9) == "BRA")  // Brasilia
    #expect(try code(48.9, 2.3) == "EU")  // Paris
    #expect(try code(51.5, -0.1) == "EU")  // London, on the meridian where polygons are torn
    #expect(try code(4, -53) == "NSA")  // French Guiana
    #expect(try code(66, 179.7) == "RUS" && code(66, -174.5) == "RUS")  // on both sides of 180°
    #expect(try code(64, -150) == "USA" && code(19.6, -155.5) == "USA")  // Alaska, Hawaii
    #expect(try code(72, -40) == "none" && code(-80, 0) == "none")  // Greenland, Antarctica
    #expect(try code(43.2, -87.2) == "none" && code(-1, 33) == "none")  // lakes Michigan and Victoria
    #expect(try code(10, 8) == "NAF" && code(0, 22) == "EQAF")
  }

  @Test("no cell holds more land than itself, and few are split")
  func sums() {
    var sum = [Double](repeating: 0, count: half.grid.cellCount)
    for region in 0..<half.count {
      for (cell, fraction) in zip(half.entries(of: region).cells, half.entries(of: region).fractions) { sum[cell] += Double(fraction) }
    }
    #expect(sum.max()! <= 1 + 1e-6)
    #expect(half.landPixels == sum.indices.filter { sum[$0] > 0 })
    #expect(half.landPixels.count == 65_722)
  }

  @Test("areas are conserved on other grids", arguments: [1, 2, 2.5, 0.75, 0.25])
  func conservation(step: Double) throws {
    let other = try RegionSet.reccap2(on: .regular(step: step))
    for region in 0..<half.count {
      #expect((other.area[region] / half.area[region] - 1).magnitude < 2e-7, "\(half.codes[region])")
    }
  }

  @Test("a grid whose cells straddle 180° and have uneven rows conserves areas too")
  func straddling() throws {
    let grid = try Grid(
      latitudes: [-89, -60, -25, 10, 31, 70, 89.5], longitudes: stride(from: -180.0, to: 180, by: 4.5).map { $0 })
    let other = try RegionSet.reccap2(on: grid)
    let south = grid.latitudeBounds.first!.lower, north = grid.latitudeBounds.last!.upper
    #expect(south < -85 && north > 84)
    for region in 0..<half.count { #expect((other.area[region] / half.area[region] - 1).magnitude < 1e-6) }
  }

  @Test("a fraction of a larger cell is the area-weighted mean of its parts, by hand")
  func byHand() throws {
    // Northern row of 45° cells from the equator: land 1 and ½ beside each other, nothing above them. The 90° cell
    // over the four has sin 45° of its area below 45°, so its fraction is ¾ of that.
    let fine = try Grid.regular(step: 45)
    let set = try RegionSet(codes: ["A"], names: ["a"], grid: fine, fractions: [[(16, 1), (17, 0.5)]])
    let coarse = try set.regridded(to: .regular(step: 90))
    let expected: Float = 0.75 * 0.70710678
    #expect(coarse.fraction(of: 0) == [0, 0, 0, 0, expected, 0, 0, 0])
    let back = try coarse.regridded(to: fine).fraction(of: 0)
    #expect(back.indices.filter { back[$0] != 0 } == [16, 17, 24, 25])
    #expect(back[16] == expected && back[25] == expected)
  }

  @Test("selections keep the order asked for, and groups add up")
  func selections() throws {
    let two = try half.only(["EU", "BRA"])
    #expect(two.codes == ["EU", "BRA"])
    #expect(two.area == [half.area[6], half.area[4]])
    #expect(try half.except(two.codes).count == 16)
    let groups = try half.groups([("south", ["BRA", "SSA", "SSA"]), ("globe", half.codes)])
    #expect(groups.codes == ["south", "globe"])
    #expect((groups.area[0] / (half.area[4] + half.area[5]) - 1).magnitude < 1e-6)
    #expect((groups.area[1] / half.totalArea - 1).magnitude < 1e-6)
  }

  @Test("latitude bands share out the land, cutting cells by area")
  func bands() throws {
    let grid = try Grid.regular(step: 2)
    let land = try RegionSet.reccap2(on: grid)
    let bands = try RegionSet.bands([-90, -30, 0, 30.5, 90], on: grid)
    #expect(bands.codes == ["90S-30S", "30S-0", "0-30.5N", "30.5N-90N"])
    #expect((bands.totalArea / land.totalArea - 1).magnitude < 1e-6)
    expectRefusal("the latitudes [10.0]; expected at least two different latitudes") {
      try RegionSet.bands([10], on: grid)
    }
  }

  @Test("a mistyped region names the nearest, and all")
  func messages() throws {
    expectRefusal("regions:only: no region 'BRS'; did you mean 'BRA'?", "SEAS, OCE") { try half.only(["BRS"]) }
    expectRefusal("two regions are called 'EU'") { try half.only(["EU", "EU"]) }
    expectRefusal("no region; expected at least one of USA, CAN") { try half.only([]) }
  }

  @Test("hostile masks are refused")
  func hostile() throws {
    let grid = try Grid.regular(step: 90)
    for (list, reason) in [
      ([(-1, 1)], "cell -1; expected each cell once, from 0 to 7"), ([(8, 1)], "cell 8; expected each cell once"),
      ([(0, 1.1)], "a land fraction of 1.1; expected 0 to 1"), ([(0, -0.5)], "a land fraction of -0.5"),
      ([(0, .nan)], "a land fraction of nan"), ([(3, 0.5), (3, 0.5)], "cell 3 twice; expected each cell once"),
    ] as [([(Int, Float)], String)] {
      expectRefusal("region A has \(reason)") {
        try RegionSet(codes: ["A"], names: ["a"], grid: grid, fractions: [list.map { (cell: $0.0, fraction: $0.1) }])
      }
    }
  }

  @Test("the fingerprint of a mask stays, and moves with any change")
  func fingerprint() throws {
    let grid = try Grid.regular(step: 2)
    let set = try RegionSet.reccap2(on: grid)
    #expect(half.maskHash == "2d95044483cf0eee")
    #expect(set.maskHash == "c3816327ca454b99")
    #expect(try set.maskHash == RegionSet.reccap2(on: grid).maskHash)
    #expect(try set.only(["EU"]).maskHash != set.maskHash)
  }
}
