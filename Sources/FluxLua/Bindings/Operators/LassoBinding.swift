import FluxOperators
import FluxCore
import FluxTensor
import LuaRuntime

/// How α is written: Eq. 2's, or scikit-learn's, which is 2n times smaller.
private enum AlphaConvention: String, CaseIterable, LuaEnum { case paper, sklearn }

let lassoMembers: [LuaModule.Member] = [
  .function("lasso", """
    (X: Tensor, y: Tensor, {r2: number = 0.95, bias: number, alphas: number[], convention: string = "paper", weights: Tensor, penalties: Tensor, \
    intercept: boolean = true, standardise: boolean = true, tolerance: number = 1e-8, years: Tensor, blocks: integer = 4}) -> table
    """, """
    min Σ w (y - Xβ - b)² + α Σ v|β| down its path to r2 (and |relative bias| up to `bias`), X [sample, feature], y [sample]; gives coefficients, \
    intercept, alpha (Eq. 2's; convention="sklearn": 2n times smaller), r2, gap, bias, path, and r2_cv where years [sample] tell what stays together
    """,
    example: """
      tensor.seed(1)
      X = tensor.randn { 50, 5 }
      fit = bridge.lasso(X, X[{ {}, 2 }] * 3 + 1, { r2 = 0.99 })
      fit.coefficients[2] > 2.5, fit.coefficients[1], fit.gap < 1e-8  --> true  0.0  true
      """
  ) { call in
    let x: Tensor = try call.argument(1, "X"), target: Tensor = try call.argument(2, "y"), options = try call.options(3)
    guard x.rank == 2, target.rank == 1, x.shape[0] == target.shape[0] else {
      throw FluxError("X has shape \(x.shape), y \(target.shape)", at: call.place, expected: "[sample, feature] and [sample]")
    }
    let y = target.doubles(), features = x.shape[1]
    let convention: AlphaConvention = try options.value("convention", default: .paper)
    let scale = convention == .paper ? 1 : 2 * Double(y.count)
    var lasso = Lasso()
    lasso.alphas = try (options.value("alphas", if: Tensor.self)?.doubles() ?? options.value("alphas"))?.map { $0 * scale }
    lasso.weights = try options.value("weights", as: Tensor.self)?.doubles()
    lasso.penalties = try options.value("penalties", as: Tensor.self)?.doubles()
    lasso.intercept = try options.value("intercept", default: true)
    lasso.standardise = try options.value("standardise", default: true)
    lasso.tolerance = try options.value("tolerance", default: lasso.tolerance)
    lasso.largestBias = try options.value("bias")
    let r2 = try options.value("r2", default: 0.95), blocks = try options.value("blocks", default: 4)
    let years = try options.value("years", as: Tensor.self)?.doubles().map { year in
      guard let whole = Int(exactly: year) else { throw options.mismatch("years", "not whole: \(year)", expected: "the year of each sample") }
      return whole
    }
    // Columns side by side: X:t() of a [feature, sample] tensor is read where it lies.
    let columns = try x.transposed(0, 1)
    return try columns.withDoubles { base in
      let s = try lasso.solve(columns: base, count: features, y, r2: r2)
      let path = s.path.map { LuaTable(fields: ["alpha": $0.alpha / scale, "r2": $0.r2, "gap": $0.gap, "count": $0.count]) }
      var cross: Double?
      if let years { cross = try lasso.crossValidated(columns: base, count: features, y, groups: years, blocks: blocks, solution: s) }
      return LuaTable(fields: [
        "coefficients": try Tensor(s.coefficients), "intercept": s.intercept, "alpha": s.alpha / scale, "r2": s.r2, "gap": s.gap, "bias": s.bias,
        "path": LuaTable(items: path), "r2_cv": cross, "working_set": s.workingSet,
      ])
    }
  }
]
