import FluxCore
import FluxEvaluation
import FluxTensor
import LuaRuntime

/// Measures of two tensors, and of one.
let pairwiseMetrics: [LuaModule.Member] = [
  pairwise("pearson", "correlation; NaN when one side does not vary",
    example: "metrics.pearson(tensor{1, 2, 3}, tensor{2, 4, 6})  --> 1.0", Metrics.pearson),
  pairwise("rmse", "root mean squared difference, in the values' unit",
    example: "metrics.rmse(tensor{1, 2}, tensor{1, 4}) ^ 2  --> 2.0") { Metrics.rmse($0, $1) },
  pairwise("bias", "mean of modelled minus observed",
    example: "metrics.bias(tensor{1, 2, 0 / 0}, tensor{1, 4, 5})  --> -1.0", Metrics.bias),
  pairwise("r2", "1 - Σ(m-o)² / Σ(o-ō)², the Nash–Sutcliffe efficiency",
    example: "metrics.r2(tensor{2, 2, 2}, tensor{1, 2, 3})  --> 0.0", Metrics.r2),
  pairwise("nnse", "1 / (2 - r2): 1 is perfect, 0.5 the observed mean (Fig. 4)",
    example: "metrics.nnse(tensor{2, 2, 2}, tensor{1, 2, 3})  --> 0.5", Metrics.nnse),
  .function("iav", "(annual: Tensor) -> number", "standard deviation (n - 1) of annual totals around their straight line; missing years (NaN) are left out, NaN below 10 present ones",
    example: """
      tensor.seed(1)
      metrics.iav(tensor.randn { 30 }) > 0  --> true
      metrics.iav(tensor.randn { 5 })  --> nan
      """
  ) { call in
    Metrics.iav(try call.argument(1, "annual", as: Tensor.self).doubles())
  },
]

private func pairwise(
  _ name: String, _ summary: String, example: String, _ body: @escaping @Sendable ([Double], [Double]) -> Double
) -> LuaModule.Member {
  .function(name, "(modelled: Tensor, observed: Tensor) -> number", summary + "; pairs with NaN are left out, infinite values are not", example: example) { call in
    let a: Tensor = try call.argument(1, "modelled"), b: Tensor = try call.argument(2, "observed")
    guard a.shape == b.shape else { throw FluxError("shapes \(a.shape) and \(b.shape)", at: call.place, expected: "equal shapes") }
    return body(a.doubles(), b.doubles())
  }
}
