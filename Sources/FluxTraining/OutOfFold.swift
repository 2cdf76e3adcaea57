import FluxCore
import FluxData
import FluxModel
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
  public static func predict(_ members: [TrainedMember], _ samples: SiteDays, _ folds: Folds, outOfFold: Bool) throws -> [Double] {
    let x = try Tensor(samples.drivers, shape: [samples.count, samples.driverCount])
    var sum = [Double](repeating: 0, count: samples.count), own = [Double](repeating: .nan, count: samples.count)
    try Tape.withoutRecording {
      for member in members {
        try Interrupt.check()
        let nee = try member.model.predict(x).doubles()
        for i in nee.indices {
          sum[i] += nee[i]
          if folds.fold[Int(samples.siteIndex[i])] == member.fold { own[i] = nee[i] }
        }
      }
    }
    let n = Double(max(1, members.count))
    return sum.indices.map { outOfFold && !own[$0].isNaN ? own[$0] : sum[$0] / n }
  }
}
