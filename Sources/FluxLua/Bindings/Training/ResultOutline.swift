import FluxCore
import FluxDocument
import FluxTraining

extension ResultHandle: RichlyShown {
  /// What a run came to, in a few lines; a notebook unfolds the table of variants and the last epochs.
  var outline: Outline {
    let members = result.members
    var rows = [Outline.Row("complete", members.count == result.expected ? "yes" : "no, \(members.count) of \(result.expected) members are finished")]
    switch result.weightVerdict {
    case .none: break
    case .tooShort(let epochs): rows.append(.init("weights converged", "cannot be told after \(epochs) epoch\(epochs == 1 ? "" : "s")"))
    case .settled: rows.append(.init("weights converged", "yes"))
    case .moving: rows.append(.init("weights converged", "no: they still moved in the last tenth of the steps"))
    }
    for variant in result.variants {
      let trained = members.filter { $0.variant == variant.name }, records = result.records.filter { $0.variant == variant.name }
      let epochs = trained.map(\.epoch), kept = epochs.min().map { low in epochs.max() == low ? "\(low)" : "\(low) … \(epochs.max() ?? low)" } ?? "none"
      let summary = "\(trained.count) member\(trained.count == 1 ? "" : "s") on \(variant.terms.joined(separator: " + ")), kept epoch \(kept)"
      rows.append(.init(variant.name, summary, table: Self.lastEpochs(records, terms: variant.terms)))
    }
    if !members.isEmpty { rows.append(.init("validation", "mean over members; the table of :table()", table: ResultTable.of(result))) }
    return Outline(luaDescription, rows)
  }

  /// How each member ended; nil without any.
  private static func lastEpochs(_ records: [EpochRecord], terms: [String]) -> Table? {
    var table = Table(title: "Last epoch of each member", columns: ["fold", "seed", "epoch"] + terms.map { "train \($0)" } + terms.map { "valid \($0)" } + ["score"])
    var last: [String: Int] = [:]
    for (i, record) in records.enumerated() { last["\(record.fold) \(record.seed) \(record.replicate)"] = i }
    for i in last.values.sorted() {
      let record = records[i]
      func cells(_ losses: [(term: String, loss: Double)]) -> [Table.Cell] {
        terms.map { term in losses.first { $0.term == term }.map { .number($0.loss, digits: 5) } ?? .empty }
      }
      table.rows.append([.number(Double(record.fold), digits: 0), .text("\(record.seed)"), .number(Double(record.epoch), digits: 0)]
        + cells(record.train) + cells(record.valid) + [.number(record.score, digits: 4)])
    }
    return table.rows.isEmpty ? nil : table
  }

  public func richForms() throws -> [RichForm] { [RichForm("text/html", .text(outline.html))] }
}
