import FluxCore
import FluxTensor

/// Samples whose weighted fluxes are added up, group by group: what a linear observation operator reads.
///
/// A regional bridge has one group for each region and month, its weights are Θ.
public struct SampleGroups {
  /// Drivers in physical units, float32, contiguous. Shape `[driver, sample]`, the samples of a group side by side.
  public let columns: Tensor
  /// What a unit flux of each sample adds. Shape `[sample]`.
  public let weights: [Float]
  /// Group g holds the samples `bounds[g] ..< bounds[g + 1]`.
  public let bounds: [Int]

  /// - Throws: ``FluxError`` when columns, weights and bounds do not fit together.
  public init(columns: Tensor, weights: [Float], bounds: [Int]) throws {
    let ascending = zip(bounds, bounds.dropFirst()).allSatisfy { $0 <= $1 }
    guard columns.rank == 2, columns.dtype == .float32, columns.shape[1] == weights.count, ascending,
      bounds.first == 0, bounds.last == weights.count
    else {
      throw FluxError("columns \(columns.shape), \(weights.count) weights, groups up to sample \(bounds.last ?? 0)", at: "SampleGroups",
        expected: "float32 columns [driver, sample], a weight a sample, ascending bounds from 0 to the last sample")
    }
    self.columns = try columns.contiguous()
    (self.weights, self.bounds) = (weights, bounds)
  }

  public var count: Int { bounds.count - 1 }
  public var sampleCount: Int { weights.count }

  func withColumns<R>(_ body: (_ columns: UnsafePointer<Float>, _ weights: UnsafePointer<Float>) throws -> R) throws -> R {
    try columns.withFloats { columns in
      try weights.withUnsafeBufferPointer { try body(columns, $0.baseAddress ?? columns) }
    }
  }
}

extension FluxModel {
  /// Σ w f over each group on the general tape: for models without a fused pass, and the oracle for those with one.
  func recordedSums(_ groups: SampleGroups) throws -> Tensor {
    let nee = try predict(Tape.withoutRecording { try groups.columns.transposed(0, 1).contiguous() })
    let flux = nee.doubles()
    let sums = (0..<groups.count).map { g in
      (groups.bounds[g]..<groups.bounds[g + 1]).reduce(0.0) { $0 + Double(groups.weights[$1]) * flux[$1] }
    }
    return Tape.record("group sums", [nee], try Tensor(sums, shape: [groups.count], dtype: nee.dtype)) { incoming in
      let g = incoming.doubles()
      var back = [Double](repeating: 0, count: flux.count)
      for group in 0..<groups.count {
        for s in groups.bounds[group]..<groups.bounds[group + 1] { back[s] = g[group] * Double(groups.weights[s]) }
      }
      return [try Tensor(back, shape: nee.shape, dtype: nee.dtype)]
    }
  }
}
