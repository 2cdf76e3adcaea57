import FluxCore
import FluxModels
import FluxOperators
import FluxTensor

/// What an objective's terms see in one step: the model, a batch of towers, and one window of each kind.
public final class TrainingStep {
  /// In training.
  public let model: any SurfaceModel
  /// nil in a run without towers.
  public let batch: TowerBatch?
  /// One window of each kind that the objective goes through.
  public let windows: [Window]
  /// All windows that this fold trains on; while a validation score is computed, those it is validated on.
  public let allWindows: [Window]
  /// Both count from 1.
  public let epoch, fold: Int
  /// `false` while a validation score is computed.
  public let isTraining: Bool
  /// Whether predictions are leaves of the tape, with their Jacobian beside them in ``linearised``, where the operator
  /// knows it.
  public let keepsJacobians: Bool
  /// What has been predicted so, in the order in which it was asked for.
  public private(set) var linearised: [LinearisedPrediction] = []
  /// Which of the terms have asked for a prediction, ascending.
  public internal(set) var readers: [Int] = []
  /// The term that is evaluated now.
  var reader: Int?
  private var tower: Tensor?
  /// The operator is kept beside its tensor: one that were freed could give its identity to the next.
  private var seen: [Prediction: (source: any ObservationOperator, tensor: Tensor)] = [:]

  private struct Prediction: Hashable {
    let source: ObjectIdentifier
    let window: Window
  }

  /// A prediction as a leaf of the tape, and how it moves with the weights.
  public struct LinearisedPrediction {
    /// The operator that predicted.
    public let source: any ObservationOperator
    /// What it was asked for.
    public let window: Window
    /// In the shape of the prediction.
    public let leaf: Tensor
    /// Shape `[row, weight]`.
    public let jacobian: [Float]
  }

  public init(
    model: any SurfaceModel, batch: TowerBatch?, windows: [Window], allWindows: [Window] = [], epoch: Int, fold: Int,
    isTraining: Bool, keepsJacobians: Bool = false
  ) {
    self.model = model
    self.batch = batch
    self.windows = windows
    self.allWindows = allWindows
    self.epoch = epoch
    self.fold = fold
    self.isTraining = isTraining
    self.keepsJacobians = keepsJacobians
  }

  /// The calendar year of this step; 0 where no term goes through years.
  public var year: Int { windows.first { $0.kind == Window.yearKind }?.number ?? 0 }
  /// The calendar years of ``allWindows``.
  public var years: [Int] { allWindows.filter { $0.kind == Window.yearKind }.map(\.number) }

  /// The batch of towers.
  ///
  /// - Throws: ``FluxError`` in a run without towers.
  public func towers() throws -> TowerBatch {
    guard let batch else {
      throw FluxError(
        "the run has no towers", at: "trainer", expected: "some, for a term that looks at them",
        remedy: "Give towers = t, or leave the term out.")
    }
    return batch
  }

  /// The model's NEE at the towers of the batch, computed once a step. Shape `[sample]`.
  ///
  /// - Throws: as ``towers()``, and what the model throws.
  public func towerNEE() throws -> Tensor {
    if let tower { return tower }
    let made = try model.evaluate(.nee, towers().samples)
    tower = made
    return made
  }

  /// The window of this step that an operator looks at.
  ///
  /// - Throws: ``FluxError`` when the step has none of its kind.
  public func window(for source: any ObservationOperator) throws -> Window {
    try window(ofKind: source.windowKind)
  }

  /// This step's window of a kind.
  ///
  /// - Throws: ``FluxError`` when it has none.
  public func window(ofKind kind: String) throws -> Window {
    if let window = windows.first(where: { $0.kind == kind }) { return window }
    if kind == Window.yearKind { return .year(0) }
    throw FluxError(
      "the step has no window of kind '\(kind)'", at: "step", expected: "one of \(windows.map(\.kind))",
      remedy: "Declare the stream with the term, objective.term(name, { stream = … }, f).")
  }

  /// What an observation operator says of a window, computed once a step however many terms ask.
  ///
  /// - Parameter window: this step's when it is not given.
  /// - Throws: what the operator throws.
  public func predict(_ source: any ObservationOperator, _ window: Window? = nil) throws -> Tensor {
    if let reader, readers.last != reader { readers.append(reader) }
    let key = Prediction(source: ObjectIdentifier(source), window: try window ?? self.window(for: source))
    if let made = seen[key] { return made.tensor }
    let made = try linearise(source, key.window) ?? source.predict(model, key.window)
    seen[key] = (source, made)
    return made
  }

  private func linearise(_ source: any ObservationOperator, _ window: Window) throws -> Tensor? {
    guard keepsJacobians, let made = try source.linearised(model, window) else { return nil }
    let leaf = try made.values.requireGradient()
    linearised.append(LinearisedPrediction(source: source, window: window, leaf: leaf, jacobian: made.jacobian))
    return leaf
  }

  /// The same step in which the predictions of ``linearised`` are others.
  ///
  /// - Parameter predictions: leaves, in the order of ``linearised``.
  public func replacing(_ predictions: [Tensor]) -> TrainingStep {
    let step = TrainingStep(
      model: model, batch: batch, windows: windows, allWindows: allWindows, epoch: epoch, fold: fold,
      isTraining: isTraining)
    step.tower = tower
    for (made, leaf) in zip(linearised, predictions) {
      step.seen[Prediction(source: ObjectIdentifier(made.source), window: made.window)] = (made.source, leaf)
    }
    return step
  }
}
