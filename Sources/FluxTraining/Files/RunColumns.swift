import FluxCore
import FluxData
import FluxModels
import FluxOperators

/// Members and epochs as named columns: what results and checkpoints keep on disk, both in the same shape.
///
/// It holds no time and no host: equal runs give equal columns.
struct RunColumns {
  struct Column {
    let name: String, dimensions: [(name: String, length: Int)], values: [Double], meaning: String
  }

  struct Words {
    let name: String, dimension: String, values: [String]
  }

  private(set) var columns: [Column] = []
  private(set) var words: [Words] = []

  /// - Parameters:
  ///   - variants: of the run, which members and epochs name.
  ///   - terms: names of the terms of all variants, each once.
  /// - Throws: ``FluxError`` for members whose archives have different shapes.
  init(
    members: [TrainedMember], records: [EpochRecord], variants: [TrainingPlan.Variant], terms: [String]
  ) throws {
    let place = { (name: String) in Double(variants.firstIndex { $0.name == name } ?? -1) }
    add("variant_name", "variant", variants.map(\.name))
    add("variant_terms", "variant", variants.map { $0.terms.joined(separator: " ") })
    add("term_name", "term", terms)
    try add(members, place)
    add(records, terms, place)
  }

  mutating func add(
    _ name: String, _ dimensions: [(name: String, length: Int)], _ values: [Double], _ meaning: String
  ) {
    columns.append(Column(name: name, dimensions: dimensions, values: values, meaning: meaning))
  }

  mutating func add(_ name: String, _ dimension: String, _ values: [String]) {
    words.append(Words(name: name, dimension: dimension, values: values))
  }

  private mutating func add(_ members: [TrainedMember], _ place: (String) -> Double) throws {
    let each = [(name: "member", length: members.count)]
    add("member_variant", each, members.map { place($0.variant) }, "place in variant_name, from 0")
    add("member_fold", each, members.map { Double($0.fold + 1) }, "from 1")
    add("member_replicate", each, members.map { Double($0.replicate + 1) }, "from 1")
    add("member_epoch", each, members.map { Double($0.epoch) }, "the epoch whose weights are kept, from 1")
    add("member_steps", each, members.map { Double($0.steps) }, "steps that were trained")
    add(
      "member_converged", each, members.map { $0.weightsConverged ? 1 : 0 }, "1: learned term weights had settled")
    add("member_seed", "member", members.map { "\($0.seed)" })
    let weights = members.map(\.model.weights)
    add("member_weight_count", each, weights.map { Double($0.count) }, "how many of weights are the member's")
    add(
      "weights", [("weight", weights.reduce(0) { $0 + $1.count })], weights.flatMap { $0 },
      "member by member, all parameters in a row; of a network weight [input, output], then bias [output]")
    try add(archives: members.map(\.model.archive))
    let heldOut = members.map(\.heldOut), all = heldOut.flatMap { $0 }
    add("held_out_count", each, heldOut.map { Double($0.count) }, "how many of held_out_year are the member's")
    add("held_out_year", [("held_out", all.count)], all.map { Double($0.number) }, "member by member")
    add("held_out_kind", "held_out", all.map(\.kind))
  }

  /// What the models are beside their weights: kinds and words by member, numbers in columns of their own names.
  private mutating func add(archives: [ModelArchive]) throws {
    guard let first = archives.first else { return }
    guard archives.allSatisfy({ $0.inputs == first.inputs && Self.shape($0) == Self.shape(first) }) else {
      throw FluxError(
        "models that keep different arrays", at: "result", expected: "members of one kind over the same drivers",
        remedy: "Save the variants as models, each for itself.")
    }
    add("driver_name", "driver", first.inputs)
    add("model_kind", "member", archives.map(\.kind))
    add("model_word", "model_word", first.words.map(\.name))
    add("model_array", "model_array", first.numbers.map(\.name))
    for (k, word) in first.words.enumerated() {
      add("member_\(word.name)", "member", archives.map { $0.words[k].text })
    }
    for (k, numbers) in first.numbers.enumerated() {
      add(
        numbers.name, [("member", archives.count), (numbers.dimension, numbers.values.count)],
        archives.flatMap { $0.numbers[k].values }, numbers.meaning)
    }
  }

