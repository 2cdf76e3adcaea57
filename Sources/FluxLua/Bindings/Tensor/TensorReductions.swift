import FluxCore
import FluxTensor
import LuaRuntime

extension Tensor {
  /// Reductions over one dimension (a number or a name) or over all of them, accumulated in double.
  static let tensorReductions: [LuaMember<Tensor>] = [
    reduction("sum", "the sum") { try $0.sum($1, keep: $2) },
    reduction("mean", "the mean") { try $0.mean($1, keep: $2) },
    reduction("nansum", "the sum of what is not missing") { try $0.nansum($1, keep: $2) },
    reduction("nanmean", "the mean of what is not missing") { try $0.nanmean($1, keep: $2) },
    spread("var", "the variance") { try $0.variance($1, keep: $2, correction: $3) },
    spread("std", "the standard deviation") { try $0.standardDeviation($1, keep: $2, correction: $3) },
    spread("nanstd", "the standard deviation of what is not missing") { try $0.nanstd($1, keep: $2, correction: $3) },
    extreme(.min, "the smallest"),
    extreme(.max, "the largest"),
    position(.min, "where the first smallest stands"),
    position(.max, "where the first largest stands"),
    .method("norm", "(p: number = 2, dim?: integer|string, keep?: boolean) -> Tensor", "(Σ |x|ᵖ)^(1/p)") { t, call in
      try t.norm(call.argument(1, "p", default: 2), dimension(call, 2, of: t), keep: call.argument(3, "keep", default: false))
    },
  ]

  private static func reduction(_ name: String, _ summary: String, _ body: @escaping @Sendable (Tensor, Int?, Bool) throws -> Tensor) -> LuaMember<Tensor> {
    .method(name, "(dim?: integer|string, keep?: boolean) -> Tensor", summary + ", over one dimension or all") { t, call in
      try body(t, dimension(call, 1, of: t), call.argument(2, "keep", default: false))
    }
  }

  /// Values alone without a dimension; values and indices along one.
  private static func extreme(_ kind: Extreme, _ summary: String) -> LuaMember<Tensor> {
    .method(kind.rawValue, "(dim?: integer|string, keep?: boolean) -> values: Tensor, indices: Tensor",
      summary + "; along a dimension also where each stands, from 1") { t, call in
      let keep = try call.argument(2, "keep", default: false)
      guard let d = try dimension(call, 1, of: t) else {
        return LuaResults(kind == .max ? try t.max(nil, keep: keep) : try t.min(nil, keep: keep))
      }
      let (values, positions) = try t.extremes(kind, d, keep: keep)
      return LuaResults(values, positions)
    }
  }

  private static func position(_ kind: Extreme, _ summary: String) -> LuaMember<Tensor> {
    reduction("arg\(kind.rawValue)", summary + ", from 1, int64; no gradient") { try $0.position(of: kind, $1, keep: $2) }
  }

  private static func spread(_ name: String, _ summary: String, _ body: @escaping @Sendable (Tensor, Int?, Bool, Int) throws -> Tensor) -> LuaMember<Tensor> {
    .method(name, "(dim?: integer|string, keep?: boolean, {ddof: integer = 0}) -> Tensor", summary + ", divided by n - ddof") { t, call in
      // The table of options may stand in any place, so that t:std{ddof=1} reads well.
      let place = (1...3).first { call.typeName($0) == "table" } ?? 3
      let correction = try call.options(place, declaredAt: 3).value("ddof", default: 0)
      let d = place == 1 ? nil : try dimension(call, 1, of: t)
      let keep = place > 2 ? try call.argument(2, "keep", default: false) : false
      return try body(t, d, keep, correction)
    }
  }
}
