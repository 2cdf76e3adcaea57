import FluxCore
import FluxData
import TestSupport
import Testing

@Suite("Grids and cell areas")
struct GridTests {
  @Test("the cells of a global grid cover the sphere", arguments: [0.5, 1, 2, 5])
  func sphere(step: Double) throws {
    let grid = try Grid.regular(step: step)
    let sphere = 4 * Double.pi * Grid.earthRadius * Grid.earthRadius
    #expect((grid.cellAreas().reduce(0, +) / sphere - 1).magnitude < 1e-12)
    #expect(grid.rows == Int(180 / step) && grid.columns == Int(360 / step))
  }

  @Test("a one-degree cell at the equator is 12 364 km²")
  func equator() throws {
    // By hand: R² · (π/180) · sin 1° = 6371.007² · 0.01745329 · 0.01745241.
    let grid = try Grid.regular(step: 1)
    #expect((grid.cellArea(row: 90) / 1e6 - 12_363.7).magnitude < 0.1)
  }

  @Test("centres on the poles have half cells, and the areas still close")
  func poles() throws {
    let grid = try Grid(latitudes: (0...180).map { Double($0) - 90 }, longitudes: (0..<360).map { Double($0) - 180 })
    #expect(grid.latitudeBounds[0].lower == -90 && grid.latitudeBounds[0].upper == -89.5)
    let sphere = 4 * Double.pi * Grid.earthRadius * Grid.earthRadius
    #expect((grid.cellAreas().reduce(0, +) / sphere - 1).magnitude < 1e-12)
  }

  @Test("an unevenly spaced (Gaussian) grid closes too")
  func gaussian() throws {
    let latitudes = [-83.2, -61.7, -33.0, -11.1, 11.1, 33.0, 61.7, 83.2]
    let grid = try Grid(latitudes: latitudes, longitudes: (0..<16).map { -180 + 22.5 * Double($0) })
    #expect(zip(grid.latitudeBounds, grid.latitudeBounds.dropFirst()).allSatisfy { $0.upper == $1.lower })
    #expect(grid.latitudeBounds[0].lower == -90 && grid.latitudeBounds[7].upper == 90)
    // The last row of F24 reaches to the pole, though half a spacing ends 1° short of it.
    let outer = try Grid(latitudes: [-87.159, -83.479, 83.479, 87.159], longitudes: [0])
    #expect(outer.latitudeBounds[0].lower == -90 && outer.latitudeBounds[3].upper == 90)
    // 0.5° cells around -90…89.5 leave half a cell open, as the file says.
    let shifted = try Grid(latitudes: [88.5, 89, 89.5], longitudes: [0])
    #expect(shifted.latitudeBounds[2].upper == 89.75)
  }

  @Test("a region across 180° keeps its cells' widths beside the hole")
  func hole() throws {
    let grid = try Grid(latitudes: [0.5, 1.5], longitudes: [-179.5, -178.5, 177.5, 178.5, 179.5])
    #expect(grid.longitudeBounds.allSatisfy { $0.upper - $0.lower == 1 })
  }

  @Test("a place is found in its cell, around the date line, and nowhere outside")
  func cells() throws {
    let grid = try Grid.regular(step: 0.5)
    #expect(grid.cell(latitude: -89.9, longitude: -179.9) == 0)
    #expect(grid.cell(latitude: 89.9, longitude: 179.9) == grid.cellCount - 1)
    #expect(grid.cell(latitude: 0.1, longitude: 180.1) == 180 * 720)
    #expect(grid.cell(latitude: 0.1, longitude: 360.1) == 180 * 720 + 360)
    #expect(grid.cell(latitude: 91, longitude: 0) == nil)
    let small = try Grid(latitudes: [0.5, 1.5], longitudes: [10.5, 11.5])
    #expect(small.cell(latitude: 1, longitude: 9) == nil)
    #expect(grid.nearestColumn(-180.3) == 719)
  }

  @Test("steps that do not divide the globe are refused", arguments: [0, -1, 0.7, 1e-9, .nan, 400])
  func steps(step: Double) {
    expectRefusal("a grid step of \(step)°; expected a number of degrees that divides 180") {
      try Grid.regular(step: step)
    }
  }
}
