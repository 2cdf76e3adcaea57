import FluxCore
import FluxModels
import FluxTensor
import Foundation
import TestSupport
import Testing

/// A model's weights as NumPy files.
@Suite("Weights as NumPy files")
struct WeightFilesTests {
  @Test("what is saved is loaded with the same bits, standardisation included; another shape or no file is refused, and nothing is set")
  func roundTrip() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fluxbridge-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for dtype in [DType.float32, .float64] {
      let model = try MultilayerPerceptron(inputs: ["a", "b"], hidden: [3], seed: 4, dtype: dtype)
      model.normalisation = Normalisation(mean: [1, 2], deviation: [3, 4])
      try WeightFiles.save(model, to: folder)
      let other = try MultilayerPerceptron(inputs: ["a", "b"], hidden: [3], seed: 5, dtype: dtype)
      try WeightFiles.load(into: other, from: folder)
      #expect(other.weights == model.weights && other.normalisation == model.normalisation)
    }
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder))
      == ["weight_1.npy", "bias_1.npy", "weight_2.npy", "bias_2.npy", "mean.npy", "deviation.npy"])
    let wide = try MultilayerPerceptron(inputs: ["a", "b"], hidden: [4]), before = wide.weights
    expectRefusal("weight_1.npy: an array of shape [2, 3]; expected [2, 4]") {
      try WeightFiles.load(into: wide, from: folder)
    }
    #expect(wide.weights == before)
    expectRefusal("cannot open \(folder)/none/weight_1.npy: No such file or directory") {
      try WeightFiles.load(into: wide, from: folder + "/none")
    }
    expectRefusal("\(folder)/none/deeper: the folder cannot be made: No such file or directory") {
      try WeightFiles.save(wide, to: folder + "/none/deeper")
    }
  }
}
