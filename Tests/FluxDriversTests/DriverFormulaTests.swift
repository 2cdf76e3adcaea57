import FluxCore
@testable import FluxDrivers
import Testing

@Suite("Driver formulas")
struct DriverFormulaTests {
  @Test("a formula prints as it is read, with no more brackets than it needs", arguments: [
    ("msc(evi*rg)", "msc(evi * rg)"), ("MSC(EVI × R_g)", "msc(evi * rg)"), ("MSC(fAPAR × LST_day)", "msc(fapar * lst_day)"),
    ("((tair))", "tair"), ("tair - (wai - 1)", "tair - (wai - 1)"), ("(tair - wai) - 1", "tair - wai - 1"),
    ("tair / (wai * 2)", "tair / (wai * 2)"), ("(tair + 1) * wai", "(tair + 1) * wai"), ("-tair * -2", "(-tair) * (-2)"),
    ("1e-3 * tair", "0.001 * tair"), ("0.0000001*tair", "1e-07 * tair"), ("amplitude( msc(wai) )", "amplitude(msc(wai))"),
  ])
  func text(_ written: String, _ printed: String) throws {
    let formula = try DriverFormula(written, at: "test")
    #expect(formula.description == printed)
    #expect(try DriverFormula(printed, at: "test") == formula)
  }

  @Test("what cannot be read is quoted, with the nearest name", arguments: [
    ("msc(ndiv)", "an unknown variable 'ndiv'; did you mean 'ndvi'?"), ("amplitud(msc(evi))", "an unknown function 'amplitud'; did you mean 'amplitude'?"),
    ("msc(evi", "a bracket that is not closed"), ("msc(evi))", "')' after its end"), ("tair rg", "'rg' after its end"), ("msc", "'msc' without its brackets"),
    ("", "nothing where a value should be"), ("tair *", "nothing where a value should be"), ("tair ^ 2", "'^'"), ("1.2.3", "'1.2.3'"), ("1e999", "'1e999'"), ("tair % 2", "'%'"),
    ("* tair", "'*' where a value should be"),
  ])
  func mistakes(_ text: String, _ part: String) {
    let error = #expect(throws: FluxError.self) { try DriverFormula(text, at: "drivers.recipe") }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    #expect(error?.description.hasPrefix("drivers.recipe: ") == true)
  }

  @Test("a text that is too long or too deep is refused, not followed")
  func hostile() {
    for text in [String(repeating: "(", count: 500), String(repeating: "-", count: 900), String(repeating: "msc(", count: 200), String(repeating: "1+", count: 600)] {
      #expect(throws: FluxError.self) { try DriverFormula(text, at: "test") }
    }
  }

  @Test("values are computed as the formula is written, numbers everywhere alike")
  func values() throws {
    let formula = try DriverFormula("(tair + 1) * rg / 2 - -wai", at: "test")
    let known: [String: [Float]] = ["tair": [1, 2], "rg": [10, 20], "wai": [0.5, 0.25]]
    let values = formula.values { leaf in
      guard case .variable(let name) = leaf else { return .number(.nan) }
      return .values(known[name] ?? [])
    }
    #expect(values.array(count: 2) == [10.5, 30.25])
    #expect(try DriverFormula("2 - 3 * 4", at: "test").values { _ in .number(.nan) }.array(count: 3) == [-10, -10, -10])
  }
}
