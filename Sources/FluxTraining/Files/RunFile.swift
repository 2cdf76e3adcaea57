import FluxCore
import FluxData
import FluxModels

/// A finished run on disk: one netCDF file, data and no code, with every member's weights, the curves, which site was in which fold,
/// seeds, the plan's hashes and the program's version. No time and no host: equal runs give equal files.
public enum RunFile {
  private static let format = "fluxbridge result 1"

  /// Writes a result, all or nothing.
  ///
  /// - Throws: ``FluxError`` when there is no member, or the file cannot be written; what was there before then stays.
  public static func save(_ result: TrainingResult, to path: String) throws {
    guard !result.members.isEmpty else { throw FluxError("the run has no finished member", at: path, expected: "at least one") }
    let tables = columns(result), texts = self.texts(result)
    var attributes: NetCDFAttributes = ["title": "Fluxbridge training result", "format": .text(format), "content_hash": .text(hash(tables, texts))]
    for (name, text) in Provenance.attributes(inputs: []) where name != "seed" { attributes[name] = .text(text) }
    for setting in try result.settings() { attributes["plan_" + setting.name] = .text(setting.value) }
    attributes["members_expected"] = .numbers([Double(result.expected)], .int)
    let writer = try NetCDFWriter(path: path, attributes: attributes)
    for table in tables where !table.values.isEmpty {
      for dimension in table.dimensions { try writer.define(dimension: dimension.name, length: dimension.length) }
      try writer.define(variable: table.name, type: .double, dimensions: table.dimensions.map(\.name), attributes: ["long_name": .text(table.meaning)])
    }
    for (name, dimension, values) in texts where !values.isEmpty {
      try writer.define(dimension: dimension, length: values.count)
      try writer.define(variable: name, type: .string, dimensions: [dimension])
    }
    for table in tables where !table.values.isEmpty { try writer.write(table.values, to: table.name) }
    for (name, _, values) in texts where !values.isEmpty { try writer.write(values, to: name) }
    try writer.commit()
  }

  /// Reads what ``save(_:to:)`` wrote.
  ///
  /// - Throws: ``FluxError`` for another kind of file, one that is damaged, or sizes that do not fit together.
  public static func load(_ path: String) throws -> TrainingResult {
    let file = try NetCDFReader(path: path)
    guard file.attributes.text("format") == format else {
      throw FluxError("the file is no training result", at: path, expected: "one that result:save(path) wrote",
        remedy: file.attributes.text("format") == nil ? nil : "A checkpoint is gone on with by the trainer that wrote it, checkpoint = \"…\".")
    }
    do { return try Reading(file).result() } catch is Misfit {
      throw FluxError("its arrays do not fit together", at: path, expected: "a result that result:save(path) wrote", remedy: "The file is damaged.")
    }
  }

  // MARK: Writing

  struct Column {
    let name: String, dimensions: [(name: String, length: Int)], values: [Double], meaning: String
  }

