import FluxObservations
import FluxOperators
import FluxCore
import FluxData
import FluxModels
import FluxObjective

/// Everything that decides a training run; equal plans give equal results, bit for bit.
public struct TrainingPlan {
  /// A model that is trained on some of the terms; the variants of a plan share weights at the
  /// start, batches and years, so that they differ by their terms alone.
  public struct Variant: Sendable {
    public let name: String
    public let terms: [String]
    public init(_ name: String, terms: [String]) {
      self.name = name
      self.terms = terms
    }
  }

  /// Which epoch's weights a member keeps.
  public enum Selection: String, Sendable, CaseIterable {
    /// The smallest Σ ln ℓ of the validation: over terms of towers alone, terms that go through windows, or all terms of
    /// the variant.
    case ec, atm, sum
    /// The smallest weighted total of the validation.
    case total
    /// No selection.
    case last
  }

  /// Years that a fold does not train on: a number drawn once per fold, or a list.
  public enum Holdout: Sendable, Equatable {
    case count(Int)
    case years([Int])
  }

  /// The architecture; members start from parameters of their own, drawn from the plan's seed and the fold.
  public var model: any SurfaceModel
  /// The towers; empty in a run without them.
  public var samples: SiteDays
  public var folds: Folds
  public var terms: [(name: String, term: any ObjectiveTerm)]
  public var variants: [Variant]
  public var weighting: any Weighting = KendallWeighting()
  public var optimizer: any Optimizer = Adam()
  /// Samples in a step, about: an epoch is cut into equal batches.
  public var batch = 10_000
  public var epochs = 60
  /// Steps after which a member ends, however many epochs that is.
  public var maximumSteps = Int.max
  public var holdout = Holdout.count(2)
  /// The windows that the run's drivers cover, where drivers are given beside the terms' own.
  public var covered: [Window]?
  public var select = Selection.sum
  /// What is selected by in place of ``select``: the smallest wins. See ``ValidationFigures``.
  public var score: ((ValidationFigures) throws -> Double)?
  /// A member ends after so many epochs without a better score; never when nil.
  public var patience: Int?
  public var seed: UInt64 = 1
  /// Which of several networks of a fold and seed, from 0: others differ by their first weights and the order of their batches.
  public var replicate = 0
  /// Epochs between two looks at how far the sparse bridge is from the exact integral; never when nil.
  public var gapEvery: Int?
  /// Multiplies the learning rate in an epoch (from 1).
  public var schedule: (Int) throws -> Double = { _ in 1 }
  /// Whether ``schedule`` or ``score`` is a script's function.
  public var hasScript = false
  /// What else a checkpoint must agree in: the hash of the script that made the plan, where one did.
  public var script = ""

  public init(
    model: any SurfaceModel, samples: SiteDays, folds: Folds, terms: [(name: String, term: any ObjectiveTerm)],
    variants: [Variant]
  ) {
    self.model = model
    self.samples = samples
    self.folds = folds
    self.terms = terms
    self.variants = variants
  }

  func term(_ name: String) throws -> any ObjectiveTerm {
    guard let found = terms.first(where: { $0.name == name }) else {
      throw FluxError("no term '\(name)'\(NearestName.hint(name, among: terms.map(\.name)))", at: "trainer",
        expected: "one of \(terms.map(\.name).joined(separator: ", "))")
    }
    return found.term
  }

  /// The terms of a variant and how they become one number.
  ///
  /// - Throws: ``FluxError`` for a term that there is not.
  func objective(_ variant: Variant) throws -> Objective {
    try Objective(variant.terms.map { (name: $0, term: try term($0)) }, weighting: weighting)
  }

  /// Of the first weights and the batches of a fold's member.
  func memberSeed(fold: Int) -> UInt64 { seed &* 1000 &+ UInt64(fold) &+ UInt64(replicate) &* 0x9E37_79B9_7F4A_7C15 }

  /// Whether it must be trained on the interpreter's thread.
  var needsOneThread: Bool {
    hasScript || weighting.needsOneThread || optimizer.needsOneThread || terms.contains { $0.term.needsOneThread }
  }

  /// Whether a variant's term looks at towers.
  var needsTowers: Bool {
    usedTerms.contains { $0.term.reads.contains { if case .towers = $0 { true } else { false } } }
  }

  /// The terms that a variant has.
  var usedTerms: [(name: String, term: any ObjectiveTerm)] {
    terms.filter { term in variants.contains { $0.terms.contains(term.name) } }
  }
}
