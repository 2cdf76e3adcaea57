internal import COpenBLAS
import FluxCore

/// The columns that the path has met so far, their inner products and their coefficients.
///
/// Only these columns' products with all others are ever computed: for some seventy active columns among
/// thousands nobody needs the whole Gram matrix.
final class LassoWorkingSet {
  private let problem: LassoProblem
  /// The feature of each slot.
  private(set) var members: [Int] = []
  private var isMember: [Bool]
  /// Products of each slot with every feature. Shape `[slot, feature]`.
  private var products: [Double] = []
  /// Products among slots. Shape `[slot, slot]`.
  private var gram: [Double] = []
  /// Coefficients of the standardised columns. Shape `[slot]`.
  private(set) var beta: [Double] = []
  /// Σ w x̃ y and Σ w x̃ (y − Xβ). Shape `[slot]`.
  private var start: [Double] = [], slope: [Double] = []
  /// Σ w x̃ (y − Xβ) of every feature, as of the last ``certify(_:)``.
  private var allSlopes: [Double]
  /// Columns that enter at once: enough for the product to be bound by arithmetic, not by reading X.
  private static let batch = 24

  var count: Int { members.count }
  /// Slots whose coefficient is not zero.
  var support: [Int] { beta.indices.filter { beta[$0] != 0 } }

  init(_ problem: LassoProblem) {
    self.problem = problem
    isMember = [Bool](repeating: false, count: problem.features)
    allSlopes = problem.correlation
  }

  /// Takes in the columns that the optimum over the members leaves too steep, and the steepest of the rest beside them.
  ///
  /// - Returns: whether there were any.
  func grow(_ alpha: Double) -> Bool {
    let outside = allSlopes.indices.filter { !isMember[$0] && problem.squares[$0] > 0 }
    let bound = alpha / 2 * (1 + 1e-9)
    guard outside.contains(where: { allSlopes[$0].magnitude > bound }) else { return false }
    // Ties by position: the order never depends on anything else.
    let steepest = outside.filter { allSlopes[$0].magnitude > alpha / 2 * 0.5 }
      .sorted { (allSlopes[$0].magnitude, $1) > (allSlopes[$1].magnitude, $0) }
    add(Array(steepest.prefix(Self.batch)))
    return true
  }

  private func add(_ chosen: [Int]) {
    let old = members.count, p = problem.features
    members += chosen
    for k in chosen { isMember[k] = true }
    products += [Double](repeating: 0, count: chosen.count * p)
    products.withUnsafeMutableBufferPointer { problem.products(of: chosen, into: $0.baseAddress! + old * p) }
    beta += [Double](repeating: 0, count: chosen.count)
    start = members.map { problem.correlation[$0] }
    let w = members.count
    gram = [Double](unsafeUninitializedCapacity: w * w) { gram, filled in
      filled = w * w
      products.withUnsafeBufferPointer { products in
        for a in 0..<w { for b in 0...a {
          let g = products[a * p + members[b]]
          (gram[a * w + b], gram[b * w + a]) = (g, g)
        } }
      }
    }
    refresh()
  }

  /// Slopes of the members afresh from the coefficients.
  private func refresh() {
    slope = start
    let w = Int32(members.count)
    for slot in support { cblas_daxpy(w, -beta[slot], Array(gram[(slot * members.count)..<((slot + 1) * members.count)]), 1, &slope, 1) }
  }

  /// Moves to the optimum over the members: sweeps of coordinate descent find the signs, then a linear system their values.
  ///
  /// - Parameter sharpness: of the optimality conditions, relative to α.
  /// - Returns: sweeps made.
  func descend(_ alpha: Double, sharpness: Double, sweeps: Int) -> Int {
    guard !members.isEmpty else { return 1 }
    for sweep in 1...sweeps {
      coordinateSweep(alpha, activeOnly: false)
      coordinateSweep(alpha, activeOnly: true)
      solveSigns(alpha)
      if isOptimal(alpha, sharpness) { return sweep }
    }
    return sweeps
  }

