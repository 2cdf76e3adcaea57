/// What a run can say of its learned term weights.
public enum WeightVerdict: Sendable, Equatable {
  /// One term, or fixed weights: nothing is learned.
  case none
  /// Fewer epochs than ``fewestEpochs``: weights that hardly moved may just have had no time to.
  case tooShort(epochs: Int)
  case settled, moving

  /// A tenth of the steps, over which weights must have stood still, is an epoch then.
  public static let fewestEpochs = 10

  /// As a sentence; nil where there is nothing to say.
  public var words: String? {
    switch self {
    case .none: nil
    case .tooShort(let epochs): "\(epochs) epoch\(epochs == 1 ? " is" : "s are") too few to tell whether the learned term weights had settled."
    case .settled: "Learned term weights had settled."
    case .moving: "Learned term weights had not settled in every member."
    }
  }
}

extension TrainingResult {
  public var weightVerdict: WeightVerdict {
    let learning = Set(variants.map(\.name).filter(learnsWeights)), epochs = records.filter { learning.contains($0.variant) }.map(\.epoch).max() ?? 0
    guard !learning.isEmpty, epochs > 0 else { return .none }
    guard epochs >= WeightVerdict.fewestEpochs else { return .tooShort(epochs: epochs) }
    return members.allSatisfy { !learning.contains($0.variant) || $0.weightsConverged } ? .settled : .moving
  }

  /// Whether the factors of a variant's terms changed in its course, from epoch to epoch or from member to member: fixed ones never do.
  public func learnsWeights(_ variant: String) -> Bool {
    let weights = records.filter { $0.variant == variant }.map(\.weights)
    guard let first = weights.first, first.count > 1 else { return false }
    return weights.contains { $0 != first }
  }
}
