import FluxCore

/// Reverse-mode gradients against central differences, in double.
public enum GradientCheck {
  /// The largest difference between the two gradients of `loss` at `inputs`,
  /// relative to the largest entry of each input's gradient.
  ///
  /// - Parameters:
  ///   - inputs: float64 leaves, any shapes; they are left as they were.
  ///   - step: of the central difference, relative to max(1, |x|).
  ///   - loss: a scalar made of the inputs by recorded operations.
  /// - Throws: what `loss` throws; ``FluxError`` when an input is not float64.
  public static func largestError(at inputs: [Tensor], step: Double = 1e-5, _ loss: ([Tensor]) throws -> Tensor) throws -> Double {
    for x in inputs where x.dtype != .float64 {
      throw FluxError("an input is \(x.dtype)", at: "gradient check", expected: "float64", remedy: "Call :double() first.")
    }
    let leaves = try inputs.map { try $0.detached().clone().requireGradient() }
    try loss(leaves).backward()
    var worst = 0.0
    for (which, leaf) in leaves.enumerated() {
      let analytic = leaf.gradient?.doubles() ?? [Double](repeating: 0, count: leaf.count)
      let start = leaf.doubles()
      var numeric = analytic
      for i in start.indices {
        let h = step * Swift.max(1, start[i].magnitude)
        func at(_ value: Double) throws -> Double {
          var moved = start
          moved[i] = value
          var all = leaves.map { $0.detached() }
          all[which] = try Tensor(moved, shape: leaf.shape, names: leaf.names)
          return try Tape.withoutRecording { try loss(all).item() }
        }
        numeric[i] = try (at(start[i] + h) - at(start[i] - h)) / (2 * h)
      }
      let scale = Swift.max(analytic.map(\.magnitude).max() ?? 0, 1e-12)
      for (a, n) in zip(analytic, numeric) { worst = Swift.max(worst, (a - n).magnitude / scale) }
    }
    return worst
  }
}
