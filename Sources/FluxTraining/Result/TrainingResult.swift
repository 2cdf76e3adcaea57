import FluxModels
import FluxOperators

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
  /// What operators told of themselves, by name: `gap`, `largest_gap`, see ``Gapped/diagnoses(_:years:)``. Empty where nobody
  /// looked.
  public let diagnoses: [(name: String, value: Double)]
  public let seed: UInt64
  /// From 0.
  public let replicate: Int

  /// What an operator told of itself; nil where nobody looked.
  public func diagnosis(_ name: String) -> Double? { diagnoses.first { $0.name == name }?.value }
}

/// One trained model: a variant's member of one fold.
public struct TrainedMember {
  public let variant: String
  /// From 0.
  public let fold: Int
  public let seed: UInt64
  /// From 0.
  public let replicate: Int
  public let model: any SurfaceModel
  /// The epoch whose weights it has, from 1.
  public let epoch: Int
  /// How many were done.
  public let steps: Int
  /// What it was not trained on, beside the sites of its fold.
  public let heldOut: [Window]
  /// Whether every learned log-variance moved less than 0.05 over the last tenth of the steps.
  public let weightsConverged: Bool

  /// The years of ``heldOut``.
  public var heldOutYears: [Int] { heldOut.filter { $0.kind == Window.yearKind }.map(\.number) }
}

/// What a plan, or a sweep of plans, came to.
public struct TrainingResult {
  public let members: [TrainedMember]
  public let records: [EpochRecord]
  public let variants: [TrainingPlan.Variant]
  /// Identifiers of the sites that were dealt to folds.
  public let sites: [String]
  /// The fold of each site, from 0, ``Folds/test`` for test sites; one entry a seed. Shape `[seed][site]`.
  public let foldsBySeed: [(seed: UInt64, folds: [Int])]
  /// How many members there are to be.
  public let expected: Int
  /// The plan in words and hashes; computed when it is asked for.
  public let settings: () throws -> [(name: String, value: String)]

  public func members(of variant: String) -> [TrainedMember] { members.filter { $0.variant == variant } }
  public var weightsConverged: Bool { members.allSatisfy(\.weightsConverged) }
  /// Names of the terms of all variants, each once.
  public var terms: [String] {
    var seen: Set<String> = []
    return variants.flatMap(\.terms).filter { seen.insert($0).inserted }
  }

  public init(
    members: [TrainedMember], records: [EpochRecord], variants: [TrainingPlan.Variant], sites: [String], foldsBySeed: [(seed: UInt64, folds: [Int])],
    expected: Int, settings: @escaping () throws -> [(name: String, value: String)]
  ) {
    self.members = members
    self.records = records
    self.variants = variants
    self.sites = sites
    self.foldsBySeed = foldsBySeed
    self.expected = expected
    self.settings = settings
  }

  init(_ plan: TrainingPlan, members: [TrainedMember], records: [EpochRecord]) {
    self.init(members: members, records: records, variants: plan.variants, sites: plan.samples.sites.map(\.id),
      foldsBySeed: [(plan.seed, plan.folds.fold)], expected: plan.folds.count * plan.variants.count,
      settings: { try PlanIdentity.of(plan).map { (name: $0.name, value: $0.value) } })
  }
}
