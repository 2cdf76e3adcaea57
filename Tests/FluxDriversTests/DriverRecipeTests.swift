import FluxCore
import FluxDrivers
import TestSupport
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
    #expect(
      drivers.map(\.formula) == [
        "wai", "tair", "msc(evi * rg)", "msc(fapar * lst_day)", "msc(lst_night)", "msc(ndvi) * rpot", "min(msc(ndwi))",
        "amplitude(msc(band4))", "amplitude(msc(ndvi))", "amplitude(msc(wai))",
      ])
  }

  @Test("the other readings move R_g and R_pot")
  func readings() {
    #expect(DriverRecipe.names.drivers[2].formula == "msc(evi * rpot)")
    #expect(DriverRecipe.names.drivers[5].kind == .seasonal)
    #expect(DriverRecipe.tramontana.drivers[5].kind == .daily)
    #expect(DriverRecipe.tramontana.drivers[5].formula == "msc(ndvi) * rg")
  }

  @Test("written out line by line, a recipe with a name is itself", arguments: DriverRecipe.presets)
  func written(_ preset: DriverRecipe) throws {
    let lines = preset.drivers.map { DriverRecipe.Line(name: $0.name, formula: $0.formula, unit: $0.unit, kind: $0.kind.rawValue) }
    #expect(try DriverRecipe(name: preset.name, lines) == preset)
    // The unit that follows from the formula is the one that is stated.
    #expect(try DriverRecipe(lines.map { .init(name: $0.name, formula: $0.formula) }).drivers.map(\.unit) == preset.drivers.map(\.unit))
  }

  @Test("an unknown recipe offers the nearest and lists all")
  func unknown() {
    expectRefusal("did you mean 'paper'?", "paper, names, tramontana") { try DriverRecipe(named: "papr") }
  }

  @Test("a line of a known name redefines that driver in its place, others follow, some are left out")
  func changed() throws {
    let mine = try DriverRecipe(
      [.init(name: "AMP_Tair", formula: "amplitude(msc(tair))"), .init(name: "Rg_VIMSC", formula: "msc(ndvi) * rg")], from: .paper,
      without: ["AMP_Band4"])
    #expect(mine.drivers.map(\.name) == DriverRecipe.paper.drivers.map(\.name).filter { $0 != "AMP_Band4" } + ["AMP_Tair"])
    #expect(mine.drivers[5] == DriverRecipe.tramontana.drivers[5])
    #expect(mine.drivers[9] == DriverDefinition("AMP_Tair", .constant, "amplitude(msc(tair))", unit: "degC"))
    #expect(mine.description.contains("\nAMP_Tair       constant  degC   amplitude(msc(tair))"))
  }

  @Test("a line without sense is refused by driver and reason", arguments: [
    ("x", "evi", "'evi' is a composite of eight days", nil), ("x", "2 * 3", "driver 'x' is the number 2 * 3 everywhere", nil),
    ("x", "amplitude(tair)", "Write amplitude(msc(tair)).", nil), ("x", "amplitude(tair * msc(ndvi))", "is not of a seasonal cycle", nil),
    ("x", "msc(msc(evi))", "a function within msc", nil), ("x", "msc(2)", "has no variable", nil), ("x", "min(amplitude(msc(evi)))", "is not of a seasonal cycle", nil),
    ("x y", "tair", "a driver called 'x y'", nil), ("lat", "tair", "as an axis of the file is", nil), ("", "tair", "a driver called ''", nil),
    ("x", "tair", "'x' is to be constant, but tair is daily", "constant"), ("x", "tair", "did you mean 'daily'?", "dayly"),
  ] as [(String, String, String, String?)])
  func refused(_ name: String, _ formula: String, _ part: String, _ kind: String?) {
    expectRefusal(part) { try DriverRecipe([.init(name: name, formula: formula, kind: kind)]) }
  }

  @Test("two lines of one name, a driver left out that is not there, and no driver at all are refused")
  func lists() {
    let line = DriverRecipe.Line(name: "a", formula: "tair")
    expectRefusal("two drivers are called 'a'; expected different names") { try DriverRecipe([line, line]) }
    expectRefusal("a recipe of 0 drivers; expected 1 to 256") { try DriverRecipe([]) }
    expectRefusal("did you mean 'WAI2'?") { try DriverRecipe([line], from: .paper, without: ["WAI"]) }
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
  }

  @Test("fractions of another size are refused")
  func size() {
    expectRefusal("2 fractions; expected 1 types × 3 pixels") {
      try PlantFunctionalTypeMosaic(names: ["ENF"], fractions: [1, 1], pixelCount: 3)
    }
  }
}
