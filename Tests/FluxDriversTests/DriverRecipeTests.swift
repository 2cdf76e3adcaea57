import FluxCore
import FluxDrivers
import Testing

@Suite("Driver recipes")
struct DriverRecipeTests {
  @Test("the paper's ten drivers: two daily, four seasonal, four constant")
  func paper() {
    let drivers = DriverRecipe.paper.drivers
    #expect(
      drivers.map(\.name) == [
        "WAI2", "Tair", "MSC_EVIRpot", "MSC_FparLST", "MSC_LST_Night", "Rg_VIMSC", "MIN_MSC_NDWI", "AMP_Band4",
        "AMP_MSC_NDVI", "AMP_MSC_WAI",
      ])
    let counts = DriverKind.allCases.map { kind in drivers.count { $0.kind == kind } }
    #expect(counts == [4, 4, 2])
    #expect(drivers[2].formula == "MSC(EVI × R_g)")
    #expect(drivers[5].formula == "MSC(NDVI) × R_pot")
  }

  @Test("the other readings move R_g and R_pot")
  func readings() {
    #expect(DriverRecipe.names.drivers[2].formula == "MSC(EVI × R_pot)")
    #expect(DriverRecipe.names.drivers[5].kind == .seasonal)
    #expect(DriverRecipe.tramontana.drivers[5].kind == .daily)
    #expect(DriverRecipe.tramontana.drivers[5].formula == "MSC(NDVI) × R_g")
  }

  @Test("an unknown recipe offers the nearest and lists all")
  func unknown() {
    let error = #expect(throws: FluxError.self) { try DriverRecipe(named: "papr") }
    #expect(error?.description.contains("did you mean 'paper'?") == true)
    #expect(error?.description.contains("paper, names, tramontana") == true)
  }
}

@Suite("Plant functional types")
struct PlantFunctionalTypeMosaicTests {
  @Test("the mix is the mean by fraction over the types that have a value")
  func mix() throws {
    let mosaic = try PlantFunctionalTypeMosaic(
      names: ["ENF", "GRA"], fractions: [0.25, 1, 0, 0.75, 0, 0], pixelCount: 3)
    var mixed = [Float](repeating: 0, count: 3)
    mosaic.mix([4, 1, 1, 8, 2, 2], into: &mixed)
    #expect(mixed[0] == 7 && mixed[1] == 1 && mixed[2].isNaN)
    mosaic.mix([4, .nan, 1, .nan, 2, 2], into: &mixed)
    #expect(mixed[0] == 4 && mixed[1].isNaN)
    #expect(mosaic.dominant(pixel: 0) == "GRA" && mosaic.dominant(pixel: 2) == nil)
  }

  @Test("fractions of another size are refused")
  func size() {
    #expect(throws: FluxError.self) {
      try PlantFunctionalTypeMosaic(names: ["ENF"], fractions: [1, 1], pixelCount: 3)
    }
  }
}
