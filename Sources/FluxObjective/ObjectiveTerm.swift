import FluxOperators
import FluxTensor

/// One term of the objective: predicted against observed, a scalar on the tape.
public protocol ObjectiveTerm: AnyObject {
  /// What it looks at.
  var reads: [Reading] { get }
  /// - Returns: rank 0, at least 0 unless the term says otherwise.
  /// - Throws: what the model and its operators throw.
  func evaluate(_ step: TrainingStep) throws -> Tensor
  /// Whether it must be evaluated on the interpreter's thread.
  var needsOneThread: Bool { get }
}

extension ObjectiveTerm {
  public var needsOneThread: Bool { operators.contains(where: \.needsOneThread) }

  /// The operators that it is known to look through.
  public var operators: [any ObservationOperator] { reads.compactMap(\.observationOperator) }

  /// The kinds of windows that it goes through, each once; none for a term that looks at towers only.
  ///
  /// - Throws: what its observations throw.
  public func kinds() throws -> [String] {
    var kinds: [String] = []
    for kind in try reads.compactMap({ try $0.kind() }) where !kinds.contains(kind) { kinds.append(kind) }
    return kinds
  }

  /// Whether it looks at towers and nothing else, and so needs no window.
  public var looksAtTowersOnly: Bool {
    reads.allSatisfy { if case .towers = $0 { true } else { false } }
  }
}
