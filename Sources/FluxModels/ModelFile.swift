import FluxCore
import FluxData

/// Models on disk: one netCDF file, data and no code, with all that a model's archive holds.
///
/// One model or an ensemble of one architecture: every variable has a leading `member` dimension.
public enum ModelFile {
  private static let expected = "a model saved by m:save(path)"

  /// Writes the models, all or nothing.
  ///
  /// - Throws: ``FluxError`` when the list is empty, architectures differ, or the file cannot be written.
  public static func save(_ models: [any SurfaceModel], to path: String) throws {
    let archives = models.map(\.archive)
    guard let first = archives.first, let model = models.first,
      zip(models, archives).allSatisfy({ $1.isLike(first) && $0.parameters.size == model.parameters.size })
    else {
      throw FluxError(
        "\(models.count) models of different architectures", at: path, expected: "at least one, all alike")
    }
    var attributes: NetCDFAttributes = ["title": "Fluxbridge flux model", "kind": .text(first.kind)]
    attributes["output"] = .text(model.outputs.map { output in
      "\(output.longName), \(output.unit)" + (output.sign.map { ", \($0)" } ?? "")
    }.joined(separator: "; "))
    for word in first.words { attributes["model_" + word.name] = .text(word.text) }
    let writer = try NetCDFWriter(path: path, attributes: attributes)
    try writer.define(dimension: "member", length: models.count)
    try writer.define(dimension: "driver", length: first.inputs.count)
    try writer.define(dimension: "weight", length: model.parameters.size)
    try writer.define(variable: "driver_name", type: .string, dimensions: ["driver"])
    for numbers in first.numbers {
      try writer.define(dimension: numbers.dimension, length: numbers.values.count)
      try writer.define(
        variable: numbers.name, type: .double, dimensions: ["member", numbers.dimension],
        attributes: ["long_name": .text(numbers.meaning)])
    }
    let order = model.parameters.entries.map(\.name).joined(separator: ", ")
    try writer.define(
      variable: "weights", type: .double, dimensions: ["member", "weight"],
      attributes: ["long_name": .text("all parameters in a row: \(order)")])
    try writer.write(first.inputs, to: "driver_name")
    for (place, numbers) in first.numbers.enumerated() {
      try writer.write(archives.flatMap { $0.numbers[place].values }, to: numbers.name)
    }
    try writer.write(models.flatMap(\.parameters.values), to: "weights")
    try writer.commit()
  }

  /// Reads what ``save(_:to:)`` wrote, now or before models had kinds.
  ///
  /// - Throws: ``FluxError`` for another kind of file, or sizes that do not fit together.
  public static func load(_ path: String) throws -> [any SurfaceModel] {
    let file = try NetCDFReader(path: path)
    for name in ["driver_name", "weights"] where !file.contains(name) {
      throw FluxError("there is no variable '\(name)'", at: path, expected: expected)
    }
    let inputs = try file.strings("driver_name"), weights = try file.doubles("weights")
    let shape = try file.variable("weights").dimensions.map(\.length), members = shape.first ?? 0
    guard shape.count == 2, members >= 1, weights.count == members * shape[1], weights.allSatisfy(\.isFinite) else {
      throw FluxError("\(weights.count) weights", at: path, expected: "finite values for whole models")
    }
    let words = try words(of: file), names = Set(["driver_name", "weights", "width"])
    let arrays = try file.variables.filter { !names.contains($0.name) }.map { variable in
      (name: variable.name, values: try file.doubles(variable.name),
        dimension: variable.dimensions.last?.name ?? "", meaning: variable.attributes.text("long_name") ?? "")
    }
    guard arrays.allSatisfy({ $0.values.count % members == 0 }) else {
      throw FluxError("arrays that are not of \(members) members", at: path, expected: expected)
    }
    return try (0..<members).map { m in
      func own(_ values: [Double]) -> [Double] {
        let size = values.count / members
        return Array(values[(m * size)..<((m + 1) * size)])
      }
      let archive = ModelArchive(
        kind: file.attributes.text("kind") ?? FirstNetworkFile.kind, inputs: inputs, words: words,
        numbers: arrays.map { .init($0.name, over: $0.dimension, own($0.values), $0.meaning) })
      return try ModelKinds.model(archive, weights: own(weights), at: path)
    }
  }

  private static func words(of file: NetCDFReader) throws -> [(name: String, text: String)] {
    guard file.attributes.text("kind") != nil else { return try FirstNetworkFile.words(file) }
    return file.attributes.entries.compactMap { entry in
      guard entry.name.hasPrefix("model_"), let text = file.attributes.text(entry.name) else { return nil }
      return (String(entry.name.dropFirst(6)), text)
    }
  }
}

extension ModelArchive {
  /// Whether another differs in its numbers alone.
  func isLike(_ other: ModelArchive) -> Bool {
    kind == other.kind && inputs == other.inputs && words.map(\.text) == other.words.map(\.text)
      && numbers.map(\.values.count) == other.numbers.map(\.values.count)
  }
}
