import FluxCore
import FluxTensor
import LuaRuntime

extension Tensor {
  /// Reductions over one dimension (a number or a name) or over all of them, accumulated in double.
  static let tensorReductions: [LuaMember<Tensor>] = [
    reduction("sum", "the sum",
      example: """
        tensor{{1, 2}, {3, 4}}:sum()  --> Tensor 10 float32
        tensor{{1, 2}, {3, 4}}:named{"region", "month"}:sum("month")  --> Tensor [region 2] float32: 3 7
        """) { try $0.sum($1, keep: $2) },
    reduction("mean", "the mean",
      example: """
        tensor{{1, 2}, {3, 4}}:mean(1)  --> Tensor [2] float32: 2 3
        tensor{{1, 2}, {3, 4}}:mean(1, true)  --> Tensor [1, 2] float32: 2 3
        """) { try $0.mean($1, keep: $2) },
    reduction("nansum", "the sum of what is not missing",
      example: "tensor{1, 0 / 0, 3}:nansum()  --> Tensor 4 float32") { try $0.nansum($1, keep: $2) },
    reduction("nanmean", "the mean of what is not missing",
      example: "tensor{1, 0 / 0, 3}:nanmean()  --> Tensor 2 float32") { try $0.nanmean($1, keep: $2) },
    spread("var", "the variance",
      example: """
        tensor{1, 3}:var()  --> Tensor 1 float32
        tensor{1, 3}:var{ddof = 1}  --> Tensor 2 float32
        """) { try $0.variance($1, keep: $2, correction: $3) },
    spread("std", "the standard deviation",
      example: "tensor{{1, 3}, {2, 6}}:std(2)  --> Tensor [2] float32: 1 2") { try $0.standardDeviation($1, keep: $2, correction: $3) },
    spread("nanstd", "the standard deviation of what is not missing") { try $0.nanstd($1, keep: $2, correction: $3) },
    extreme(.min, "the smallest",
      example: "tensor{3, 1, 2}:min()  --> Tensor 1 float32"),
    extreme(.max, "the largest",
      example: """
        values, indices = tensor{{1, 5}, {4, 2}}:max(2)
        values  --> Tensor [2] float32: 5 4
        indices  --> Tensor [2] int64: 2 1
        """),
    position(.min, "where the first smallest stands",
      example: "tensor{3, 1, 2}:argmin()  --> Tensor 2 int64"),
    position(.max, "where the first largest stands",
      example: "tensor{{1, 5}, {4, 2}}:argmax(2)  --> Tensor [2] int64: 2 1"),
    .method("norm", "(p: number = 2, dim?: integer|string, keep?: boolean) -> Tensor", "(Σ |x|ᵖ)^(1/p)",
      example: """
        tensor{3, 4}:norm()  --> Tensor 5 float32
        tensor{3, -4}:norm(1)  --> Tensor 7 float32
        """
    ) { t, call in
      try t.norm(call.argument(1, "p", default: 2), dimension(call, 2, of: t), keep: call.argument(3, "keep", default: false))
    },
  ]

  private static func reduction(
    _ name: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (Tensor, Int?, Bool) throws -> Tensor
  ) -> LuaMember<Tensor> {
    .method(name, "(dim?: integer|string, keep?: boolean) -> Tensor", summary + ", over one dimension or all", example: example) { t, call in
      try body(t, dimension(call, 1, of: t), call.argument(2, "keep", default: false))
    }
  }

  /// Values alone without a dimension; values and indices along one.
  private static func extreme(_ kind: Extreme, _ summary: String, example: String) -> LuaMember<Tensor> {
    .method(kind.rawValue, "(dim?: integer|string, keep?: boolean) -> values: Tensor, indices: Tensor",
      summary + "; along a dimension also where each stands, from 1", example: example) { t, call in
      let keep = try call.argument(2, "keep", default: false)
      guard let d = try dimension(call, 1, of: t) else {
        return LuaResults(kind == .max ? try t.max(nil, keep: keep) : try t.min(nil, keep: keep))
      }
      let (values, positions) = try t.extremes(kind, d, keep: keep)
      return LuaResults(values, positions)
    }
  }

  private static func position(_ kind: Extreme, _ summary: String, example: String) -> LuaMember<Tensor> {
    reduction("arg\(kind.rawValue)", summary + ", from 1, int64; no gradient", example: example) { try $0.position(of: kind, $1, keep: $2) }
  }

  private static func spread(
    _ name: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (Tensor, Int?, Bool, Int) throws -> Tensor
  ) -> LuaMember<Tensor> {
    .method(name, "(dim?: integer|string, keep?: boolean, {ddof: integer = 0}) -> Tensor", summary + ", divided by n - ddof", example: example) { t, call in
      // The table of options may stand in any place, so that t:std{ddof=1} reads well.
      let place = (1...3).first { call.typeName($0) == "table" } ?? 3
      let correction = try call.options(place).value("ddof", default: 0)
      let d = place == 1 ? nil : try dimension(call, 1, of: t)
      let keep = place > 2 ? try call.argument(2, "keep", default: false) : false
      return try body(t, d, keep, correction)
    }
  }
}
