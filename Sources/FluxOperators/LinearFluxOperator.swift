import FluxCore
import FluxModels
import FluxTensor

/// An operator that is a sparse matrix over samples: sparse and exact bridges, tensors, footprints.
///
///   ŷ = H f + offset
///
/// One function says what H is in a window; predictions and Jacobians follow from it for all of them.
public protocol LinearFluxOperator: ObservationOperator {
  /// The matrix of a window and the samples that it runs over.
  ///
  /// - Throws: ``FluxError`` when the drivers do not cover the window; ``Interrupted`` on Ctrl-C.
  func rows(_ window: Window) throws -> OperatorRows
}

/// What a linear operator is in one window.
public struct OperatorRows {
  /// What the columns of the matrix are.
  public let samples: Samples
  /// Shape `[row, sample]`.
  public let rows: SparseRows
  /// What is added to each row, in the operator's unit. Shape `[row]`.
  public let offset: [Double]
  /// Of a prediction; as many elements as there are rows.
  public let shape: Shape
  /// Of the dimensions of a prediction.
  public let names: [String]

  /// - Parameter offset: in the operator's unit. Shape `[row]`.
  public init(samples: Samples, rows: SparseRows, offset: [Double], shape: Shape, names: [String]) {
    self.samples = samples
    self.rows = rows
    self.offset = offset
    self.shape = shape
    self.names = names
  }

  /// Sums as they are observed.
  func observed(_ sums: Tensor) throws -> Tensor {
    let sums = try sums.reshaped(shape.dimensions)
    return try sums.adding(Tensor(offset, shape: shape, dtype: sums.dtype)).named(names)
  }
}

extension LinearFluxOperator {
  public func predict(_ model: any SurfaceModel, _ window: Window) throws -> Tensor {
    let made = try checked(model, window)
    return try made.observed(model.apply(made.rows, to: output(of: model), made.samples))
  }

  public func linearised(_ model: any SurfaceModel, _ window: Window) throws -> Linearisation? {
    let made = try checked(model, window)
    guard let sums = try model.linearise(made.rows, of: output(of: model), made.samples) else { return nil }
    let values = try Tape.withoutRecording { try made.observed(sums.values) }
    return Linearisation(values: values, jacobian: sums.jacobian)
  }

  private func checked(_ model: any SurfaceModel, _ window: Window) throws -> OperatorRows {
    let made = try rows(window)
    try made.samples.check(model.inputs, at: "bridge:predict")
    return made
  }

  /// The model's own quantity of that name.
  private func output(of model: any SurfaceModel) throws -> Quantity {
    try model.output(named: output.name, at: "bridge:predict")
  }
}
