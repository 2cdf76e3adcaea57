internal import CFluxKernels
import FluxCore
import FluxDrivers
import FluxTensor

/// A fully connected network with linear output: NEE is signed.
///
/// The paper's is 10 → 32 → 32 → 1, 1441 weights (Table B1).
///
/// float32 models run as one fused operation over fixed tiles and threads; float64
/// models run on the general tape, which is the oracle for the fused one.
public final class MultilayerPerceptron: SurfaceModel {
  public static let kind = "network"

  public let inputs: [String]
  /// Widths of the hidden layers, from the inputs on.
  public let hidden: [Int]
  /// Of all hidden layers.
  public let activation: Activation
  /// Of the weights, and of what is computed with them.
  public let dtype: DType
  /// Weight `[input, output]` and bias `[output]` of each layer in turn.
  public let parameters: ParameterVector
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
    parameters = Self.named(made)
  }

  /// `weight_1`, `bias_1`, `weight_2` and so on.
  private static func named(_ leaves: [Tensor]) -> ParameterVector {
    ParameterVector(leaves.enumerated().map { place, leaf in
      Parameter("\(place % 2 == 0 ? "weight" : "bias")_\(place / 2 + 1)", leaf: leaf)
    })
  }

  private init(copy other: MultilayerPerceptron, parameters: [Tensor], dtype: DType) {
    inputs = other.inputs
    hidden = other.hidden
    activation = other.activation
    normalisation = other.normalisation
    self.dtype = dtype
    self.parameters = Self.named(parameters)
  }

  /// Units of each layer: inputs, hidden widths, 1.
  public var widths: [Int] { [inputs.count] + hidden + [1] }

  public func clone() throws -> MultilayerPerceptron { try converted(to: dtype) }

  /// An independent model with equal weights, in another precision.
  /// - Throws: ``FluxError`` when memory is short.
  public func converted(to dtype: DType) throws -> MultilayerPerceptron {
    MultilayerPerceptron(copy: self,
      parameters: try parameters.map { try $0.detached().converted(to: dtype).clone().detached().requireGradient() }, dtype: dtype)
  }

  /// Writes all weights at once.
  ///
  /// - Throws: ``FluxError`` when the number of weights is another.
  public func setWeights(_ weights: [Double]) throws {
    guard weights.count == parameters.size else {
      throw FluxError(
        "\(weights.count) weights", at: "model", expected: "\(parameters.size), for \(([inputs.count] + hidden + [1]))")
    }
    try parameters.set(weights)
  }

  public func fresh(seed: UInt64, fittedTo samples: Samples) throws -> MultilayerPerceptron {
    let sibling = try MultilayerPerceptron(
      inputs: inputs, hidden: hidden, activation: activation, seed: seed, dtype: dtype)
    sibling.normalisation = try Normalisation(of: samples)
    return sibling
  }

  public var archive: ModelArchive {
    let shape = "\(hidden.map(String.init).joined(separator: " ")), \(activation.rawValue), \(dtype.rawValue)"
    return ModelArchive(
      kind: Self.kind, inputs: inputs, words: [("network", shape)],
      numbers: [
        .init(
          "mean", over: "driver", normalisation.mean.map(Double.init), "of each driver over the training towers"),
        .init(
          "deviation", over: "driver", normalisation.deviation.map(Double.init),
          "standard deviation of each driver over the training towers"),
      ])
  }

  public convenience init(_ archive: ModelArchive) throws {
    let parts = try archive.word("network").split(separator: ", ", omittingEmptySubsequences: false)
    let hidden = parts.first?.split(separator: " ").compactMap { Int($0) } ?? []
    let mean = try archive.number("mean"), deviation = try archive.number("deviation")
    guard parts.count == 3, let activation = Activation(rawValue: String(parts[1])),
      let dtype = DType(rawValue: String(parts[2])), dtype.isFloating, hidden.allSatisfy({ (1...4096).contains($0) }),
      mean.count == archive.inputs.count, deviation.count == mean.count, deviation.allSatisfy({ $0 > 0 })
    else {
      throw FluxError(
        "a network '\(parts.joined(separator: ", "))' with \(mean.count) means and \(deviation.count) deviations",
        at: "model", expected: "widths, activation and precision, and both of each of \(archive.inputs.count) drivers")
    }
    try self.init(inputs: archive.inputs, hidden: hidden, activation: activation, dtype: dtype)
    normalisation = Normalisation(mean: mean.map { Float($0) }, deviation: deviation.map { Float($0) })
  }

  public func evaluate(_ output: Quantity, _ samples: Samples) throws -> Tensor {
    try check(output, samples, at: "Model()")
    if dtype == .float32, !samples.drivers.isTracked { return try fused(samples) }
    return try layered(samples.rows())
  }

  /// - Throws: ``FluxError`` for another output than NEE, or samples of other drivers.
  private func check(_ output: Quantity, _ samples: Samples, at place: String) throws {
    guard output == .nee else {
      throw FluxError("the network has no output '\(output.name)'", at: place, expected: "nee")
    }
    try samples.check(inputs, at: place)
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
  private func fused(_ samples: Samples) throws -> Tensor {
    let dense = try Tape.withoutRecording { try samples.drivers.converted(to: .float32).contiguous() }
    let network = FusedNetwork(self), layout = FusedNetwork.Layout(samples), count = samples.count
    let y = try dense.withFloats { x in
      try Tensor.makeFloats([count], at: "Model()") { y in network.forward(x, layout, count, y) }
    }
    return Tape.record("model", Array(parameters), y) { [parameters] incoming in
      try parameters.split(dense.withFloats { x in
        try incoming.withFloats { g in network.gradient(x, layout, count, g) }
      })
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
    try x.withFloats { x in
      try result.overwriteFloats(at: "Model()") { network.forward(x, .rows(inputs.count), result.count, $0) }
    }
  }

  /// Σ w (NEE − observed)² / Σ w: with float32 weights one fused operation that knows its gradient already
  /// when it returns.
  /// - Throws: ``FluxError`` when shapes do not fit together, or the output is not NEE.
  public func meanSquaredError(
    of output: Quantity, _ samples: Samples, _ observed: Tensor, weight: Tensor?
  ) throws -> Tensor {
    let x = samples.drivers, count = samples.count
    guard dtype == .float32, samples.layout == .rows, x.rank == 2, x.shape[1] == inputs.count, !x.isTracked,
      !observed.isTracked, weight?.isTracked != true, observed.shape == [count],
      weight.map({ $0.shape == [count] }) != false, count > 0,
      Tape.isRecording, parameters.contains(where: \.isTracked)
    else { return try recordedMeanSquaredError(of: output, samples, observed, weight: weight) }
    try check(output, samples, at: "Model()")
    let network = FusedNetwork(self)
    let (sum, gradient) = try x.withFloats { x in
      try observed.withFloats { z in
        guard let weight else { return network.squares(rows: x, count, target: z, weight: nil) }
        return try weight.withFloats { network.squares(rows: x, count, target: z, weight: $0) }
      }
    }
    let total = weight.map { w in w.doubles().reduce(0, +) } ?? Double(count)
    let value = try Tensor.scalar(sum / total, .float32)
    return Tape.record("mean squared error", Array(parameters), value) { [parameters] incoming in
      let factor = 2 * (try incoming.item()) / total
      return try parameters.split(gradient.map { factor * $0 })
    }
  }

  /// - Throws: as ``SurfaceModel/apply(_:to:_:)``; ``FluxError`` when there are not as many samples as the rows have.
  private func check(_ rows: SparseRows, _ output: Quantity, _ samples: Samples) throws {
    try check(output, samples, at: "Model:apply")
    guard rows.sampleCount == samples.count else {
      throw FluxError(
        "rows over \(rows.sampleCount) samples, of which there are \(samples.count)", at: "Model:apply",
        expected: "as many")
    }
  }

  /// The one-pass kernel reads a partition of columns; other rows evaluate each sample once.
  private func canFuse(_ rows: SparseRows, _ samples: Samples) -> Bool {
    dtype == .float32 && rows.isPartition && samples.layout == .columns
  }

  /// With float32 weights and a partition one fused operation, whose pullback is a product with the Jacobian that the
  /// forward pass has accumulated.
  /// - Throws: ``FluxError`` when samples and rows do not fit together.
  public func apply(_ rows: SparseRows, to output: Quantity, _ samples: Samples) throws -> Tensor {
    try check(rows, output, samples)
    guard canFuse(rows, samples) else { return try rows.product(evaluate(output, samples)) }
    let network = FusedNetwork(self)
    guard Tape.isRecording, parameters.contains(where: \.isTracked) else {
      return try Tensor(try network.sums(rows, samples), shape: [rows.count], dtype: .float32)
    }
    let (sums, jacobian) = try network.sumsAndJacobian(rows, samples)
    let value = try Tensor(sums, shape: [rows.count], dtype: .float32)
    return Tape.record("model sums", Array(parameters), value) { [parameters] incoming in
      let count = jacobian.count / max(1, rows.count)
      var gradient = [Double](repeating: 0, count: count)
      for (row, g) in incoming.doubles().enumerated() where g != 0 {
        for k in 0..<count { gradient[k] += g * Double(jacobian[row * count + k]) }
      }
      return try parameters.split(gradient)
    }
  }

  public func linearise(_ rows: SparseRows, of output: Quantity, _ samples: Samples) throws -> Linearisation? {
    try check(rows, output, samples)
    guard canFuse(rows, samples) else { return try recordedLinearisation(rows, of: output, samples) }
    let (sums, jacobian) = try FusedNetwork(self).sumsAndJacobian(rows, samples)
    return Linearisation(values: try Tensor(sums, shape: [rows.count], dtype: .float32), jacobian: jacobian)
  }

  /// One pass backward for each row: the oracle for the fused pass.
  func recordedLinearisation(_ rows: SparseRows, of output: Quantity, _ samples: Samples) throws -> Linearisation {
    let x = try samples.rows().doubles(), width = samples.driverCount
    var jacobian: [Float] = []
    for row in 0..<rows.count {
      let entries = rows.bounds[row]..<rows.bounds[row + 1]
      let own = entries.flatMap { x[(rows.sample(of: $0) * width)..<((rows.sample(of: $0) + 1) * width)] }
      let part = try SparseRows(partition: [0, entries.count], weights: Array(rows.weights[entries]))
      parameters.clearGradients()
      try Tape.recording {
        let seen = Samples(rows: try Tensor(own, shape: [entries.count, width]))
        try part.product(evaluate(output, seen)).sum().backward()
      }
      for p in parameters { jacobian += p.gradient?.floats() ?? [Float](repeating: 0, count: p.count) }
    }
    parameters.clearGradients()
    let values = try Tape.withoutRecording { try rows.product(evaluate(output, samples)) }
    return Linearisation(values: values, jacobian: jacobian)
  }

  public func run(_ output: Quantity, over drivers: DriverStore) throws -> any ModelRun {
    guard output == .nee else {
      throw FluxError("the network has no output '\(output.name)'", at: "model:forward", expected: "nee")
    }
    let network = FusedNetwork(self)
    if dtype == .float32, network.hasHiddenLayer { return SeasonalRun(network: network, drivers: drivers) }
    return DailyRun(drivers) { columns, count, nee in network.forward(columns: columns, count, nee) }
  }
}
