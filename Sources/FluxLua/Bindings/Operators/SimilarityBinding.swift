import FluxOperators
import FluxCore
import FluxTensor
import LuaRuntime

extension DynamicTimeWarping.Cost: LuaEnum {}

extension LuaOptions {
  /// `window`: steps, "none", or a tenth of the length when it is not given.
  func window(length: Int) throws -> Int? {
    if let word = value("window", if: String.self) {
      guard word == "none" else { throw mismatch("window", "'\(word)'", expected: "steps, or \"none\" for no band") }
      return nil
    }
    return try value("window", default: DynamicTimeWarping.tenth(of: length))
  }
}

let similarityMembers: [LuaModule.Member] = [
  .function("dtw", """
    (series: Tensor, {window: integer|string, cost: string = "squared", root: boolean, limit: number, to: Tensor, checkpoint: string}) -> Tensor
    """, """
    exact distances under dynamic time warping, [series, series] (or [series, other] with `to`); window: steps off the diagonal, a tenth of \
    the length by default, "none" without band; the root of squared costs, absolute ones as they are; above `limit` a distance may be inf; \
    `checkpoint` names a file to go on from after Ctrl-C
    """,
    example: """
      a = tensor { { 0, 1, 2, 1, 0, 0 }, { 0, 0, 1, 2, 1, 0 }, { 2, 2, 2, 2, 2, 2 } }
      near = bridge.dtw(a, { window = 1 })
      near[{ 1, 2 }], near[{ 2, 3 }] > 3, near.dtype  --> 0.0  true  float64
      """
  ) { call in
    let series: Tensor = try call.argument(1, "series"), options = try call.options(2)
    var warping = DynamicTimeWarping(window: try options.window(length: series.shape.dimensions.last ?? 0))
    warping.cost = try options.value("cost", default: .squared)
    warping.root = try options.value("root", default: warping.cost == .squared)
    warping.limit = try options.value("limit", default: .infinity)
    let progress = Progress("dtw")
    defer { progress.finish() }
    return try warping.distances(from: series, to: options.value("to"), checkpoint: options.value("checkpoint")) { progress.update($0) }
  }
]
