import FluxCore
import FluxData
import FluxFigures
import FluxOperators

extension ReportParts {
  /// A plan without a limit of steps has the largest number there: no number to print.
  static func withoutEndlessSteps(_ text: String) -> String {
    let endless = ", at most \(Int.max) steps"
    return text.hasSuffix(endless) ? String(text.dropLast(endless.count)) : text
  }

  /// Versions, hashes and the plan.
  func provenance() throws -> [ReportPage.Block] {
    var pairs = Provenance.attributes(inputs: []).map { (name: $0.name, text: $0.text) }
    pairs.append((name: "netCDF", text: netCDFVersion().split(separator: " ").first.map(String.init) ?? ""))
    if let version = GMTLibrary.version { pairs.append((name: "GMT", text: version)) }
    if let drivers = report.drivers {
      pairs.append((name: "drivers", text: "hash \(drivers.hash), \(drivers.names.joined(separator: ", "))"))
    }
    if let mask = (report.bridge as? any Sampled)?.maskHash { pairs.append((name: "region mask", text: "hash \(mask)")) }
    pairs += try report.result.settings().map { (name: "plan: \($0.name)", text: Self.withoutEndlessSteps($0.value)) }
    return [.pairs(pairs)]
  }
}