  private func coordinateSweep(_ alpha: Double, activeOnly: Bool) {
    let w = members.count
    beta.withUnsafeMutableBufferPointer { beta in slope.withUnsafeMutableBufferPointer { slope in gram.withUnsafeBufferPointer { gram in
      for k in 0..<w where !activeOnly || beta[k] != 0 {
        let row = gram.baseAddress! + k * w, square = row[k]
        let z = slope[k] + square * beta[k]
        let moved = max(z.magnitude - alpha / 2, 0) * (z < 0 ? -1 : 1) / square
        let change = moved - beta[k]
        if change != 0 {
          beta[k] = moved
          for j in 0..<w { slope[j] -= row[j] * change }
        }
      }
    } } }
  }

  /// The optimum for the signs as they are; where one would turn, the way there ends and that coefficient leaves.
  private func solveSigns(_ alpha: Double) {
    let before = (beta, slope, objective(alpha)), w = members.count
    while true {
      let active = support
      guard !active.isEmpty else { break }
      var matrix = [Double](repeating: 0, count: active.count * active.count)
      for (i, a) in active.enumerated() { for (j, b) in active.enumerated() { matrix[i * active.count + j] = gram[a * w + b] } }
      var solution = active.map { start[$0] - alpha / 2 * (beta[$0] > 0 ? 1 : -1) }
      var n = Int32(active.count), one: Int32 = 1, info: Int32 = 0
      dposv_("U", &n, &one, &matrix, &n, &solution, &n, &info)
      guard info == 0, solution.allSatisfy(\.isFinite) else { break }
      var step = 1.0, leaving: Int?
      for (slot, target) in zip(active, solution) where (target > 0) != (beta[slot] > 0) || target == 0 {
        let reach = beta[slot] / (beta[slot] - target)
        if reach < step || leaving == nil { (step, leaving) = (reach, slot) }
      }
      for (slot, target) in zip(active, solution) { beta[slot] = step == 1 ? target : beta[slot] + step * (target - beta[slot]) }
      guard let leaving else { break }
      beta[leaving] = 0
    }
    refresh()
    // Nearly singular products give nonsense now and then: the sweeps go on without it.
    if !(objective(alpha) <= before.2 * (1 + 1e-13)) { (beta, slope) = (before.0, before.1) }
  }

  /// ‖y − Xβ‖² + α‖β‖₁.
  private func objective(_ alpha: Double) -> Double {
    var value = problem.squaresOfY
    for k in beta.indices where beta[k] != 0 { value += alpha * beta[k].magnitude - beta[k] * (start[k] + slope[k]) }
    return value
  }

  private func isOptimal(_ alpha: Double, _ sharpness: Double) -> Bool {
    let half = alpha / 2, slack = half * sharpness
    return beta.indices.allSatisfy { k in
      beta[k] == 0 ? slope[k].magnitude <= half + slack : (slope[k] - (beta[k] > 0 ? half : -half)).magnitude <= slack
    }
  }

  /// The relative duality gap over all columns, and R².
  ///
  /// The dual point is the residual, scaled until it is feasible.
  func certify(_ alpha: Double) -> (gap: Double, r2: Double) {
    let p = problem.features
    allSlopes = problem.correlation
    products.withUnsafeBufferPointer { products in
      for slot in support { cblas_daxpy(Int32(p), -beta[slot], products.baseAddress! + slot * p, 1, &allSlopes, 1) }
    }
    var residualTimesY = problem.squaresOfY, squares = problem.squaresOfY, norm = 0.0
    for slot in support {
      residualTimesY -= beta[slot] * start[slot]
      squares -= beta[slot] * (start[slot] + allSlopes[members[slot]])
      norm += beta[slot].magnitude
    }
    squares = max(squares, 0)
    let steepest = allSlopes.lazy.map(\.magnitude).max() ?? 0
    let feasible = steepest > 0 ? alpha / 2 / steepest : .infinity
    let scale = squares > 0 ? min(max(residualTimesY / squares, -feasible), feasible) : 1
    let dual = 2 * scale * residualTimesY - scale * scale * squares
    return ((squares + alpha * norm - dual) / problem.squaresOfY, 1 - squares / problem.squaresOfY)
  }
}
