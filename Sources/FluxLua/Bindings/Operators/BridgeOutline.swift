import FluxDocument
import FluxOperators
import FluxCore

extension BridgeHandle: RichlyShown {
  /// What a bridge is, in a few lines; a notebook unfolds the table of regions.
  var outline: Outline {
    let labels = bridge.labels, shown = labels.prefix(20).joined(separator: " ") + (labels.count > 20 ? " …" : "")
    var rows = [Outline.Row((bridge.axes.first?.name ?? "row") + "s", shown)]
    if let reported = bridge as? any Reported, !reported.summary.isEmpty {
      rows += reported.summary.map { .init($0.name, $0.text) }
      let words = "pixels, clusters, gain, R²; the table of :report()"
      rows.append(.init("by region", words, table: reported.report))
    } else if !bridge.needsWindow {
      rows.append(.init("linear", "the same for every year"))
    }
    return Outline(luaDescription, rows)
  }

  public func richForms() throws -> [RichForm] { [RichForm("text/html", .text(outline.html))] }
}
