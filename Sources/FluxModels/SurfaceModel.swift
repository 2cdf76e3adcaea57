import FluxCore
import FluxDrivers
import FluxTensor

/// A differentiable model of the land surface: drivers of a place and day in, one or several quantities out.
///
/// Everything above this layer (observation operators, objective, trainer, files) knows only this. A network, a
/// light-use model and a process model with soil water are three conformers.
public protocol SurfaceModel: AnyObject, SendableMetatype {
  /// One word for what makes it, as files tell it: `network`.
  static var kind: String { get }
  /// The names of the drivers, in their order.
  var inputs: [String] { get }
  /// What it answers; NEE at least, gC m⁻² d⁻¹, positive to the atmosphere.
  var outputs: [Quantity] { get }
  var memory: ModelMemory { get }
  /// ω: the leaves that a trainer moves.
  var parameters: ParameterVector { get }

  /// An output at each sample, on the tape with respect to ``parameters``.
  ///
  /// - Returns: in the output's unit. Shape `[sample]`.
  /// - Throws: ``FluxError`` for an output that it does not have, or samples of other drivers.
  func evaluate(_ output: Quantity, _ samples: Samples) throws -> Tensor

  /// Σ weight × output over each row, on the tape with respect to ``parameters``.
  ///
  /// Default: every sample evaluated once, then ``SparseRows/product(_:)``.
  ///
  /// - Returns: the unit of the weights times the output's. Shape `[row]`.
  /// - Throws: as ``evaluate(_:_:)``.
  func apply(_ rows: SparseRows, to output: Quantity, _ samples: Samples) throws -> Tensor

  /// The same off the tape, and its derivative by every weight; nil where that is dearer than it is worth. Default: nil.
  ///
  /// - Throws: as ``evaluate(_:_:)``.
  func linearise(_ rows: SparseRows, of output: Quantity, _ samples: Samples) throws -> Linearisation?

  /// Σ w (output − observed)² / Σ w over samples, on the tape with respect to ``parameters``.
  ///
  /// - Parameters:
  ///   - observed: in the output's unit. Shape `[sample]`.
  ///   - weight: all 1 when nil. Shape `[sample]`.
  /// - Returns: the square of the output's unit, rank 0.
  /// - Throws: ``FluxError`` when shapes do not fit together, and as ``evaluate(_:_:)``.
  func meanSquaredError(
    of output: Quantity, _ samples: Samples, _ observed: Tensor, weight: Tensor?
  ) throws -> Tensor

  /// An untrained sibling: the same model with first parameters of its own.
  ///
  /// - Parameters:
  ///   - seed: of what is drawn.
  ///   - samples: what it will be trained on, for models that standardise their drivers.
  /// - Throws: ``FluxError`` when memory is short.
  func fresh(seed: UInt64, fittedTo samples: Samples) throws -> Self

  /// A run over a store's places and days, off the tape. Default: ``DailyRun``, for models without memory.
  ///
  /// - Throws: as ``evaluate(_:_:)``.
  func run(_ output: Quantity, over drivers: DriverStore) throws -> any ModelRun

  /// An independent model with equal weights.
  ///
  /// - Throws: ``FluxError`` when memory is short.
  func clone() throws -> Self

  /// All that a file must keep beside the parameters' values.
  var archive: ModelArchive { get }
  /// The model of an archive; the parameters' values are set afterwards.
  ///
  /// - Throws: ``FluxError`` for one that does not fit together.
  init(_ archive: ModelArchive) throws
}

/// What a model remembers from one day to the next.
public enum ModelMemory: Sendable, Equatable {
  /// Nothing: each sample stands alone.
  case none
  /// A state that is run from the first day of the record, through whose first `spinUp` days it is led once before.
  case record(spinUp: Int)
}

/// Values of rows, and how they move with the weights of the model.
public struct Linearisation {
  /// Off the tape. Shape `[row]`.
  public let values: Tensor
  /// Row by row. Shape `[row, weight]`, weights in the order of ``SurfaceModel/parameters``.
  public let jacobian: [Float]

  /// - Parameter jacobian: row by row. Shape `[row, weight]`.
  public init(values: Tensor, jacobian: [Float]) {
    self.values = values
    self.jacobian = jacobian
  }
}

extension SurfaceModel {
  public var memory: ModelMemory { .none }
  public var outputs: [Quantity] { [.nee] }
  /// All parameters in one row. Shape `[weight]`.
  public var weights: [Double] { parameters.values }
  /// What it is in words: equal words, equal architecture.
  public var identity: String {
    let words = archive.words.map(\.text).joined(separator: ", ")
    return "\(Self.kind) \(words.isEmpty ? "" : words + ", ")of \(inputs), \(parameters.size) parameters"
  }

  public func apply(_ rows: SparseRows, to output: Quantity, _ samples: Samples) throws -> Tensor {
    try rows.product(evaluate(output, samples))
  }

  public func linearise(_ rows: SparseRows, of output: Quantity, _ samples: Samples) throws -> Linearisation? { nil }

  /// As recorded operations: for models without a fused pass, and the oracle for those with one.
  func recordedMeanSquaredError(
    of output: Quantity, _ samples: Samples, _ observed: Tensor, weight: Tensor?
  ) throws -> Tensor {
    let squares = try evaluate(output, samples).subtracting(observed).square()
    guard let weight else { return try squares.mean() }
    return try squares.multiplied(by: weight).sum().divided(by: weight.sum())
  }

  public func meanSquaredError(
    of output: Quantity, _ samples: Samples, _ observed: Tensor, weight: Tensor?
  ) throws -> Tensor {
    try recordedMeanSquaredError(of: output, samples, observed, weight: weight)
  }

  public func run(_ output: Quantity, over drivers: DriverStore) throws -> any ModelRun {
    try DailyRun(self, output, drivers)
  }

  /// NEE of rows of drivers, gC m⁻² d⁻¹, on the tape. Shape `[sample, driver]` → `[sample]`.
  ///
  /// - Throws: as ``evaluate(_:_:)``; a model with memory refuses rows of which it does not know place and day.
  public func predict(_ x: Tensor) throws -> Tensor { try evaluate(.nee, Samples(rows: x)) }

  /// The output of that name.
  ///
  /// - Throws: ``FluxError`` with the names that it has.
  public func output(named name: String, at place: String) throws -> Quantity {
    if let output = outputs.first(where: { $0.name == name }) { return output }
    let names = outputs.map(\.name)
    throw FluxError(
      "the model has no output '\(name)'\(NearestName.hint(name, among: names))", at: place,
      expected: "one of \(names.joined(separator: ", "))")
  }
}
