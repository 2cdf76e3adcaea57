import FluxCore
import TestSupport
import Testing

@testable import FluxOperators

@Suite("The Lasso path")
struct LassoTests {
  /// Ten correlated columns, of which three make the target.
  private func problem(_ seed: UInt64) -> (columns: [[Double]], y: [Double]) {
    var random = RandomStream(seed: seed)
    let n = 60
    let common = (0..<n).map { _ in random.normal() }
    let columns = (0..<10).map { k in (0..<n).map { i in 3 + Double(k + 1) * (common[i] + 0.7 * random.normal()) } }
    let y = (0..<n).map { i in 5 + 2 * columns[3][i] - columns[6][i] + 0.5 * columns[9][i] + 0.3 * random.normal() }
    return (columns, y)
  }

  @Test("the subgradient conditions hold at the point that is returned", arguments: [0.5, 0.9, 0.99])
  func subgradient(_ target: Double) throws {
    let (columns, y) = problem(1)
    let s = try Lasso().solve(columns: columns, y, r2: target)
    #expect(s.r2 >= target && s.gap <= 1e-8)
    let n = Double(y.count)
    let residual = y.indices.map { i in y[i] - s.intercept - columns.indices.reduce(0) { $0 + columns[$1][i] * s.coefficients[$1] } }
    #expect(abs(residual.reduce(0, +)) < 1e-9 * n)
    for k in columns.indices {
      let mean = columns[k].reduce(0, +) / n
      let deviation = (columns[k].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
      let slope = 2 * zip(columns[k], residual).reduce(0) { $0 + ($1.0 - mean) / deviation * $1.1 }
      // ‖y‖² is about 1e4 here, so a relative gap of 1e-8 leaves slopes within a few hundredths.
      if s.coefficients[k] != 0 {
        #expect(abs(slope - s.alpha * (s.coefficients[k] > 0 ? 1 : -1)) < 0.05)
      } else {
        #expect(abs(slope) <= s.alpha + 0.05)
      }
    }
  }

  @Test("R² in the result is that of the coefficients")
  func r2() throws {
    let (columns, y) = problem(2)
    let s = try Lasso().solve(columns: columns, y, r2: 0.95)
    let mean = y.reduce(0, +) / Double(y.count)
    let predicted = y.indices.map { i in s.intercept + columns.indices.reduce(0) { $0 + columns[$1][i] * s.coefficients[$1] } }
    let r2 = 1 - zip(y, predicted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(abs(r2 - s.r2) < 1e-9)
  }

  @Test("one column: the shrunken slope is known by hand")
  func oneColumn() throws {
    // x has mean 0 and variance 1, Xᵀy = 4, so β = (4 − α/2) / 4 and R² = 1 − (α/8)².
    let s = try Lasso().solve(columns: [[-1, 1, -1, 1]], [-1, 1, -1, 1], r2: 0.9)
    #expect(abs(s.coefficients[0] - (1 - s.alpha / 8)) < 1e-12)
    #expect(abs(s.r2 - (1 - s.alpha * s.alpha / 64)) < 1e-12)
  }

  @Test("with 400 correlated columns few are computed, and the same bits come from one thread and from two")
  func workingSet() throws {
    var random = RandomStream(seed: 9)
    let n = 300, waves = (0..<6).map { _ in (0..<n).map { _ in random.normal() } }
    let columns = (0..<400).map { _ in
      let mix = waves.map { _ in random.normal() }
      return (0..<n).map { t in zip(mix, waves).reduce(0.4 * random.normal()) { $0 + $1.0 * $1.1[t] } }
    }
    let y = (0..<n).map { t in columns.indices.reduce(0.0) { $0 + columns[$1][t] } }
    let one = try ThreadPool.withThreadCount(1) { try Lasso().solve(columns: columns, y, r2: 0.95) }
    let two = try ThreadPool.withThreadCount(2) { try Lasso().solve(columns: columns, y, r2: 0.95) }
    #expect(one.coefficients == two.coefficients && one.intercept == two.intercept)
    #expect(one.workingSet < 200 && one.r2 >= 0.95)
    for point in one.path { #expect(point.gap <= 1e-8) }
  }

  @Test("a weight of 2 is a sample twice, and a penalty of 2 is a column of half the size")
  func weightsAndPenalties() throws {
    let (columns, y) = problem(3)
    var weighted = Lasso()
    weighted.weights = y.indices.map { $0 < 20 ? 2 : 1 }
    let a = try weighted.solve(columns: columns, y, r2: 0.9)
    let b = try Lasso().solve(columns: columns.map { $0 + $0[..<20] }, y + y[..<20], r2: 0.9)
    // n enters α: 60 samples of mean weight 1 against 80.
    #expect(abs(a.alpha / b.alpha - 60.0 / 80) < 1e-9)
    for (p, q) in zip(a.coefficients, b.coefficients) { #expect(abs(p - q) < 1e-7) }
    var penalised = Lasso(), plain = Lasso()
    (penalised.standardise, plain.standardise) = (false, false)
    penalised.penalties = columns.indices.map { $0 == 3 ? 2 : 1 }
    let c = try penalised.solve(columns: columns, y, r2: 0.9)
    let d = try plain.solve(columns: columns.enumerated().map { k, x in k == 3 ? x.map { $0 / 2 } : x }, y, r2: 0.9)
    for k in columns.indices { #expect(abs(c.coefficients[k] - d.coefficients[k] * (k == 3 ? 0.5 : 1)) < 1e-7) }
  }

  @Test("two equal columns share no coefficient twice, and the gap still closes")
  func twins() throws {
    let (columns, y) = problem(5)
    let s = try Lasso().solve(columns: columns + [columns[3]], y, r2: 0.95), t = try Lasso().solve(columns: columns, y, r2: 0.95)
    #expect(s.gap <= 1e-8 && abs(s.coefficients[3] + s.coefficients[10] - t.coefficients[3]) < 1e-6)
  }

  @Test("without intercept the path stops only where the relative bias is small too")
  func bias() throws {
    let (columns, y) = problem(6)
    var lasso = Lasso()
    lasso.intercept = false
    let free = try lasso.solve(columns: columns, y, r2: 0.5)
    lasso.largestBias = abs(free.bias) / 2
    let s = try lasso.solve(columns: columns, y, r2: 0.5)
    #expect(s.intercept == 0 && abs(s.bias) <= abs(free.bias) / 2 && s.alpha < free.alpha)
    #expect(try abs(Lasso().solve(columns: columns, y, r2: 0.5).bias) < 1e-12)
  }

  @Test("cross-validation by years scores samples that the path has not seen")
  func crossValidation() throws {
    let (columns, y) = problem(7)
    let s = try Lasso().solve(columns: columns, y, r2: 0.99), years = y.indices.map { $0 / 6 }
    let r2 = try columns.flatMap { $0 }.withUnsafeBufferPointer {
      try Lasso().crossValidated(columns: $0.baseAddress!, count: 10, y, groups: years, blocks: 5, solution: s)
    }
    #expect(r2 < s.r2 && r2 > 0.9)
  }

  @Test("missing values and flat targets are refused")
  func refused() {
    expectRefusal("a value of X is missing or infinite; expected finite numbers") {
      try Lasso().solve(columns: [[1, .nan]], [1, 2], r2: 0.9)
    }
    expectRefusal("the target does not vary; expected a series with variance above 0") {
      try Lasso().solve(columns: [[1, 2]], [3, 3], r2: 0.9)
    }
    expectRefusal("0 columns of 2 samples; expected at least one column") {
      try Lasso().solve(columns: [], [3, 3], r2: 0.9)
    }
  }

  @Test("the conserving refit keeps its sum, and recovers weights that obey it")
  func conserving() throws {
    var random = RandomStream(seed: 4)
    let columns = (0..<3).map { _ in (0..<50).map { _ in random.normal() } }
    let y = (0..<50).map { i in 2 * columns[0][i] + 3 * columns[1][i] + 5 * columns[2][i] }
    let theta = try LeastSquares.solve(columns: columns, y, total: 10, at: "test")
    for (a, b) in zip(theta, [2.0, 3, 5]) { #expect(abs(a - b) < 1e-10) }
    let other = try LeastSquares.solve(columns: columns, y, total: 9, at: "test")
    #expect(abs(other.reduce(0, +) - 9) < 1e-10)
  }

  @Test("a stratified draw takes from every group, in proportion")
  func draw() {
    let labels = [Int](repeating: 0, count: 80) + [Int](repeating: 1, count: 19) + [2]
    let drawn = StratifiedDraw.draw(labels, count: 20, seed: 1)
    #expect(drawn.count == 20 && Set(drawn).count == 20)
    #expect(drawn.filter { labels[$0] == 0 }.count == 15 || drawn.filter { labels[$0] == 0 }.count == 16)
    #expect(drawn.contains(99))
    #expect(StratifiedDraw.draw(labels, count: 200, seed: 1).count == 100)
    let equal = StratifiedDraw.draw(labels, count: 21, allocation: .equal, seed: 1), root = StratifiedDraw.draw(labels, count: 20, allocation: .root, seed: 1)
    #expect(equal.filter { labels[$0] == 0 }.count == 10 && equal.filter { labels[$0] == 1 }.count == 10 && equal.count == 21)
    #expect((12...14).contains(root.filter { labels[$0] == 0 }.count) && root.count == 20)
  }

  @Test("strata separate cycles of opposite phase, and flat ones stand apart")
  func strata() throws {
    var random = RandomStream(seed: 8)
    let kinds = (0..<60).map { $0 % 3 }
    let cycles = kinds.map { kind in
      (0..<46).map { t in
        let wave = abs(Double((t + 8) % 46) - 23) / 23 - 0.5
        return (kind == 0 ? wave : kind == 1 ? -wave : 0) * 3 + 0.02 * random.normal()
      }
    }
    var options = SeasonalStrata.Options()
    options.count = 2
    let strata = try SeasonalStrata(cycles, options)
    #expect(strata.count == 3 && strata.labels.enumerated().allSatisfy { $0.element == [0, 1, 2][kinds[$0.offset]] })
  }
}
