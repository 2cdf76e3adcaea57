import FluxBridge
import FluxCore
import FluxData
import FluxModel
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
    /// Rows of the trainer's samples, for what is asked rarely (site, date).
    public let rows: [Int]

    public init(x: Tensor, observed: Tensor, weight: Tensor, siteWeight: Tensor, rows: [Int]) {
      self.x = x
      self.observed = observed
      self.weight = weight
      self.siteWeight = siteWeight
      self.rows = rows
    }
  }

  public let model: any FluxModel
  public let batch: Batch
  public let year: Int
  /// Both count from 1.
  public let epoch, fold: Int
  /// `false` while a validation score is computed.
  public let isTraining: Bool
  private var tower: Tensor?
  private var seen: [ObjectIdentifier: Tensor] = [:]

  public init(model: any FluxModel, batch: Batch, year: Int, epoch: Int, fold: Int, isTraining: Bool) {
    self.model = model
    self.batch = batch
    self.year = year
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

  /// What an observation operator says of this year, computed once a step however many terms ask.
  public func predict(_ bridge: any ObservationOperator) throws -> Tensor {
    if let made = seen[ObjectIdentifier(bridge)] { return made }
    let made = try bridge.predict(model, year: year)
    seen[ObjectIdentifier(bridge)] = made
    return made
  }
}

/// One term of the objective: predicted against observed, a scalar on the tape.
public protocol ObjectiveTerm: AnyObject {
  /// - Returns: rank 0, at least 0 unless the term says otherwise.
  func evaluate(_ step: TrainingStep) throws -> Tensor
  /// Whether the term looks at the atmosphere (and so at held-out years) rather than at towers.
  var isAtmospheric: Bool { get }
}
