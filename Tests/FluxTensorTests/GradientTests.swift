import FluxCore
import FluxTensor
import Testing

/// Central differences in double lose about the square of the step (1e-10) and the
/// rounding of the loss over the step (1e-11).
private let tolerance = 1e-8

@Suite("Gradients of every operation")
struct GradientTests {
  /// A recorded operation under test, the shapes of its inputs, and the range they are drawn from.
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let shapes: [Shape]
    var low = -2.0, high = 2.0
    let run: @Sendable ([Tensor]) throws -> Tensor
  }

  static let cases: [Case] = [
    Case(description: "add", shapes: [[3, 4], [4]]) { try $0[0].adding($0[1]) },
    Case(description: "sub, stretched on both sides", shapes: [[3, 1], [1, 4]]) { try $0[0].subtracting($0[1]) },
    Case(description: "mul", shapes: [[2, 3, 4], [3, 1]]) { try $0[0].multiplied(by: $0[1]) },
    Case(description: "div", shapes: [[3, 4], []], low: 0.5) { try $0[0].divided(by: $0[1]) },
    Case(description: "pow of two tensors", shapes: [[5], [5]], low: 0.5) { try $0[0].power($0[1]) },
    Case(description: "pow 3", shapes: [[5]]) { try $0[0].power(3) },
    Case(description: "pow 1/3", shapes: [[5]], low: 0.3) { try $0[0].power(1.0 / 3) },
    Case(description: "minimum", shapes: [[6], [6]]) { try $0[0].minimum($0[1]) },
    Case(description: "maximum", shapes: [[6], [1]]) { try $0[0].maximum($0[1]) },
    Case(description: "neg", shapes: [[4]]) { try $0[0].negated() },
    Case(description: "abs", shapes: [[7]]) { try $0[0].magnitude() },
    Case(description: "exp", shapes: [[4]]) { try $0[0].exp() },
    Case(description: "log", shapes: [[4]], low: 0.4) { try $0[0].log() },
    Case(description: "sqrt", shapes: [[4]], low: 0.4) { try $0[0].squareRoot() },
    Case(description: "sin", shapes: [[4]]) { try $0[0].sin() },
    Case(description: "cos", shapes: [[4]]) { try $0[0].cos() },
    Case(description: "tanh", shapes: [[4]]) { try $0[0].tanh() },
    Case(description: "sigmoid", shapes: [[4]]) { try $0[0].sigmoid() },
    Case(description: "relu", shapes: [[8]]) { try $0[0].relu() },
    Case(description: "square", shapes: [[4]]) { try $0[0].square() },
    Case(description: "clamp", shapes: [[8]]) { try $0[0].clamped(-1, 0.7) },
    Case(description: "where", shapes: [[2, 3], [3]]) {
      try $0[0].where(Tensor([1, 0, 1], shape: [3]), $0[1])
    },
    Case(description: "sum of one dimension", shapes: [[2, 3, 4]]) { try $0[0].sum(1) },
    Case(description: "mean, kept", shapes: [[2, 3, 4]]) { try $0[0].mean(2, keep: true) },
    Case(description: "mean of all", shapes: [[2, 3]]) { try $0[0].mean() },
    Case(description: "var of one dimension", shapes: [[3, 5]]) { try $0[0].variance(1) },
    Case(description: "std of all, n − 1", shapes: [[3, 5]]) { try $0[0].standardDeviation(correction: 1) },
    Case(description: "max", shapes: [[3, 5]]) { try $0[0].max(0) },
    Case(description: "min", shapes: [[3, 5]]) { try $0[0].min() },
    Case(description: "norm 3", shapes: [[3, 5]], low: 0.2) { try $0[0].norm(3, 1) },
    Case(description: "nanmean", shapes: [[3, 5]]) { try $0[0].nanmean(0) },
    Case(description: "nanstd", shapes: [[3, 5]]) { try $0[0].nanstd(1) },
    Case(description: "norm 2 of all", shapes: [[3, 5]]) { try $0[0].norm() },
    Case(description: "norm 1", shapes: [[3, 5]]) { try $0[0].norm(1, 0) },
    Case(description: "norm infinity", shapes: [[3, 5]]) { try $0[0].norm(.infinity, 1) },
    Case(description: "norm 1/2", shapes: [[3, 5]], low: 0.2) { try $0[0].norm(0.5, 1) },
    Case(description: "nanstd, n − 1", shapes: [[3, 5]]) { try $0[0].nanstd(0, correction: 1) },
    Case(description: "sum of a middle dimension", shapes: [[2, 3, 4]]) { try $0[0].sum(1) },
    Case(description: "nansum of the first dimension", shapes: [[4, 3]]) { try $0[0].nansum(0) },
    Case(description: "cumsum", shapes: [[3, 4]]) { try $0[0].cumulativeSum(0) },
    Case(description: "cumsum of all", shapes: [[3, 4]]) { try $0[0].cumulativeSum() },
    Case(description: "sort", shapes: [[3, 5]]) { try $0[0].sorted(1).values },
    Case(description: "sort, descending, of a transpose", shapes: [[3, 5]]) { try $0[0].transposed(0, 1).sorted(0, descending: true).values },
    Case(description: "gather with repeats", shapes: [[3, 4]]) { try $0[0].gathered(1, Tensor([1, 1, 4, -1, 2, 2], shape: [3, 2], dtype: .int64)) },
    Case(description: "number on the left of -", shapes: [[4]]) { try $0[0].subtracted(from: 2) },
    Case(description: "number on the left of /", shapes: [[4]], low: 0.5) { try $0[0].dividing(3) },
    Case(description: "number on the left of ^", shapes: [[4]]) { try $0[0].exponent(of: 1.7) },
    Case(description: "number on the right of /", shapes: [[4]]) { try $0[0].divided(by: 3) },
    Case(description: "maximum with a number", shapes: [[9]]) { try $0[0].maximum(0.3) },
    Case(description: "one tensor on both sides", shapes: [[4]]) { try $0[0].multiplied(by: $0[0]).adding($0[0]).subtracting($0[0].transposed(0, 0)) },
    Case(description: "a sum used twice, by a leaf and a product", shapes: [[2, 3], [3]]) {
      let sum = try $0[0].adding($0[1])
      return try sum.multiplied(by: sum).adding(sum).subtracting($0[1])
    },
    Case(description: "broadcast of both operands of a transpose", shapes: [[4, 3], [1, 4]]) { try $0[0].transposed(0, 1).divided(by: $0[1].exp()) },
    Case(description: "matmul", shapes: [[3, 4], [4, 2]]) { try $0[0].matrixProduct($0[1]) },
    Case(description: "matmul of a transpose with a vector", shapes: [[4, 3], [4]]) { try $0[0].transposed(0, 1).matrixProduct($0[1]) },
    Case(description: "dot", shapes: [[4], [4]]) { try $0[0].dot($0[1]) },
    Case(description: "reshape of a transpose", shapes: [[3, 4]]) { try $0[0].transposed(0, 1).reshaped([2, -1]) },
    Case(description: "expand", shapes: [[3, 1]]) { try $0[0].expanded(to: [2, 3, 4]) },
    Case(description: "squeeze and unsqueeze", shapes: [[3, 1]]) { try $0[0].squeezed().unsqueezed(0) },
    Case(description: "slice", shapes: [[4, 5]]) { try $0[0].narrowed(1, from: 1, length: 3) },
    Case(description: "select", shapes: [[4, 5]]) { try $0[0].selected(0, 2) },
    Case(description: "cat", shapes: [[2, 3], [2, 1]]) { try Tensor.concatenated($0, 1) },
    Case(description: "stack", shapes: [[3], [3]]) { try Tensor.stacked($0, 1) },
    Case(description: "clone", shapes: [[3]]) { try $0[0].clone() },
    Case(description: "named", shapes: [[3]]) { try $0[0].named(["region"]) },
    Case(description: "contiguous", shapes: [[3, 2]]) { try $0[0].transposed(0, 1).contiguous() },
  ]

  @Test("reverse mode agrees with central differences", arguments: cases)
  func agrees(_ test: Case) throws {
    var random = RandomStream(seed: 42, purpose: test.description)
    let inputs = try test.shapes.map { shape in
      try Tensor((0..<shape.count).map { _ in random.uniform(test.low, test.high) }, shape: shape)
    }
    // Distinct weights, so that no two entries of the result can be exchanged.
    let weights = (0..<1000).map { _ in random.uniform(0.5, 1.5) }
    let error = try GradientCheck.largestError(at: inputs) { x in
      let y = try test.run(x)
      return try y.multiplied(by: Tensor(Array(weights[..<y.count]), shape: y.shape)).sum()
    }
    #expect(error < tolerance)
  }

  @Test("a wrong derivative would be found")
  func sensitivity() throws {
    let x = try Tensor([0.3, -1.2, 2])
    let error = try GradientCheck.largestError(at: [x]) { leaves in
      let y = try Tape.withoutRecording { try leaves[0].square() }
      return try Tape.record("wrong square", leaves, y) { g in [try g.multiplied(by: leaves[0])] }.sum()
    }
    #expect(error > 0.4)
  }

  @Test("a missing value has a gradient of exactly zero, also through the third power")
  func missing() throws {
    let x = try Tensor([1, .nan, 3]).requireGradient()
    let loss = try x.subtracting(x.number(0.5)).magnitude().power(3).nanmean().power(1.0 / 3)
    try loss.backward()
    let g = x.gradient!.doubles()
    #expect(g[1] == 0)
    #expect(g[0] > 0 && g[2] > 0)
  }

  @Test("a group that is missing as a whole gives NaN and no gradient")
  func missingGroup() throws {
    let x = try Tensor([1, .nan, 3, .nan], shape: [2, 2]).requireGradient()
    let means = try x.nanmean(0)
    #expect(means.doubles()[0] == 2)
    #expect(means.doubles()[1].isNaN)
    try means.nansum().backward()
    #expect(x.gradient!.doubles() == [0.5, 0, 0.5, 0])
  }

  @Test("float32's vector kernels give float64's gradients, and exactly none to what is missing", arguments: [1, 16, 37, 1000])
  func kernels(_ count: Int) throws {
    var random = RandomStream(seed: 7, purpose: "kernels \(count)")
    var x = (0..<count).map { _ in random.uniform(-2, 2) }, w = (0..<count).map { _ in random.uniform(-2, 2) }
    if count > 20 { x[3] = .nan; w[20] = .infinity }
    func gradients(_ type: DType) throws -> [[Double]] {
      let a = try Tensor(x, dtype: type).requireGradient(), b = try Tensor(w, dtype: type).requireGradient()
      let u = try a.multiplied(by: b).adding(a)
      try u.tanh().multiplied(by: a).adding(u.multiplied(by: 0.5).tanh()).multiplied(by: b).where(a.isNaN().adding(b.equal(.infinity)).equal(0), a.number(0))
        .nansum().backward()
      return try [#require(a.gradient).doubles(), #require(b.gradient).doubles()]
    }
    let single = try gradients(.float32), double = try gradients(.float64)
    for (f, d) in zip(single.joined(), double.joined()) { #expect(abs(f - d) <= 2e-5 * (1 + abs(d)), "\(f) beside \(d)") }
    if count > 20 { #expect(single[0][3] == 0 && single[1][3] == 0 && single[0][20] == 0 && single[1][20] == 0) }
  }
}
