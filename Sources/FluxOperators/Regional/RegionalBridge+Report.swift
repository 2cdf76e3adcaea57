import FluxCore
import FluxDocument

extension RegionalBridge: Reported {
  /// What each region's sparse model is made of and how well it fits the reference.
  public var report: Table {
    var table = Table(title: "Bridge: sparse linear models of regional NEE, fitted to the reference product",
      columns: ["region", "pixels", "clusters", "candidates", "used", "alpha", "gain", "intercept", "R²", "R² anom.", "R² annual", "R² CV"] + types,
      notes: ["gain = ΣΘ / area; intercept in PgC yr-1; CV: blocks of years that the weights have not seen"])
    for m in models {
      let q = m.quality
      table.rows.append([
        .text(m.code), .number(Double(q.regionPixels), digits: 0), .number(Double(q.strata), digits: 0), .number(Double(q.candidates), digits: 0), .number(Double(m.pixels.count), digits: 0),
        .number(q.alpha, digits: 5), .number(q.gain, digits: 3), .number(m.intercept * 365.25, digits: 3), .number(q.r2, digits: 4),
        .number(q.r2Anomalies, digits: 3), .number(q.r2Annual, digits: 3), .number(q.r2CrossValidated, digits: 4),
      ] + zip(q.types, q.regionTypes).map { .text("\(DecimalText.fixed($0 * 100, 0))/\(DecimalText.fixed($1 * 100, 0))") })
    }
    if !types.isEmpty { table.notes.append("Plant functional types: % of the cover of the contributing pixels / of the region") }
    let far = models.filter { $0.quality.agreement < 1 }
    if !far.isEmpty {
      table.notes.append("Clusters by landmarks, with the share that comes back to its own: "
        + far.map { "\($0.code) \($0.quality.landmarks) of \($0.quality.regionPixels), \(DecimalText.fixed($0.quality.agreement, 2))" }.joined(separator: "; "))
    }
    let odd = models.filter { abs($0.quality.gain - 1) > 0.1 }.map(\.code)
    if !odd.isEmpty { table.notes.append("Warning: the gain is off by more than 0.1 in \(odd.joined(separator: ", ")): a bias of the reference is frozen in.") }
    return table
  }

  public var scores: [(label: String, figures: [(name: String, value: Double)])] {
    models.map { m in
      let q = m.quality
      return (m.code, [
        ("gain", q.gain), ("intercept", m.intercept * 365.25), ("r2", q.r2), ("r2_cv", q.r2CrossValidated),
        ("r2_anomalies", q.r2Anomalies), ("r2_annual", q.r2Annual), ("alpha", q.alpha), ("gap", q.gap),
        ("pixels", Double(m.pixels.count)), ("candidates", Double(q.candidates)), ("strata", Double(q.strata)),
      ])
    }
  }

  public var summary: [(name: String, text: String)] {
    guard !models.isEmpty else { return [] }
    func extremes(_ values: [Double], _ digits: Int) -> String {
      let order = values.indices.filter { values[$0].isFinite }.sorted { values[$0] < values[$1] }
      guard let low = order.first, let high = order.last else { return "unknown" }
      let texts = [low, high].map { DecimalText.fixed(values[$0], digits) }
      if texts[0] == texts[1] { return "\(texts[0]) everywhere" }
      return "\(texts[0]) in \(regions[low]) … \(texts[1]) in \(regions[high])"
    }
    return [
      ("gain", extremes(models.map(\.quality.gain), 3) + "; 1 lets a constant flux through unchanged"),
      ("R²", extremes(models.map(\.quality.r2), 4)),
    ]
  }
}
