import FluxCore
import FluxTensor
import Glibc

/// A model's weights as NumPy files in a folder: `weight_1.npy [input, output]`, `bias_1.npy [output]` and so on, and the
/// standardisation, `mean.npy` and `deviation.npy [driver]`.
public enum WeightFiles {
  private static func names(_ model: MultilayerPerceptron) -> [String] {
    model.parameters.indices.map { $0 % 2 == 0 ? "weight_\($0 / 2 + 1)" : "bias_\($0 / 2 + 1)" }
  }

  /// - Throws: ``FluxError`` when the folder cannot be made, or a file not written.
  public static func save(_ model: MultilayerPerceptron, to folder: String) throws {
    if mkdir(folder, 0o755) != 0, errno != EEXIST {
      throw FluxError("the folder cannot be made: \(String(cString: strerror(errno)))", at: folder, expected: "a folder in one that exists")
    }
    for (name, parameter) in zip(names(model), model.parameters) { try parameter.detached().save("\(folder)/\(name).npy") }
    try Tensor(model.normalisation.mean).save("\(folder)/mean.npy")
    try Tensor(model.normalisation.deviation).save("\(folder)/deviation.npy")
  }

  /// Sets all weights, or none. Standardisation that is not there stays as it is.
  ///
  /// - Throws: ``FluxError`` when a file is missing, or has another shape, or values that are not finite.
  public static func load(into model: MultilayerPerceptron, from folder: String) throws {
    var weights: [Double] = []
    for (name, parameter) in zip(names(model), model.parameters) {
      weights += try read("\(folder)/\(name).npy", parameter.shape)
    }
    var statistics: [[Float]] = []
    for (name, now) in [("mean", model.normalisation.mean), ("deviation", model.normalisation.deviation)] {
      let path = "\(folder)/\(name).npy"
      statistics.append(access(path, F_OK) == 0 ? try read(path, [model.inputs.count]).map { Float($0) } : now)
    }
    guard statistics[1].allSatisfy({ $0 > 0 }) else {
      throw FluxError("a deviation of 0 or less", at: "\(folder)/deviation.npy", expected: "positive numbers")
    }
    try model.setWeights(weights)
    model.normalisation = Normalisation(mean: statistics[0], deviation: statistics[1])
  }

  private static func read(_ path: String, _ shape: Shape) throws -> [Double] {
    let values = try Tensor.load(path)
    guard values.shape == shape else {
      throw FluxError("an array of shape \(values.shape)", at: path, expected: "\(shape), as the model's layer has")
    }
    let numbers = values.doubles()
    guard numbers.allSatisfy(\.isFinite) else { throw FluxError("values that are not finite", at: path, expected: "finite weights") }
    return numbers
  }
}
