import FluxCore
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
    let unknown = #expect(throws: FluxError.self) { try parameters.override(bias: ["noctural": 0.1]) }
    #expect(unknown?.description.contains("did you mean 'nocturnal'?") == true)
    #expect(throws: FluxError.self) { try parameters.override(bias: ["nocturnal": .nan]) }
    #expect(throws: FluxError.self) { try parameters.override(bias: ["growth_shape": 0.5]) }
    #expect(throws: FluxError.self) { try parameters.override(towers: ["BRA": 1.5]) }
    #expect(throws: FluxError.self) { try parameters.override(towers: ["kept_tropics": 45]) }
    #expect(throws: FluxError.self) { try parameters.override(errors: ["BRZ": 1]) }
  }
}