  private static func shape(_ archive: ModelArchive) -> [String] {
    archive.words.map(\.name) + archive.numbers.map { "\($0.name) \($0.dimension) \($0.values.count)" }
  }

  private mutating func add(_ records: [EpochRecord], _ terms: [String], _ place: (String) -> Double) {
    let each = [(name: "epoch", length: records.count)], byTerm = each + [(name: "term", length: terms.count)]
    func row(_ losses: [(term: String, loss: Double)]) -> [Double] {
      terms.map { term in losses.first { $0.term == term }?.loss ?? .nan }
    }
    add("epoch_variant", each, records.map { place($0.variant) }, "place in variant_name, from 0")
    add("epoch_fold", each, records.map { Double($0.fold) }, "from 1")
    add("epoch_replicate", each, records.map { Double($0.replicate + 1) }, "from 1")
    add("epoch_number", each, records.map { Double($0.epoch) }, "from 1")
    add("epoch_seed", "epoch", records.map { "\($0.seed)" })
    add("score", each, records.map(\.score), "what selection compares; the smallest wins")
    add("train", byTerm, records.flatMap { row($0.train) }, "mean loss over the epoch's steps")
    add("valid", byTerm, records.flatMap { row($0.valid) }, "loss at what the fold holds out")
    add("term_weight", byTerm, records.flatMap { record in
      row(zip(record.train, record.weights).map { (term: $0.term, loss: $1) })
    }, "factor of each term at the end of the epoch")
    var names: [String] = []
    for name in records.flatMap({ $0.diagnoses.map(\.name) }) where !names.contains(name) { names.append(name) }
    add("diagnosis_name", "diagnosis", names)
    for name in names {
      add(name, each, records.map { $0.diagnosis(name) ?? .nan }, "what an operator told of itself")
    }
  }

  // MARK: On disk

  /// Of every name and value, in the order of names.
  var hash: String {
    Self.hash(columns.map { ($0.name, $0.values) }, words.map { ($0.name, $0.values) })
  }

  static func hash(_ columns: [(String, [Double])], _ words: [(String, [String])]) -> String {
    var hash = ContentHash()
    for (name, values) in columns.sorted(by: { $0.0 < $1.0 }) where !values.isEmpty {
      hash.combine(name)
      hash.combine(values)
    }
    for (name, values) in words.sorted(by: { $0.0 < $1.0 }) where !values.isEmpty {
      hash.combine(name)
      for value in values { hash.combine(value) }
    }
    return "\(hash)"
  }

  /// Writes one netCDF file, all or nothing; empty columns are left out.
  ///
  /// - Throws: ``FluxError`` when the file cannot be written; what was there before then stays.
  func write(to path: String, attributes: NetCDFAttributes) throws {
    var attributes = attributes
    attributes["content_hash"] = .text(hash)
    let writer = try NetCDFWriter(path: path, attributes: attributes)
    for column in columns where !column.values.isEmpty {
      for dimension in column.dimensions { try writer.define(dimension: dimension.name, length: dimension.length) }
      try writer.define(
        variable: column.name, type: .double, dimensions: column.dimensions.map(\.name),
        attributes: ["long_name": .text(column.meaning)])
    }
    for word in words where !word.values.isEmpty {
      // Letters side by side: strings of any length lie in a heap, whose damage the library does not survive.
      let letters = "letter_\(word.name)", width = word.values.map(\.utf8.count).max() ?? 1
      try writer.define(dimension: word.dimension, length: word.values.count)
      try writer.define(dimension: letters, length: max(1, width))
      try writer.define(variable: word.name, type: .char, dimensions: [word.dimension, letters])
    }
    for column in columns where !column.values.isEmpty { try writer.write(column.values, to: column.name) }
    for word in words where !word.values.isEmpty { try writer.write(word.values, to: word.name) }
    try writer.commit()
  }
}
