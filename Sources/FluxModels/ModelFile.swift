import FluxCore
import FluxData

/// Models on disk: one netCDF file, data and no code, standardisation included.
///
/// One network or an ensemble of one architecture: every variable has a leading `member` dimension.
public enum ModelFile {
  /// Writes the models, all or nothing.
  ///
  /// - Throws: ``FluxError`` when the list is empty, architectures differ, or the file cannot be written.
  public static func save(_ models: [MultilayerPerceptron], to path: String) throws {
    guard let first = models.first, models.allSatisfy({ $0.widths == first.widths && $0.inputs == first.inputs && $0.activation == first.activation }) else {
      throw FluxError("\(models.count) models of different architectures", at: path, expected: "at least one, all alike")
    }
    let writer = try NetCDFWriter(path: path, attributes: [
      "title": "Fluxbridge flux model", "architecture": "multilayer perceptron, linear output",
      "activation": .text(first.activation.rawValue),
      "output": "net ecosystem exchange, gC m-2 d-1, positive to the atmosphere",
    ])
    let widths = first.widths
    try writer.define(dimension: "member", length: models.count)
    try writer.define(dimension: "driver", length: widths[0])
    try writer.define(dimension: "layer", length: widths.count)
    try writer.define(dimension: "weight", length: first.weights.count)
    try writer.define(variable: "width", type: .int, dimensions: ["layer"], attributes: ["long_name": "units of each layer, inputs first"])
    try writer.define(variable: "driver_name", type: .string, dimensions: ["driver"])
    for (name, meaning) in [("mean", "mean of each driver over the training towers"), ("deviation", "standard deviation of each driver over the training towers")] {
      try writer.define(variable: name, type: .float, dimensions: ["member", "driver"], attributes: ["long_name": .text(meaning)])
    }
    try writer.define(variable: "weights", type: .float, dimensions: ["member", "weight"],
      attributes: ["long_name": "layer by layer: weight [input, output], then bias [output]"])
    try writer.write(widths.map(Double.init), to: "width")
    try writer.write(first.inputs, to: "driver_name")
    try writer.write(models.flatMap(\.normalisation.mean), to: "mean")
    try writer.write(models.flatMap(\.normalisation.deviation), to: "deviation")
    try writer.write(models.flatMap(\.weights), to: "weights")
    try writer.commit()
  }

  /// Reads what ``save(_:to:)`` wrote.
  ///
  /// - Throws: ``FluxError`` for another kind of file, or sizes that do not fit together.
  public static func load(_ path: String) throws -> [MultilayerPerceptron] {
    let file = try NetCDFReader(path: path)
    for name in ["width", "driver_name", "mean", "deviation", "weights"] where !file.contains(name) {
      throw FluxError("there is no variable '\(name)'", at: path, expected: "a model saved by m:save(path)")
    }
    let widths = try file.integers("width"), inputs = try file.strings("driver_name")
    guard widths.count >= 2, widths[0] == inputs.count, widths.last == 1, widths.allSatisfy({ (1...4096).contains($0) }) else {
      throw FluxError("layers of \(widths) units for \(inputs.count) drivers", at: path, expected: "a model saved by m:save(path)")
    }
    let mean = try file.floats("mean"), deviation = try file.floats("deviation"), weights = try file.doubles("weights")
    // Files of the first version do not say it.
    let name = file.attributes.text("activation") ?? Activation.relu.rawValue
    guard let activation = Activation(rawValue: name) else {
      throw FluxError("activation '\(name)'", at: path, expected: "one of \(Activation.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let model = try MultilayerPerceptron(inputs: inputs, hidden: Array(widths[1..<(widths.count - 1)]), activation: activation)
    let size = model.weights.count, members = weights.count / size
    guard members >= 1, weights.count == members * size, mean.count == members * inputs.count, deviation.count == mean.count,
      weights.allSatisfy(\.isFinite), deviation.allSatisfy({ $0 > 0 && $0.isFinite }), mean.allSatisfy(\.isFinite)
    else {
      throw FluxError("\(weights.count) weights, \(mean.count) means, \(deviation.count) deviations", at: path,
        expected: "finite values for whole networks of \(size) weights and \(inputs.count) drivers")
    }
    return try (0..<members).map { m in
      let member = try model.clone()
      member.normalisation = Normalisation(mean: Array(mean[(m * inputs.count)..<((m + 1) * inputs.count)]),
        deviation: Array(deviation[(m * inputs.count)..<((m + 1) * inputs.count)]))
      try member.setWeights(Array(weights[(m * size)..<((m + 1) * size)]))
      return member
    }
  }
}
