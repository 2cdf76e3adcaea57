internal import COpenBLAS

/// What a step predicts beside its towers: how the predictions move with the weights, and what the loss makes of them.
public struct Predictions {
  /// Shape `[prediction]`.
  public let values: [Double]
  /// The weighted loss of given predictions, all else as it is, and its gradient by each.
  public let loss: (_ values: [Double]) throws -> (value: Double, gradient: [Double])
  /// ∂values/∂ω. Shape `[prediction, weight]`, weights in the order of the parameters.
  let jacobian: [Double]

  public init(values: [Double], jacobian: [Float], loss: @escaping ([Double]) throws -> (value: Double, gradient: [Double])) {
    (self.values, self.loss) = (values, loss)
    self.jacobian = jacobian.map(Double.init)
  }

  var weightCount: Int { jacobian.count / max(1, values.count) }

  /// Jᵀ c. Shape `[weight]`.
  func pull(_ multipliers: [Double]) -> [Double] { product(CblasTrans, multipliers, weightCount) }

  /// J δ. Shape `[prediction]`.
  func change(_ move: [Double]) -> [Double] { product(CblasNoTrans, move, values.count) }

  private func product(_ transpose: CBLAS_TRANSPOSE, _ x: [Double], _ count: Int) -> [Double] {
    var out = [Double](repeating: 0, count: count)
    cblas_dgemv(CblasRowMajor, transpose, Int32(values.count), Int32(weightCount), 1, jacobian, Int32(weightCount), x, 1, 0, &out, 1)
    return out
  }
}
