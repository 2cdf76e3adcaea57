import FluxCore
import Testing

@Suite("Nearest names")
struct NearestNameTests {
  @Test("a slip of the finger finds its name; a different word finds none")
  func slips() {
    let names = ["nee", "gpp", "region", "longitude"]
    #expect(NearestName.of("ne", among: names) == "nee")
    #expect(NearestName.of("regoin", among: names) == "region")
    #expect(NearestName.of("Longitud", among: names) == "longitude")
    #expect(NearestName.of("temperature", among: names) == nil)
    #expect(NearestName.hint("gp", among: names) == "; did you mean 'gpp'?")
  }

  @Test("an error reads: place, what came, what was expected, remedy")
  func errorText() {
    let error = FluxError("flux has shape [3]", at: "Footprint.convolve", expected: "[4]", remedy: "Select it first.")
    #expect(error.description == "Footprint.convolve: flux has shape [3]; expected [4].\n  Select it first.")
  }
}
