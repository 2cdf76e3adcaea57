import FluxModels
import FluxTensor
import Foundation
import Testing

/// Exported models against onnx's checker and onnxruntime: `Tests/ReferenceData/onnx_models.py`.
@Suite("ONNX files")
struct OnnxTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("ReferenceData/onnx")

  static func model(_ activation: Activation, _ hidden: [Int], _ dtype: DType) throws -> MultilayerPerceptron {
    let model = try MultilayerPerceptron(inputs: ["tair", "rg", "ndvi"], hidden: hidden, activation: activation, dtype: dtype)
    try model.setWeights(model.weights.indices.map { Double(($0 * 37) % 101 - 50) / 64 })
    model.normalisation = Normalisation(mean: [0.5, -1, 2], deviation: [2, 4, 0.5])
    return model
  }

  @Test("the file is the one that onnx's checker passed, and the model says what onnxruntime said of it, to 1e-5", arguments: [
    ("relu", Activation.relu, [5, 4], DType.float32), ("tanh", .tanh, [6], .float32), ("gelu", .gelu, [3, 3, 2], .float32),
    ("linear", .relu, [], .float32), ("relu_double", .relu, [5, 4], .float64),
  ])
  func export(_ name: String, _ activation: Activation, _ hidden: [Int], _ dtype: DType) throws {
    let model = try Self.model(activation, hidden, dtype)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("fluxbridge-\(UUID().uuidString).onnx")
    defer { try? FileManager.default.removeItem(at: path) }
    try model.exportOnnx(to: path.path)
    let bytes = try Data(contentsOf: path), stored = Self.folder.appendingPathComponent(name + ".onnx")
    if ProcessInfo.processInfo.environment["FLUXBRIDGE_ONNX"] != nil { try bytes.write(to: stored) }
    #expect(try bytes == Data(contentsOf: stored))

    let values: [Double] = (0..<21).map { k in
      let remainder = (13 * (k / 3) + 5 * (k % 3)) % 11
      return Double(remainder) - 4.5
    }
    let x = try Tensor(values, shape: [7, 3], dtype: dtype)
    let nee = try model.predict(x).doubles()
    let text = try String(contentsOf: Self.folder.appendingPathComponent("predictions.csv"), encoding: .utf8)
    let rows: [Double] = text.split(separator: "\n").filter { $0.hasPrefix(name + ",") }.compactMap { Double($0.split(separator: ",")[2]) }
    #expect(rows.count == 7)
    for (a, b) in zip(nee, rows) { #expect(abs(a - b) <= 1e-5 * max(1, abs(b)), "\(a) \(b)") }
  }
}
