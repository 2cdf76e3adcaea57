import Testing

@testable import FluxCore

@Suite("Random streams")
struct RandomStreamTests {
  @Test("the normal quantile agrees with SciPy's to 1e-14")
  func quantile() {
    // scipy.stats.norm.ppf
    let cases: [(Double, Double)] = [
      (0.5, 0), (0.975, 1.959963984540054), (0.9, 1.2815515655446004), (1e-10, -6.361340902404056), (0.01, -2.3263478740408408),
    ]
    for (p, z) in cases { #expect(abs(RandomStream.normalQuantile(p) - z) < 1e-13) }
  }

  @Test("a million normal draws have mean 0, variance 1 and kurtosis 3 within four standard errors")
  func moments() {
    var random = RandomStream(seed: 7)
    var m1 = 0.0, m2 = 0.0, m4 = 0.0
    let n = 1_000_000.0
    for _ in 0..<Int(n) {
      let x = random.normal()
      m1 += x
      m2 += x * x
      m4 += x * x * x * x
    }
    #expect(abs(m1 / n) < 4 / n.squareRoot())
    #expect(abs(m2 / n - 1) < 4 * (2 / n).squareRoot())
    #expect(abs(m4 / n - 3) < 4 * (96 / n).squareRoot())
  }

  @Test("a purpose names its own stream, the same in every run")
  func purposes() {
    var a = RandomStream(seed: 1, purpose: "weather"), b = RandomStream(seed: 1, purpose: "weather")
    var c = RandomStream(seed: 1, purpose: "towers")
    let first = a.next()
    #expect(first == b.next())
    #expect(first != c.next())
  }

  @Test("the portable logarithm agrees with libm to 4e-16 relative")
  func logarithm() {
    for x in [1e-300, 1e-16, 0.3, 0.999999, 1, 1.5, 7, 1e20] {
      let reference = _log(x)
      #expect(abs(RandomStream.portableLog(x) - reference) <= 4e-16 * max(1, abs(reference)))
    }
  }
}

import Glibc
private func _log(_ x: Double) -> Double { log(x) }
