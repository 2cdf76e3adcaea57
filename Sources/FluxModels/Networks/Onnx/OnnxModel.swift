import FluxCore
import FluxTensor

/// A network as an ONNX file, for onnxruntime and whatever else reads the format: drivers in physical units in, NEE out.
///
/// Graph: `drivers [sample, driver]` → standardise → layers → `nee [sample]`, in the model's own precision.
///
/// - Reference: ONNX IR version 8, operator set 13 (onnx.proto3, github.com/onnx/onnx).
struct OnnxModel {
  private var graph = ProtobufMessage()
  private let dtype: DType
  private var count = 0

  private static let float32 = 1, int64 = 7, float64 = 11

  /// - Throws: ``FluxError`` when the file cannot be written.
  static func write(_ model: MultilayerPerceptron, to path: String) throws {
    var made = OnnxModel(dtype: model.dtype)
    try TextFile.write(made.encode(model), to: path)
  }

  private init(dtype: DType) { self.dtype = dtype }

  private mutating func encode(_ model: MultilayerPerceptron) -> [UInt8] {
    let width = model.inputs.count
    var x = node("Sub", ["drivers", constant("mean", model.normalisation.mean.map(Double.init), [width])])
    x = node("Div", [x, constant("deviation", model.normalisation.deviation.map(Double.init), [width])])
    for layer in 0..<(model.parameters.count / 2) {
      let weight = model.parameters[2 * layer], bias = model.parameters[2 * layer + 1]
      x = node("MatMul", [x, constant("weight\(layer + 1)", weight.doubles(), weight.shape.dimensions)])
      x = node("Add", [x, constant("bias\(layer + 1)", bias.doubles(), bias.shape.dimensions)])
      if layer < model.hidden.count { x = activated(x, model.activation) }
    }
    _ = node("Squeeze", [x, axes([1])], output: "nee")
    graph.add(2, "fluxbridge")
    graph.add(11, value("drivers", [nil, width]))
    graph.add(12, value("nee", [nil]))

    var set = ProtobufMessage()
    set.add(1, "")
    set.add(2, 13)
    var file = ProtobufMessage()
    file.add(1, 8)
    file.add(2, "fluxbridge")
    file.add(6, "net ecosystem exchange, gC m-2 d-1, positive to the atmosphere, from \(model.inputs.joined(separator: ", "))")
    file.add(7, graph)
    file.add(8, set)
    for (key, text) in [("drivers", model.inputs.joined(separator: ",")), ("units", "gC m-2 d-1")] {
      var entry = ProtobufMessage()
      entry.add(1, key)
      entry.add(2, text)
      file.add(14, entry)
    }
    return file.bytes
  }

  private mutating func activated(_ z: String, _ activation: Activation) -> String {
    switch activation {
    case .relu: return node("Relu", [z])
    case .tanh: return node("Tanh", [z])
    case .gelu:  // as ``Activation`` writes it; the operator Gelu came with set 20
      let cubed = node("Mul", [node("Mul", [z, z]), node("Mul", [z, number(0.044715)])])
      let bent = node("Tanh", [node("Mul", [node("Add", [z, cubed]), number(0.797884560802865356)])])
      return node("Mul", [node("Mul", [node("Add", [bent, number(1)]), z]), number(0.5)])
    }
  }

  /// Adds an operation; the name of its result.
  private mutating func node(_ type: String, _ inputs: [String], output: String? = nil) -> String {
    count += 1
    let result = output ?? "value\(count)"
    var node = ProtobufMessage()
    for input in inputs { node.add(1, input) }
    node.add(2, result)
    node.add(3, "\(type)\(count)")
    node.add(4, type)
    graph.add(1, node)
    return result
  }

  private mutating func number(_ value: Double) -> String {
    count += 1
    return constant("number\(count)", [value], [])
  }

  private mutating func constant(_ name: String, _ values: [Double], _ dimensions: [Int]) -> String {
    let isFloat = dtype == .float32
    let raw = isFloat ? values.map(Float.init).withUnsafeBytes(Array.init) : values.withUnsafeBytes(Array.init)
    return initializer(name, isFloat ? Self.float32 : Self.float64, raw, dimensions)
  }

  private mutating func axes(_ values: [Int64]) -> String {
    initializer("axes", Self.int64, values.withUnsafeBytes(Array.init), [values.count])
  }

  private mutating func initializer(_ name: String, _ type: Int, _ raw: [UInt8], _ dimensions: [Int]) -> String {
    var tensor = ProtobufMessage()
    for length in dimensions { tensor.add(1, length) }
    tensor.add(2, type)
    tensor.add(8, name)
    tensor.add(9, raw)
    graph.add(5, tensor)
    return name
  }

  /// A named input or output; a length of nil is the number of samples.
  private func value(_ name: String, _ lengths: [Int?]) -> ProtobufMessage {
    var shape = ProtobufMessage()
    for length in lengths {
      var dimension = ProtobufMessage()
      if let length { dimension.add(1, length) } else { dimension.add(2, "sample") }
      shape.add(1, dimension)
    }
    var tensor = ProtobufMessage()
    tensor.add(1, dtype == .float32 ? Self.float32 : Self.float64)
    tensor.add(2, shape)
    var type = ProtobufMessage()
    type.add(1, tensor)
    var value = ProtobufMessage()
    value.add(1, name)
    value.add(2, type)
    return value
  }
}

extension MultilayerPerceptron {
  /// Writes the network with its standardisation as an ONNX file: `drivers [sample, driver]` in physical units → `nee [sample]`.
  ///
  /// - Throws: ``FluxError`` when the file cannot be written.
  public func exportOnnx(to path: String) throws { try OnnxModel.write(self, to: path) }
}
