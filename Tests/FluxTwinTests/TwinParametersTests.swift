import Glibc
import Testing

@testable import FluxTwin

@Suite("The twin's constants")
struct TwinParametersTests {
  /// FNV-1a, 64 bits.
  static func hash(_ bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return String(hash, radix: 16)
  }

  @Test("the constants are those committed before any network was trained: a change is a commit of its own, with the tables before and after")
  func committed() throws {
    let path = String(#filePath.prefix { $0 != "\0" }).replacing("Tests/FluxTwinTests/TwinParametersTests.swift", with: "Sources/FluxTwin/TwinParameters.swift")
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes: [UInt8] = [], block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, file)
      guard count > 0 else { break }
      bytes += block[..<count]
    }
    #expect(Self.hash(bytes) == "34eb9d62094cec87")
  }

  @Test("the numbers of towers are the real network's, 210 in all")
  func counts() {
    let counts = TwinParameters.Network().counts
    #expect(counts.values.reduce(0, +) == 210)
    #expect(counts["EU"] == 70 && counts["BRA"] == 6 && counts["EQAF"] == 1)
  }

  @Test("the inversions' regional errors add up to a global one near 0.2 PgC yr⁻¹ once 85 % of the sum is put back elsewhere")
  func dipoles() {
    let errors = TwinParameters.Errors()
    let variance = errors.regional.values.reduce(0) { $0 + $1 * $1 } * (errors.common * errors.common + errors.own * errors.own)
    #expect(errors.regional.count == 18)
    #expect(abs(variance.squareRoot() * (1 - errors.dipole) - 0.2) < 0.02)
  }
}
