import FluxCore
import FluxObjective
import FluxOperators

extension TrainingPlan {
  /// - Throws: ``FluxError`` for what cannot be trained.
  func check() throws {
    let place = "trainer"
    try checkTowers(at: place)
    guard !terms.isEmpty, variants.allSatisfy({ !$0.terms.isEmpty }) else {
      throw FluxError(
        "a variant has no term", at: place, expected: "at least one term",
        remedy: "Give terms = { ec = objective.mse() }.")
    }
    for variant in variants { for name in variant.terms { _ = try term(name) } }
    if let patience, patience < 1 {
      throw FluxError("patience is \(patience)", at: place, expected: "epochs, 1 or more")
    }
    if let gapEvery {
      guard gapEvery > 0 else { throw FluxError("gap_every is \(gapEvery)", at: place, expected: "epochs, 1 or more") }
      guard terms.contains(where: { $0.term.gapped != nil }) else {
        throw FluxError(
          "gap_every without a sparse bridge", at: place,
          expected: "a term with a bridge of bridge.regional or bridge.load")
      }
    }
    guard batch > 0, epochs > 0 else {
      throw FluxError("batch \(batch), epochs \(epochs)", at: place, expected: "both above 0")
    }
    try checkWindows(at: place)
  }

  private func checkTowers(at place: String) throws {
    guard samples.count > 0 else {
      guard needsTowers || !samples.sites.isEmpty else { return }
      guard !samples.sites.isEmpty else {
        throw FluxError(
          "the run has no towers", at: place, expected: "some, for its terms that look at them",
          remedy: "Give towers = t, or leave those terms out.")
      }
      throw FluxError(
        "the towers have no sample", at: place, expected: "at least one kept day with all drivers",
        remedy: "Look at what towers.open and t:attach dropped.")
    }
    guard samples.driverNames == model.inputs else {
      throw FluxError(
        "the towers carry \(samples.driverNames.joined(separator: ", "))", at: place,
        expected: "the model's inputs: \(model.inputs.joined(separator: ", "))")
    }
  }

  private func checkWindows(at place: String) throws {
    let all = try windows()
    for kind in try kinds() {
      let own = all[kind] ?? [], left = own.count - (try heldOut(fold: 0, of: all)[kind] ?? []).count
      guard left <= 0 else { continue }
      if kind == Window.yearKind {
        throw FluxError(
          "\(own.count) years have drivers and inversions, \(own.count - left) are held out", at: place,
          expected: "at least one year to train on",
          remedy: "Hold out fewer: holdout_years = 0 to \(max(0, own.count - 1)).")
      }
      throw FluxError(
        "\(own.count) windows of kind '\(kind)' have drivers and observations", at: place,
        expected: "at least one to train on", remedy: "Give drivers that cover the observations.")
    }
  }

  /// The kinds of windows that the variants' terms go through, each once.
  ///
  /// - Throws: what a term's observations throw.
  func kinds() throws -> [String] {
    var kinds: [String] = []
    for (_, term) in usedTerms {
      for kind in try term.kinds() where !kinds.contains(kind) { kinds.append(kind) }
    }
    return kinds
  }

  /// The windows that every reading of a kind has, by kind, ascending.
  ///
  /// - Throws: what a term's observations throw.
  public func windows() throws -> [String: [Window]] {
    var common: [String: Set<Window>] = [:]
    if let covered { common = Dictionary(grouping: covered, by: \.kind).mapValues(Set.init) }
    for reading in usedTerms.flatMap(\.term.reads) {
      guard let kind = try reading.kind(), let own = try reading.windows().map(Set.init) else { continue }
      common[kind] = common[kind].map { $0.intersection(own) } ?? own
    }
    return common.mapValues { $0.sorted { $0.number < $1.number } }
  }

  /// The windows that a fold does not train on, by kind, ascending: of years those of ``holdout``, of others its share of all,
  /// dealt by the seed.
  ///
  /// - Parameter all: ``windows()``.
  /// - Throws: ``FluxError`` for a year that there is not.
  func heldOut(fold: Int, of all: [String: [Window]]) throws -> [String: [Window]] {
    var held: [String: [Window]] = [:]
    for kind in try kinds() {
      let own = all[kind] ?? []
      if kind == Window.yearKind {
        held[kind] = try heldOutYears(fold: fold, of: own)
      } else if own.count > 1, folds.count > 1 {
        var random = RandomStream(seed: seed, purpose: "held-out \(kind)")
        let order = random.permutation(own.count).enumerated()
        held[kind] = order.filter { $0.offset % folds.count == fold }.map { own[$0.element] }
          .sorted { $0.number < $1.number }
      }
    }
    return held
  }

  private func heldOutYears(fold: Int, of years: [Window]) throws -> [Window] {
    switch holdout {
    case .years(let list):
      if let stray = list.first(where: { !years.contains(.year($0)) }) {
        throw FluxError(
          "year \(stray) is to be held out", at: "trainer",
          expected: "one of \(years.map { "\($0.number)" }.joined(separator: ", "))")
      }
      return list.sorted().map { .year($0) }
    case .count(let n):
      var random = RandomStream(seed: seed &+ UInt64(fold) &* 0x9E37, purpose: "held-out years")
      return random.permutation(years.count).prefix(max(0, n)).map { years[$0] }.sorted { $0.number < $1.number }
    }
  }
}

extension ObjectiveTerm {
  /// The operator whose distance from the exact one can be told.
  var gapped: (any Gapped)? { operators.lazy.compactMap { $0 as? any Gapped }.first { $0.knowsExact } }
}
