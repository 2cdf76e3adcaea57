import FluxObservations
import FluxOperators
import FluxCore
import FluxData
import FluxModels
import FluxTensor

/// What an objective term sees in one step: the model, a batch of towers, and one year of the atmosphere.
public final class TrainingStep {
  /// A batch of tower samples.
  public struct Batch {
    /// Drivers, physical units. Shape `[sample, driver]`.
    public let x: Tensor
    /// NEE, gC m⁻² d⁻¹, positive to the atmosphere. Shape `[sample]`.
    public let observed: Tensor
    /// Of the samples as they came, 1 unless set. Shape `[sample]`.
    public let weight: Tensor
    /// Makes every site count equally over the whole set that the batch is drawn from. Shape `[sample]`.
    public let siteWeight: Tensor
    /// Rows of ``samples``, for what is asked rarely (site, date).
    public let rows: [Int]
    /// The trainer's samples; nothing for a batch that was made of plain tensors.
    public let samples: SiteDays?

    public init(x: Tensor, observed: Tensor, weight: Tensor, siteWeight: Tensor, rows: [Int], samples: SiteDays? = nil) {
      self.x = x
      self.observed = observed
      self.weight = weight
      self.siteWeight = siteWeight
      self.rows = rows
      self.samples = samples
    }
  }

  public let model: any FluxModel
  public let batch: Batch
  public let year: Int
  /// The years that this fold trains on; while a validation score is computed, those it is validated on.
  public let years: [Int]
  /// Both count from 1.
  public let epoch, fold: Int
  /// `false` while a validation score is computed.
  public let isTraining: Bool
  /// Whether predictions are leaves of the tape, with their Jacobian beside them in ``linearised``, where the operator knows it.
  public let keepsJacobians: Bool
  /// What has been predicted so, in the order in which it was asked for.
  public private(set) var linearised: [(bridge: any ObservationOperator, year: Int, leaf: Tensor, jacobian: [Float])] = []
  /// How often a prediction has been asked for: whether a term looks at one.
  public private(set) var askedPredictions = 0
  private var tower: Tensor?
  /// The bridge is kept beside its tensor: one that were freed could give its identity to the next.
  private var seen: [Prediction: (bridge: any ObservationOperator, tensor: Tensor)] = [:]

  private struct Prediction: Hashable {
    let bridge: ObjectIdentifier
    let year: Int
  }

  public init(model: any FluxModel, batch: Batch, year: Int, years: [Int] = [], epoch: Int, fold: Int, isTraining: Bool, keepsJacobians: Bool = false) {
    self.keepsJacobians = keepsJacobians
    self.model = model
    self.batch = batch
    self.year = year
    self.years = years
    self.epoch = epoch
    self.fold = fold
    self.isTraining = isTraining
  }

  /// The model's NEE at the towers of the batch, computed once a step. Shape `[sample]`.
  public func towerNEE() throws -> Tensor {
    if let tower { return tower }
    let made = try model.predict(batch.x)
    tower = made
    return made
  }

  /// What an observation operator says of a year, computed once a step however many terms ask.
  ///
  /// - Parameter year: this step's when it is not given.
  public func predict(_ bridge: any ObservationOperator, year: Int? = nil) throws -> Tensor {
    askedPredictions += 1
    let key = Prediction(bridge: ObjectIdentifier(bridge), year: year ?? self.year)
    if let made = seen[key] { return made.tensor }
    let made = try linearise(bridge, key.year) ?? bridge.predict(model, year: key.year)
    seen[key] = (bridge, made)
    return made
  }

  private func linearise(_ bridge: any ObservationOperator, _ year: Int) throws -> Tensor? {
    guard keepsJacobians, let made = try bridge.linearised(model, year: year) else { return nil }
    let leaf = try made.value.requireGradient()
    linearised.append((bridge, year, leaf, made.jacobian))
    return leaf
  }

  /// The same step in which the predictions of ``linearised`` are others.
  ///
  /// - Parameter predictions: leaves, in the order of ``linearised``.
  public func replacing(_ predictions: [Tensor]) -> TrainingStep {
    let step = TrainingStep(model: model, batch: batch, year: year, years: years, epoch: epoch, fold: fold, isTraining: isTraining)
    step.tower = tower
    for (made, leaf) in zip(linearised, predictions) {
      step.seen[Prediction(bridge: ObjectIdentifier(made.bridge), year: made.year)] = (made.bridge, leaf)
    }
    return step
  }
}

/// One term of the objective: predicted against observed, a scalar on the tape.
public protocol ObjectiveTerm: AnyObject {
  /// - Returns: rank 0, at least 0 unless the term says otherwise.
  func evaluate(_ step: TrainingStep) throws -> Tensor
  /// Whether the term looks at the atmosphere (and so at held-out years) rather than at towers.
  var isAtmospheric: Bool { get }
  /// The bridge that it looks at the atmosphere through, where it is one; none for a function, which may look through any.
  var observationOperator: (any ObservationOperator)? { get }
  /// Whether it must be evaluated on the interpreter's thread.
  var needsOneThread: Bool { get }
}

extension ObjectiveTerm {
  public var observationOperator: (any ObservationOperator)? { nil }
  public var needsOneThread: Bool { observationOperator?.needsOneThread ?? false }
}
