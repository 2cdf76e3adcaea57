import FluxCore
import TestSupport
import Testing

@testable import FluxTwin

@Suite("The twin's arguments")
struct TwinOverridesTests {
  @Test("scale 0 makes the null twin and perfect inversions; a region's code sets its towers or its error")
  func overrides() throws {
    var parameters = TwinParameters()
    try parameters.override(bias: ["scale": 0])
    #expect(parameters.bias == .none)
    try parameters.override(errors: ["scale": 0, "dipole": 0.5])
    #expect(parameters.errors.regional.values.allSatisfy { $0 == 0 } && parameters.errors.dipole == 0.5)
    try parameters.override(towers: ["BRA": 20, "site_offset": 0])
    #expect(parameters.towers.counts["BRA"] == 20 && parameters.towers.siteOffset == 0)
    #expect(parameters.towers.counts["EU"] == 70)
  }

  @Test("an unknown name is refused with the nearest, a bad number with what is wanted")
  func refused() {
    var parameters = TwinParameters()
    expectRefusal("did you mean 'nocturnal'?") { try parameters.override(bias: ["noctural": 0.1]) }
    expectRefusal("bias.nocturnal is nan; expected a number of at least 0.0") {
      try parameters.override(bias: ["nocturnal": .nan])
    }
    expectRefusal("bias.growth_shape is 0.5; expected a number of at least 1.0") {
      try parameters.override(bias: ["growth_shape": 0.5])
    }
    expectRefusal("towers.BRA is 1.5; expected a whole number of towers") {
      try parameters.override(towers: ["BRA": 1.5])
    }
    expectRefusal("towers.kept_tropics is 45.0; expected a share, 0 to 1") {
      try parameters.override(towers: ["kept_tropics": 45])
    }
    expectRefusal("unknown option 'BRZ' of errors; did you mean 'BRA'?") { try parameters.override(errors: ["BRZ": 1]) }
  }
}
