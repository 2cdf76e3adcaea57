import FluxCore
import FluxData
import FluxModels
import FluxObjective
import FluxObservations
import FluxTensor

/// Predictions at towers by members that have not trained on them.
public enum OutOfFold {
  /// NEE of every sample, gC m⁻² d⁻¹.
  ///
  /// - Parameters:
  ///   - members: of one variant, one a fold.
  ///   - outOfFold: each site by the one member that held it out; otherwise, and for test sites,
  ///     which every member held out, the mean over all members.
  /// - Returns: shape `[sample]`.
  /// - Throws: ``FluxError`` when the samples carry other drivers.
  public static func predict(_ members: [TrainedMember], _ samples: SiteDays, _ folds: Folds, outOfFold: Bool) throws -> [Double] {
    try predict(members, samples, foldOfSite: folds.fold, outOfFold: outOfFold)
  }

  private static func predict(_ members: [TrainedMember], _ samples: SiteDays, foldOfSite: [Int], outOfFold: Bool) throws -> [Double] {
    let x = try TowerDays(samples).samples(Array(0..<samples.count))
    var sum = [Double](repeating: 0, count: samples.count), own = [Double](repeating: .nan, count: samples.count)
    try Tape.withoutRecording {
      for member in members {
        try Interrupt.check()
        let nee = try member.model.evaluate(.nee, x).doubles()
        for i in nee.indices {
          sum[i] += nee[i]
          if foldOfSite[Int(samples.siteIndex[i])] == member.fold { own[i] = nee[i] }
        }
      }
    }
    let n = Double(max(1, members.count))
    return sum.indices.map { outOfFold && !own[$0].isNaN ? own[$0] : sum[$0] / n }
  }

  /// The same of a result, which knows the folds of its sites; the mean over seeds and replicates, each out of its own folds.
  ///
  /// - Throws: ``FluxError`` when there is no member.
  public static func predict(_ result: TrainingResult, variant: String, _ samples: SiteDays, outOfFold: Bool) throws -> [Double] {
    var sum = [Double](repeating: 0, count: samples.count), count = 0.0
    for (seed, folds) in result.foldsBySeed {
      let own = Dictionary(zip(result.sites, folds), uniquingKeysWith: { a, _ in a }), mine = result.members(of: variant).filter { $0.seed == seed }
      let foldOfSite = samples.sites.map { own[$0.id] ?? Folds.test }
      for replicate in Set(mine.map(\.replicate)).sorted() {
        let nee = try predict(mine.filter { $0.replicate == replicate }, samples, foldOfSite: foldOfSite, outOfFold: outOfFold)
        for i in nee.indices { sum[i] += nee[i] }
        count += 1
      }
    }
    guard count > 0 else {
      throw FluxError("variant '\(variant)' has no finished member", at: "Result:at_towers", expected: "at least one")
    }
    return count == 1 ? sum : sum.map { $0 / count }
  }
}
