import FluxCore
import TestSupport
import Testing

@Suite("Units")
struct UnitTests {
  @Test("spellings of one unit are one unit", arguments: [
    ["gC m-2 d-1", "g C m-2 d-1", "gC/m2/day", "gC m⁻² d⁻¹", "gC m$^{-2}$ d$^{-1}$", "g C m^-2 day^-1", "gC m**-2 d**-1", "gC.m-2.d-1",
      "[gC m-2 d-1]", "gC per m2 per day"],
    ["PgC yr-1", "Pg C yr$^{-1}$", "PgC/yr", "Pg C year^-1", "PgC a-1", "PgC yr⁻¹"],
    ["µmol m-2 s-1", "umol m-2 s-1", "μmol m⁻² s⁻¹", "umol/m2/s"],
    ["kg CO2 m-2 s-1", "kgCO2 m-2 s-1", "kg CO₂ m⁻² s⁻¹", "kg CO$_2$ m$^{-2}$ s$^{-1}$"],
    ["1", "-", "", "[-]", "unitless", "(0,1)"],
    ["degC", "°C", "deg C"],
  ])
  func spellings(texts: [String]) throws {
    let first = try Unit(texts[0])
    for text in texts { #expect(try Unit(text) == first, "\(text)") }
  }

  @Test("factors agree with SCIENCE §1 and with arithmetic by hand", arguments: [
    ("gC m-2 d-1", "µmol m-2 s-1", 0.96362),  // 1e6 / 12.011 / 86400
    ("kg CO2", "kgC", 0.27292),  // 12.011 / 44.0095
    ("kg CO2 m-2 s-1", "gC m-2 d-1", 1000 * 0.272918 * 86_400),
    ("PgC", "gC", 1e15),
    ("GtC", "PgC", 1),
    ("tC ha-1", "gC m-2", 100),
    ("µmol CO2 m-2 s-1", "gC m-2 d-1", 1.037757),
    ("mol C", "gC", 12.011),
    ("mm hr-1", "mm d-1", 24),
    ("kg/m^2", "kg m-2", 1),
    ("m**3 m**-3", "1", 1),
    ("percent", "1", 0.01),
    ("MJ m-2 d-1", "W m-2", 11.574074),
    ("Pg C yr$^{-1}$ degree$^{-1}$", "TgC yr-1 degree-1", 1000),
    ("µmol mol-1", "ppm", 1),
  ] as [(String, String, Double)])
  func factors(from: String, to: String, factor: Double) throws {
    let found = try Unit(from).factor(to: Unit(to))
    #expect((found / factor - 1).magnitude < 1e-5, "\(from) → \(to): \(found)")
  }

  @Test("temperature converts with its offset")
  func temperature() throws {
    let line = try Unit("degC").conversion(to: Unit("K"))
    #expect(line.scale == 1 && line.offset == 273.15)
    expectRefusal("'degC' to 'K' shifts the zero: there is no factor") { try Unit("degC").factor(to: Unit("K")) }
  }

  @Test("months and years convert by their own days, never by UDUNITS' average ones")
  func calendar() throws {
    let line = try Unit("PgC month-1").conversion(to: Unit("PgC yr-1"))
    #expect((line.scale(daysInMonth: 28, daysInYear: 365) - 365.0 / 28).magnitude < 1e-12)
    let daily = try Unit("PgC yr-1").conversion(to: Unit("gC d-1"))
    #expect((daily.scale(daysInMonth: 31, daysInYear: 366) / 1e15 * 366 - 1).magnitude < 1e-12)
    expectRefusal("how long the month or year is") { try Unit("PgC yr-1").factor(to: Unit("gC d-1")) }
    #expect(try Unit("PgC yr-1").factor(to: Unit("TgC yr-1")).rounded() == 1000)
  }

  @Test("a bare mass becomes carbon only when the quantity says what it is")
  func substance() throws {
    let fires = try Unit("kg m-2 s-1"), target = try Unit("gC m-2 d-1")
    expectRefusal("write 'kgC' or 'kg CO2' instead of 'kg'") { try fires.factor(to: target) }
    let asCarbonDioxide = try fires.factor(to: target, of: .carbonDioxide)
    #expect((asCarbonDioxide / (1000 * 12.011 / 44.0095 * 86_400) - 1).magnitude < 1e-12)
    #expect((try fires.factor(to: target, of: .carbon) / 86.4e6 - 1).magnitude < 1e-12)
    expectRefusal("'kg' cannot be converted to 'mol'", "write 'kgC' or 'kg CO2' instead of 'kg'") {
      try Unit("kg").factor(to: Unit("mol"))
    }
  }

  @Test("what is no unit, or ambiguous, is refused", arguments: [
    ("C", "cannot be read: 'C' stands after no mass"), ("furlong per parsnip", "is not known"),
    ("gC m-2 d-", "cannot be read: a power is not a whole number"), ("m^^2", "a power is not a whole number"),
    ("gC/", "it ends in a division"), ("CO2", "'CO2' stands after no mass or amount"),
    ("kg m-x", "a power is not a whole number"), ("m-200", "a power is not a whole number"),
    ("@", "'@' is not understood"), ("K @ 273.15", "'@' is not understood"), ("gC m-2 (d", "'(' is not understood"),
    ("0 m", "'0' is no factor"), ("\u{0}", "is not understood"),
  ])
  func refused(text: String, reason: String) {
    expectRefusal("the unit '\(text)' ", reason, "expected a unit such as 'gC m-2 d-1'") { try Unit(text) }
  }

  @Test("different kinds do not convert, nor does a unit to its reciprocal")
  func kinds() throws {
    expectRefusal("'gC m-2 d-1' cannot be converted to 'gC m-2'") { try Unit("gC m-2 d-1").factor(to: Unit("gC m-2")) }
    expectRefusal("'s' cannot be converted to 'Hz'") { try Unit("s").factor(to: Unit("Hz")) }
    expectRefusal("'K' cannot be converted to 'W m-2'") { try Unit("K").factor(to: Unit("W m-2")) }
  }

  @Test("products join equal symbols")
  func products() throws {
    let flux = try Unit("gC m-2 d-1")
    #expect(try flux.multiplied(by: Unit("m2")).description == "gC d-1")
    #expect(flux.divided(by: flux).description == "1")
    #expect(try Unit("kg CO2 m-2 s-1").description == "kg CO2 m-2 s-1")
  }

  @Test("every declared quantity has a readable unit and a name of its own")
  func quantities() throws {
    for quantity in Quantity.all { _ = try Unit(quantity.unit) }
    #expect(Set(Quantity.all.map(\.name)).count == Quantity.all.count)
    #expect(Quantity.named("nee")?.substance == .carbon)
  }
}
