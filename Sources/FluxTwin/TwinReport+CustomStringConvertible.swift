import Glibc

extension TwinReport: CustomStringConvertible {
  public var description: String {
    func f(_ value: Double, _ width: Int = 7, _ digits: Int = 2) -> String {
      let text = Self.fixed(value, digits)
      return String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
    var lines = [
      "TwinReport",
      "├── GPP \(f(gpp, 0, 1)) PgC yr-1 (tropics \(f(tropicalGPP, 0, 1))), NEE \(f(nee, 0)), IAV \(f(interannualVariability, 0))",
      "├── undriven share of IAV \(f(undrivenShare, 0)), strength \(f(undrivenStrength, 0, 3)); water r \(f(waterCorrelation, 0))",
      "├── \(sites) towers, \(siteDays) kept days, tropical \(f(100 * tropicalSampleShare, 0, 1)) %, kept \(f(100 * keptTropics, 0, 0)) and \(f(100 * keptElsewhere, 0, 0)) %",
      "├── noise level \(f(noiseLevel, 0, 3)) gC m-2 d-1, missing respiration in the humid tropics \(f(nocturnalMean, 0))",
      "├── biases carried everywhere: \(f(expectedGap, 0, 1)) PgC yr-1, \(f(100 * tropicalGapShare, 0, 0)) % in six tropical regions",
      "└── region area(1e12 m2) towers     GPP    NEE  bias gap  tower gap   aim  (gC m-2 d-1)",
    ]
    for r in regions {
      lines.append(
        "    \(left(r.code, 6)) \(f(r.area * 1e-12, 10)) \(f(Double(r.towers), 6, 0)) \(f(r.gpp)) \(f(r.nee, 6)) \(f(r.biasGap, 8)) \(f(r.towerGap, 9)) \(f(r.aim, 6, 1))")
    }
    return lines.joined(separator: "\n")
  }

  /// A number with fixed decimals, without Foundation.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    let scale = pow(10, Double(digits))
    let whole = Int((abs(value) * scale).rounded())
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard digits > 0 else { return sign + String(whole) }
    let part = String(whole % Int(scale))
    return sign + String(whole / Int(scale)) + "." + String(repeating: "0", count: digits - part.count) + part
  }
}
