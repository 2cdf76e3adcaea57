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
    /// The smallest Σ ln ℓ of the validation: over tower terms, atmospheric terms, or all terms of the variant.
    case ec, atm, sum
    /// The smallest weighted total of the validation.
    case total
    /// No selection.
    case last
  }

  /// Held-out years: a number drawn once per fold, or a list.
  public enum Holdout: Sendable, Equatable {
    case count(Int)
    case years([Int])
  }

  /// The architecture; members start from weights of their own, drawn from the plan's seed and the fold.
  public var model: MultilayerPerceptron
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
  /// Years that have whole drivers and inversions; empty without atmospheric terms.
  public var years: [Int] = []
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

  public init(model: MultilayerPerceptron, samples: SiteDays, folds: Folds, terms: [(name: String, term: any ObjectiveTerm)], variants: [Variant]) {
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

  /// - Throws: ``FluxError`` for what cannot be trained.
  func check() throws {
    let place = "trainer"
    guard samples.count > 0 else {
      throw FluxError("the towers have no sample", at: place, expected: "at least one kept day with all drivers", remedy: "Look at what towers.open and t:attach dropped.")
    }
    guard samples.driverNames == model.inputs else {
      throw FluxError("the towers carry \(samples.driverNames.joined(separator: ", "))", at: place,
        expected: "the model's inputs: \(model.inputs.joined(separator: ", "))")
    }
    guard !terms.isEmpty, variants.allSatisfy({ !$0.terms.isEmpty }) else {
      throw FluxError("a variant has no term", at: place, expected: "at least one term", remedy: "Give terms = { ec = objective.mse() }.")
    }
    for variant in variants { for name in variant.terms { _ = try term(name) } }
    if let patience, patience < 1 { throw FluxError("patience is \(patience)", at: place, expected: "epochs, 1 or more") }
    if let gapEvery {
      guard gapEvery > 0 else { throw FluxError("gap_every is \(gapEvery)", at: place, expected: "epochs, 1 or more") }
      guard terms.contains(where: { ($0.term.observationOperator as? RegionalBridge)?.mask != nil }) else {
        throw FluxError("gap_every without a sparse bridge", at: place, expected: "a term with a bridge of bridge.regional or bridge.load")
      }
    }
    guard batch > 0, epochs > 0 else { throw FluxError("batch \(batch), epochs \(epochs)", at: place, expected: "both above 0") }
    if needsYears {
      let left = years.count - (try holdoutYears(fold: 0)).count
      guard left > 0 else {
        throw FluxError("\(years.count) years have drivers and inversions, \(years.count - left) are held out", at: place,
          expected: "at least one year to train on", remedy: "Hold out fewer: holdout_years = 0 to \(max(0, years.count - 1)).")
      }
    }
  }

  /// Of the first weights and the batches of a fold's member.
  func memberSeed(fold: Int) -> UInt64 { seed &* 1000 &+ UInt64(fold) &+ UInt64(replicate) &* 0x9E37_79B9_7F4A_7C15 }

  /// Whether it must be trained on the interpreter's thread.
  var needsOneThread: Bool {
    hasScript || weighting.needsOneThread || optimizer.needsOneThread || terms.contains { $0.term.needsOneThread }
  }

  var needsYears: Bool { variants.contains { $0.terms.contains { name in terms.first { $0.name == name }?.term.isAtmospheric == true } } }

  /// The years that a fold does not train on, ascending.
  func holdoutYears(fold: Int) throws -> [Int] {
    switch holdout {
    case .years(let list):
      if let stray = list.first(where: { !years.contains($0) }) {
        throw FluxError("year \(stray) is to be held out", at: "trainer", expected: "one of \(years.map(String.init).joined(separator: ", "))")
      }
      return list.sorted()
    case .count(let n):
      var random = RandomStream(seed: seed &+ UInt64(fold) &* 0x9E37, purpose: "held-out years")
      return random.permutation(years.count).prefix(max(0, n)).map { years[$0] }.sorted()
    }
  }
}
