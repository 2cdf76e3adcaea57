import FluxModel

/// What one epoch of one member came to.
public struct EpochRecord: Sendable {
  public let variant: String
  /// Both from 1.
  public let fold, epoch: Int
  /// Mean loss of each term over the epoch's steps, and over the validation sites and years.
  public let train, valid: [(term: String, loss: Double)]
  /// The factor of each term at the end of the epoch; empty with one term.
  public let weights: [Double]
  /// What selection compares; the smallest wins.
  public let score: Double
  public let seconds: Double
}

/// One trained model: a variant's member of one fold.
public struct TrainedMember {
  public let variant: String
  /// From 0.
  public let fold: Int
  public let model: MultilayerPerceptron
  /// The epoch whose weights it has, from 1.
  public let epoch: Int
  public let steps: Int
  public let heldOutYears: [Int]
  /// Whether every learned log-variance moved less than 0.05 over the last tenth of the steps.
  public let weightsConverged: Bool
}

/// What a plan came to.
public struct TrainingResult {
  public let members: [TrainedMember]
  public let records: [EpochRecord]

  public func members(of variant: String) -> [TrainedMember] { members.filter { $0.variant == variant } }
  public var weightsConverged: Bool { members.allSatisfy(\.weightsConverged) }
}
