import FluxDocument
import FluxOperators
import FluxCore

extension BridgeHandle: RichlyShown {
  /// What a bridge is, in a few lines; a notebook unfolds the table of regions.
  var outline: Outline {
    let codes = bridge.regions, shown = codes.prefix(20).joined(separator: " ") + (codes.count > 20 ? " …" : "")
    var rows = [Outline.Row("regions", shown)]
    if let sparse = bridge as? RegionalBridge, !sparse.models.isEmpty {
      let qualities = sparse.models.map(\.quality)
      func extremes(_ values: [Double], _ digits: Int) -> String {
        let order = values.indices.filter { values[$0].isFinite }.sorted { values[$0] < values[$1] }
        guard let low = order.first, let high = order.last else { return "unknown" }
        let texts = [low, high].map { DecimalText.fixed(values[$0], digits) }
        return texts[0] == texts[1] ? "\(texts[0]) everywhere" : "\(texts[0]) in \(codes[low]) … \(texts[1]) in \(codes[high])"
      }
      rows.append(.init("gain", extremes(qualities.map(\.gain), 3) + "; 1 lets a constant flux through unchanged"))
      rows.append(.init("R²", extremes(qualities.map(\.r2), 4)))
      let report = sparse.report
      rows.append(.init("by region", "pixels, clusters, gain, R²; the table of :report()", table: report))
    } else if !bridge.hasYears {
      rows.append(.init("linear", "the same for every year"))
    }
    return Outline(luaDescription, rows)
  }

  public func richForms() throws -> [RichForm] { [RichForm("text/html", .text(outline.html))] }
}
