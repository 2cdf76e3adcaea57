import FluxCore

extension Lasso {
  /// R² on samples that the path has not seen: whole blocks of years are left out in turn, and the path is walked anew
  /// on the others, down to the same penalty for each sample.
  ///
  /// - Parameters:
  ///   - columns: X, shape `[feature, sample]`, contiguous.
  ///   - groups: what stays together, such as the year of each sample. Shape `[sample]`.
  ///   - blocks: how many; groups in their order are spread over them evenly.
  ///   - solution: of all samples; its α and its path are repeated.
  /// - Returns: 1 − residual squares / squares about the mean, over all samples; NaN with fewer than two groups.
  /// - Throws: as ``solve(columns:count:_:r2:)``; ``FluxError`` when the groups do not fit.
  public func crossValidated(
    columns: UnsafePointer<Double>, count: Int, _ y: [Double], groups: [Int], blocks: Int, solution: Solution
  ) throws -> Double {
    let n = y.count, distinct = Array(Set(groups)).sorted(), blocks = min(blocks, distinct.count)
    guard groups.count == n else {
      throw FluxError("\(groups.count) years for \(n) samples", at: "bridge.lasso", expected: "one a sample")
    }
    guard blocks > 1 else { return .nan }
    var squares = 0.0
    for block in 0..<blocks {
      let out = Set(distinct.indices.filter { $0 * blocks / distinct.count == block }.map { distinct[$0] })
      let kept = y.indices.filter { !out.contains(groups[$0]) }
      var inner = self
      inner.weights = weights.map { w in kept.map { w[$0] } }
      inner.largestBias = nil
      let share = Double(kept.count) / Double(n)
      inner.alphas = solution.path.map { $0.alpha * share }
      let own = (0..<count).flatMap { k in kept.map { columns[k * n + $0] } }
      let found = try own.withUnsafeBufferPointer { try inner.solve(columns: $0.baseAddress!, count: count, kept.map { y[$0] }, r2: .infinity) }
      for t in y.indices where out.contains(groups[t]) {
        let predicted = found.support.reduce(found.intercept) { $0 + found.coefficients[$1] * columns[$1 * n + t] }
        squares += (y[t] - predicted) * (y[t] - predicted)
      }
    }
    let mean = y.reduce(0, +) / Double(n)
    return 1 - squares / y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }
}