  private static func columns(_ r: TrainingResult) -> [Column] {
    let members = (name: "member", length: r.members.count), records = (name: "epoch", length: r.records.count)
    let terms = r.terms, term = (name: "term", length: terms.count)
    let variant = { (name: String) in Double(r.variants.firstIndex { $0.name == name } ?? -1) }
    func row(_ losses: [(term: String, loss: Double)]) -> [Double] {
      terms.map { term in losses.first { $0.term == term }?.loss ?? .nan }
    }
    let weights = r.members.flatMap(\.model.weights), drivers = r.members.first?.model.inputs.count ?? 0
    let years = r.members.map(\.heldOutYears), heldOut = years.flatMap { $0 }
    var list: [Column] = []
    func add(_ name: String, _ dimensions: [(name: String, length: Int)], _ values: [Double], _ meaning: String) {
      list.append(Column(name: name, dimensions: dimensions, values: values, meaning: meaning))
    }
    add("member_variant", [members], r.members.map { variant($0.variant) }, "place in variant_name, from 0")
    add("member_fold", [members], r.members.map { Double($0.fold + 1) }, "from 1")
    add("member_replicate", [members], r.members.map { Double($0.replicate + 1) }, "from 1")
    add("member_epoch", [members], r.members.map { Double($0.epoch) }, "the epoch whose weights are kept, from 1")
    add("member_steps", [members], r.members.map { Double($0.steps) }, "steps that were trained")
    add("member_converged", [members], r.members.map { $0.weightsConverged ? 1 : 0 }, "1: learned term weights had settled")
    add("member_weight_count", [members], r.members.map { Double($0.model.weights.count) }, "how many of weights are the member's")
    add("weights", [("weight", weights.count)], weights, "member by member, layer by layer: weight [input, output], then bias [output]")
    add("mean", [members, ("driver", drivers)], r.members.flatMap { $0.model.normalisation.mean.map(Double.init) },
      "of each driver over the training towers")
    add("deviation", [members, ("driver", drivers)], r.members.flatMap { $0.model.normalisation.deviation.map(Double.init) },
      "standard deviation of each driver over the training towers")
    add("held_out_count", [members], years.map { Double($0.count) }, "how many of held_out_year are the member's")
    add("held_out_year", [("held_out", heldOut.count)], heldOut.map(Double.init), "member by member")
    add("epoch_variant", [records], r.records.map { variant($0.variant) }, "place in variant_name, from 0")
    add("epoch_fold", [records], r.records.map { Double($0.fold) }, "from 1")
    add("epoch_replicate", [records], r.records.map { Double($0.replicate + 1) }, "from 1")
    add("epoch_number", [records], r.records.map { Double($0.epoch) }, "from 1")
    add("score", [records], r.records.map(\.score), "what selection compares; the smallest wins")
    add("gap", [records], r.records.map(\.gap), "sparse bridge minus exact integral, all regions, PgC yr-1")
    add("largest_gap", [records], r.records.map(\.largestGap), "the same of the region where it is largest, PgC yr-1")
    add("train", [records, term], r.records.flatMap { row($0.train) }, "mean loss over the epoch's steps")
    add("valid", [records, term], r.records.flatMap { row($0.valid) }, "loss at the validation sites and years")
    add("term_weight", [records, term], r.records.flatMap { record in row(zip(record.train, record.weights).map { (term: $0.term, loss: $1) }) },
      "factor of each term at the end of the epoch")
    add("site_fold", [(name: "seed", length: r.foldsBySeed.count), (name: "site", length: r.sites.count)],
      r.foldsBySeed.flatMap { $0.folds.map { Double($0 + 1) } }, "the fold of each site, from 1; 0 for test sites")
    return list
  }

  typealias Texts = [(name: String, dimension: String, values: [String])]

  private static func texts(_ r: TrainingResult) -> Texts {
    [
      ("variant_name", "variant", r.variants.map(\.name)), ("variant_terms", "variant", r.variants.map { $0.terms.joined(separator: " ") }),
      ("term_name", "term", r.terms), ("driver_name", "driver", r.members.first?.model.inputs ?? []), ("site_id", "site", r.sites),
      ("seed_value", "seed", r.foldsBySeed.map { "\($0.seed)" }), ("member_seed", "member", r.members.map { "\($0.seed)" }),
      ("epoch_seed", "epoch", r.records.map { "\($0.seed)" }),
      ("member_network", "member", r.members.map { "\($0.model.hidden.map(String.init).joined(separator: " ")), \($0.model.activation.rawValue), \($0.model.dtype.rawValue)" }),
    ]
  }

  private static func hash(_ columns: [Column], _ texts: Texts) -> String {
    hash(columns.map { ($0.name, $0.values) }, texts.map { ($0.name, $0.values) })
  }

  static func hash(_ columns: [(String, [Double])], _ texts: [(String, [String])]) -> String {
    var hash = ContentHash()
    for (name, values) in columns.sorted(by: { $0.0 < $1.0 }) where !values.isEmpty {
      hash.combine(name)
      hash.combine(values)
    }
    for (name, values) in texts.sorted(by: { $0.0 < $1.0 }) where !values.isEmpty {
      hash.combine(name)
      for value in values { hash.combine(value) }
    }
    return "\(hash)"
  }
}
