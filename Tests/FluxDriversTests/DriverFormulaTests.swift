import FluxCore
@testable import FluxDrivers
import TestSupport
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
    expectRefusal("drivers.recipe: ", part) { try DriverFormula(text, at: "drivers.recipe") }
  }

  @Test("a text that is too long or too deep is refused, not followed")
  func hostile() {
    for (part, count, reason) in [
      ("(", 500, "the formula '(((("), ("-", 900, "the formula '----"), ("msc(", 200, "the formula 'msc(msc("),
    ] {
      expectRefusal(reason, "…' has more than 40 brackets in each other") {
        try DriverFormula(String(repeating: part, count: count), at: "test")
      }
    }
    expectRefusal("a formula of 1200 bytes; expected at most 1000") {
      try DriverFormula(String(repeating: "1+", count: 600), at: "test")
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
