import FluxCore
import FluxDocument

/// A result in rows: what each variant came to with each seed.
public enum ResultTable {
  /// Means over members of the figures of the epochs that they kept.
  public static func of(_ result: TrainingResult) -> Table {
    let terms = result.terms
    var table = Table(title: "Validation of the kept epochs, mean over members", columns: ["variant", "seed", "members", "epoch"] + terms + ["score"])
    for variant in result.variants {
      for (seed, _) in result.foldsBySeed {
        let members = result.members.filter { $0.variant == variant.name && $0.seed == seed }
        guard !members.isEmpty else { continue }
        let kept = members.compactMap { m in
          result.records.first { $0.variant == m.variant && $0.seed == m.seed && $0.replicate == m.replicate && $0.fold == m.fold + 1 && $0.epoch == m.epoch }
        }
        func mean(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count) }
        let epoch = mean(members.map { Double($0.epoch) }), score = mean(kept.map(\.score))
        let losses = terms.map { term in mean(kept.compactMap { record in record.valid.first { $0.term == term }?.loss }) }
        table.rows.append([.text(variant.name), .text("\(seed)"), .number(Double(members.count), digits: 0), .number(epoch, digits: 1)]
          + losses.map { .number($0, digits: 5) } + [.number(score, digits: 4)])
        let place = "seed \(seed)"
        table.scores[variant.name, default: [:]][place] = Dictionary(zip(terms, losses).filter { !$1.isNaN }, uniquingKeysWith: { a, _ in a })
          .merging(["epoch": epoch, "score": score, "members": Double(members.count)]) { $1 }
      }
    }
    return table
  }
}
