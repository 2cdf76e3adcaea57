import FluxOperators
import FluxTensor
import LuaRuntime

/// `bridge.linear{…}`: totals of samples that a script holds as tensors.
let linearBridge = LuaModule.Member.function(
  "linear", "({drivers: Tensor, weights: Tensor, months: integer[], intercepts?: Tensor, regions?: string[]}) -> Bridge",
  "totals Σ weight × NEE by region and month over drivers given as a tensor [region, pixel, day, driver]; weights [region, pixel], intercepts [region] a day, months the days of each",
  example: """
    two = bridge.linear {
      drivers = tensor.rand { 2, 5, 59, 10 }, weights = tensor.ones { 2, 5 }, months = { 31, 28 },
    }
    two:predict(m)  -- [region, month], one pass with its Jacobian
    """
) { call in
  let options = try call.options(1)
  return BridgeHandle(try LinearBridge(drivers: options.required("drivers"), weights: options.required("weights"),
    intercepts: options.value("intercepts"), days: options.required("months"), regions: options.value("regions")))
}
