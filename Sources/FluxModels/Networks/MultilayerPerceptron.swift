internal import CFluxKernels
import FluxCore
import FluxTensor

/// A fully connected network with linear output: NEE is signed.
///
/// The paper's is 10 → 32 → 32 → 1, 1441 weights (Table B1).
///
/// float32 models run as one fused operation over fixed tiles and threads; float64
/// models run on the general tape, which is the oracle for the fused one.
public final class MultilayerPerceptron: FluxModel {
  public let inputs: [String]
  public let hidden: [Int]
  /// Of all hidden layers.
  public let activation: Activation
  public let dtype: DType
  /// Weight `[input, output]` and bias `[output]` of each layer in turn.
  public let parameters: [Tensor]
  /// Applied to `x` first; a trainer sets it from the training fold's towers.
  public var normalisation: Normalisation {
    didSet { normalisationTensors = nil }
  }
  private var normalisationTensors: (mean: Tensor, deviation: Tensor)?

  /// - Parameters:
  ///   - inputs: names of the drivers.
  ///   - hidden: widths of the hidden layers.
  ///   - seed: of the initial weights, normal with variance 2 / inputs (He et al. 2015), 1 / inputs for tanh; biases are 0.
  /// - Throws: ``FluxError`` when there is no input, or a width is not positive, or layers are too many.
  public init(inputs: [String], hidden: [Int] = [32, 32], activation: Activation = .relu, seed: UInt64 = 1, dtype: DType = .float32) throws {
    guard !inputs.isEmpty, hidden.allSatisfy({ $0 > 0 && $0 <= 4096 }), hidden.count < Int(FX_MAX_LAYERS) else {
      throw FluxError("\(inputs.count) inputs, hidden widths \(hidden)", at: "model.mlp",
        expected: "at least one input and at most \(FX_MAX_LAYERS - 1) hidden layers of 1 to 4096 units")
    }
    self.inputs = inputs
    self.hidden = hidden
    self.activation = activation
    self.dtype = dtype
    normalisation = .identity(inputs.count)
    var random = RandomStream(seed: seed, purpose: "weights")
    var made: [Tensor] = []
    let widths = [inputs.count] + hidden + [1]
    for layer in 1..<widths.count {
      let (from, to) = (widths[layer - 1], widths[layer])
      let deviation = ((layer == widths.count - 1 ? 1 : activation.gain) / Double(from)).squareRoot()
      let weight = (0..<(from * to)).map { _ in deviation * random.normal() }
      made.append(try Tensor(weight, shape: [from, to], dtype: dtype).requireGradient())
      made.append(try Tensor.zeros([to], dtype).requireGradient())
    }
    parameters = made
  }

  private init(copy other: MultilayerPerceptron, parameters: [Tensor], dtype: DType) {
    inputs = other.inputs
    hidden = other.hidden
    activation = other.activation
    normalisation = other.normalisation
    self.dtype = dtype
    self.parameters = parameters
  }

  /// Units of each layer: inputs, hidden widths, 1.
  public var widths: [Int] { [inputs.count] + hidden + [1] }

  public func clone() throws -> MultilayerPerceptron { try converted(to: dtype) }

  /// An independent model with equal weights, in another precision.
  public func converted(to dtype: DType) throws -> MultilayerPerceptron {
    MultilayerPerceptron(copy: self,
      parameters: try parameters.map { try $0.detached().converted(to: dtype).clone().detached().requireGradient() }, dtype: dtype)
  }

  /// All weights in one row, layer by layer: weight `[input, output]`, then bias.
  public var weights: [Double] { parameters.flatMap { $0.doubles() } }

  /// Writes all weights at once.
  ///
  /// - Throws: ``FluxError`` when the number of weights is another.
  public func setWeights(_ weights: [Double]) throws {
    let count = parameters.reduce(0) { $0 + $1.count }
    guard weights.count == count else {
      throw FluxError("\(weights.count) weights", at: "model", expected: "\(count), for \(([inputs.count] + hidden + [1]))")
    }
    var start = 0
    try Tape.withoutRecording {
      for p in parameters {
        try p.assign(Tensor(Array(weights[start..<(start + p.count)]), shape: p.shape))
        start += p.count
      }
    }
  }

  public func predict(_ x: Tensor) throws -> Tensor {
    guard x.rank == 2, x.shape[1] == inputs.count else {
      throw FluxError("x has shape \(x.shape)", at: "Model()", expected: "[sample, \(inputs.count)], the drivers \(inputs.joined(separator: ", "))",
        remedy: "Give the drivers in this order, one row a sample.")
    }
    if dtype == .float32, !x.isTracked { return try fused(x) }
    return try layered(x)
  }

  /// The network as recorded operations, layer by layer.
  func layered(_ x: Tensor) throws -> Tensor {
    if normalisationTensors == nil {
      normalisationTensors = (
        try Tensor(normalisation.mean).converted(to: dtype), try Tensor(normalisation.deviation).converted(to: dtype)
      )
    }
    let (mean, deviation) = normalisationTensors!
    var h = try x.converted(to: dtype).subtracting(mean).divided(by: deviation)
    for layer in 0...hidden.count {
      h = try h.matrixProduct(parameters[2 * layer]).adding(parameters[2 * layer + 1])
      if layer < hidden.count { h = try activation(h) }
    }
    return try h.squeezed(1)
  }

  /// The network as one operation. The pullback computes the activations again, tile by tile.
  private func fused(_ x: Tensor) throws -> Tensor {
    let dense = try Tape.withoutRecording { try x.converted(to: .float32).contiguous() }
    let network = FusedNetwork(self)
    let samples = dense.shape[0]
    let y = try dense.withFloats { x in
      try Tensor.makeFloats([samples], at: "Model()") { y in network.forward(rows: x, samples, y) }
    }
    return Tape.record("model", parameters, y) { [parameters] incoming in
      try Self.split(dense.withFloats { x in try incoming.withFloats { g in network.gradient(rows: x, samples, g) } }, like: parameters)
    }
  }

  /// NEE of each sample, off the tape, written over another tensor's elements: a forward run that is repeated
  /// needs no fresh memory.
  ///
  /// - Throws: ``FluxError`` when `result` is no contiguous float32 tensor of one value a sample.
  public func predict(_ x: Tensor, into result: Tensor) throws {
    guard x.rank == 2, x.shape[1] == inputs.count, dtype == .float32, result.shape == [x.shape[0]] else {
      throw FluxError("x has shape \(x.shape), into \(result.shape)", at: "Model()",
        expected: "[sample, \(inputs.count)] and [sample], and a float32 model")
    }
    let network = FusedNetwork(self)
    try x.withFloats { x in try result.overwriteFloats(at: "Model()") { network.forward(rows: x, result.count, $0) } }
  }

  /// Σ w (NEE − observed)² / Σ w: with float32 weights one fused operation that knows its gradient already
  /// when it returns.
  public func meanSquaredError(_ x: Tensor, _ observed: Tensor, weight: Tensor?) throws -> Tensor {
    let samples = x.shape.dimensions.first ?? 0
    guard dtype == .float32, x.rank == 2, x.shape[1] == inputs.count, !x.isTracked, !observed.isTracked, weight?.isTracked != true,
      observed.shape == [samples], weight.map({ $0.shape == [samples] }) != false, samples > 0,
      Tape.isRecording, parameters.contains(where: \.isTracked)
    else { return try recordedMeanSquaredError(x, observed, weight: weight) }
    let network = FusedNetwork(self)
    let (sum, gradient) = try x.withFloats { x in
      try observed.withFloats { z in
        guard let weight else { return network.squares(rows: x, samples, target: z, weight: nil) }
        return try weight.withFloats { network.squares(rows: x, samples, target: z, weight: $0) }
      }
    }
    let total = weight.map { w in w.doubles().reduce(0, +) } ?? Double(samples)
    return Tape.record("mean squared error", parameters, try Tensor.scalar(sum / total, .float32)) { [parameters] incoming in
      let factor = 2 * (try incoming.item()) / total
      return try Self.split(gradient.map { factor * $0 }, like: parameters)
    }
  }

  /// Σ weight × NEE over each group: with float32 weights one fused operation, whose pullback is a product with
  /// the Jacobian that the forward pass has accumulated.
  private func check(_ groups: SampleGroups) throws {
    guard groups.columns.shape[0] == inputs.count else {
      throw FluxError("columns of \(groups.columns.shape[0]) drivers", at: "Model:sums",
        expected: "\(inputs.count): \(inputs.joined(separator: ", "))")
    }
  }

  public func sumsAndJacobian(_ groups: SampleGroups) throws -> (sums: Tensor, jacobian: [Float]) {
    try check(groups)
    guard dtype == .float32 else { return try recordedSumsAndJacobian(groups) }
    let (sums, jacobian) = try FusedNetwork(self).sumsAndJacobian(groups)
    return (try Tensor(sums, shape: [groups.count], dtype: .float32), jacobian)
  }

  public func sums(_ groups: SampleGroups) throws -> Tensor {
    try check(groups)
    guard dtype == .float32 else { return try recordedSums(groups) }
    let network = FusedNetwork(self)
    guard Tape.isRecording, parameters.contains(where: \.isTracked) else {
      return try Tensor(try network.sums(groups), shape: [groups.count], dtype: .float32)
    }
    let (sums, jacobian) = try network.sumsAndJacobian(groups)
    return Tape.record("model sums", parameters, try Tensor(sums, shape: [groups.count], dtype: .float32)) { [parameters] incoming in
      let count = jacobian.count / max(1, groups.count)
      var gradient = [Double](repeating: 0, count: count)
      for (group, g) in incoming.doubles().enumerated() where g != 0 {
        for k in 0..<count { gradient[k] += g * Double(jacobian[group * count + k]) }
      }
      return try Self.split(gradient, like: parameters)
    }
  }

  /// Cuts a gradient of all weights in a row into the shapes of the parameters.
  private static func split(_ gradient: [Double], like parameters: [Tensor]) throws -> [Tensor] {
    var start = 0
    return try parameters.map { p in
      defer { start += p.count }
      return try Tensor(Array(gradient[start..<(start + p.count)]), shape: p.shape)
    }
  }

  /// The fused form of a float32 network with a hidden layer; nil for others.
  var seasonalNetwork: FusedNetwork? {
    guard dtype == .float32 else { return nil }
    let network = FusedNetwork(self)
    return network.hasHiddenLayer ? network : nil
  }

  public func evaluator() throws -> @Sendable ([UnsafePointer<Float>], Int, UnsafeMutablePointer<Float>) -> Void {
    let network = FusedNetwork(self)
    return { columns, count, nee in network.forward(columns: columns, count, nee) }
  }
}
