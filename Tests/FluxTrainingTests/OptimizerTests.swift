import FluxCore
import FluxTensor
import FluxTraining
import Foundation
import TestSupport
import Testing

/// Optimisers against PyTorch's, see Tests/ReferenceData/optimizers.py.
@Suite("Optimisers")
struct OptimizerTests {
  private static func momentum(_ value: Double, nesterov: Bool = false, decay: Double = 0) -> StochasticGradientDescent {
    var rule = StochasticGradientDescent()
    (rule.learningRate, rule.momentum, rule.isNesterov, rule.weightDecay) = (0.05, value, nesterov, decay)
    return rule
  }

  private static func adam(_ rate: Double, _ beta1: Double = 0.9, _ beta2: Double = 0.999, epsilon: Double = 1e-8, decay: Double = 0) -> Adam {
    var rule = Adam()
    (rule.learningRate, rule.beta1, rule.beta2, rule.epsilon, rule.weightDecay) = (rate, beta1, beta2, epsilon, decay)
    return rule
  }

  static let rules: [(String, any Optimizer & Sendable)] = [
    ("adam", adam(0.02)), ("adam_betas", adam(0.05, 0.8, 0.95, epsilon: 1e-4)), ("adamw", adam(0.02, decay: 0.1)), ("sgd", momentum(0)),
    ("momentum", momentum(0.9)), ("nesterov", momentum(0.9, nesterov: true)), ("momentum_decay", momentum(0.9, decay: 0.1)),
  ]

  /// ½ Σ a (w − c)² over the matrix and the row.
  private static func loss(_ w: Tensor, _ b: Tensor) throws -> Tensor {
    func part(_ x: Tensor, _ a: [Double], _ c: [Double]) throws -> Tensor {
      try x.subtracting(Tensor(c, shape: x.shape)).square().multiplied(by: Tensor(a, shape: x.shape)).sum()
    }
    let total = try part(w, (0..<6).map { 1 + Double($0) }, (0..<6).map { 0.3 * Double($0) }).adding(part(b, [2, 3], [-0.5, 0.5]))
    return try total.multiplied(by: total.number(0.5))
  }

  private static func start() throws -> (w: Tensor, b: Tensor) {
    (try Tensor([Double](repeating: 2, count: 6), shape: [3, 2]).requireGradient(), try Tensor([-1, -1], dtype: .float64).requireGradient())
  }

  @Test("each rule gives PyTorch's weights after 25 steps of a quadratic loss", arguments: rules.indices)
  func reference(_ index: Int) throws {
    let (name, rule) = Self.rules[index], (w, b) = try Self.start(), active = try rule.begin([w, b], learningRate: nil)
    for _ in 0..<25 {
      try Self.loss(w, b).backward()
      try active.step(GivenGradients(), factor: 1)
    }
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("ReferenceData/optimizers.csv")
    let wanted = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").compactMap { line -> Double? in
      let words = line.split(separator: ",")
      return words[0] == name ? Double(words[2]) : nil
    }
    let came = w.doubles() + b.doubles()
    #expect(wanted.count == 8)
    for (x, y) in zip(came, wanted) { #expect(abs(x - y) <= 1e-13 * max(1, abs(y)), "\(name): \(x), PyTorch: \(y)") }
  }

  @Test("a rule that is taken up from its state goes on with the same bits; another rule's state is refused", arguments: rules.indices)
  func state(_ index: Int) throws {
    let rule = Self.rules[index].1
    func run(_ steps: Range<Int>, _ w: Tensor, _ b: Tensor, _ active: any ActiveOptimizer) throws {
      for _ in steps {
        try Self.loss(w, b).backward()
        try active.step(GivenGradients(), factor: 1)
      }
    }
    let (w, b) = try Self.start(), whole = try rule.begin([w, b], learningRate: nil)
    try run(0..<7, w, b, whole)
    let copies = try [w, b].map { try Tensor($0.doubles(), shape: $0.shape).requireGradient() }
    let again = try rule.begin(copies, learningRate: nil)
    try again.restore(whole.state)
    try run(7..<15, w, b, whole)
    try run(7..<15, copies[0], copies[1], again)
    #expect(w.doubles() == copies[0].doubles() && b.doubles() == copies[1].doubles() && whole.state == again.state)
    expectRefusal("a state of 3 numbers; expected \(again.state.count)") { try again.restore([1, 2, 3]) }
  }

  @Test("L-BFGS finds the minimum of Rosenbrock's valley, and of a quadratic to eight digits",
    .enabled(if: LimitedMemoryBFGS.version != nil, "needs NLopt"))
  func limitedMemory() throws {
    var rule = LimitedMemoryBFGS()
    rule.evaluations = 100
    let x = try Tensor([-1.2, 1], dtype: .float64).requireGradient(), valley = try rule.begin([x], learningRate: nil)
    try valley.step(GivenLoss {
      let (a, b) = (try x.narrowed(0, from: 0, length: 1), try x.narrowed(0, from: 1, length: 1))
      let f = try b.subtracting(a.square()).square().multiplied(by: a.number(100)).adding(a.subtracting(a.number(1)).square()).sum()
      try f.backward()
      return try f.item()
    }, factor: 1)
    for value in x.doubles() { #expect(abs(value - 1) < 1e-6, "\(value)") }
    #expect(x.gradient == nil && valley.state.isEmpty)

    let (w, b) = try Self.start()
    try rule.begin([w, b], learningRate: nil).step(GivenLoss {
      let f = try Self.loss(w, b)
      try f.backward()
      return try f.item()
    }, factor: 1)
    for (i, value) in w.doubles().enumerated() { #expect(abs(value - 0.3 * Double(i)) < 1e-8, "\(value)") }
  }

  @Test("L-BFGS passes on what the loss throws, and wants the loss",
    .enabled(if: LimitedMemoryBFGS.version != nil, "needs NLopt"))
  func limitedMemoryErrors() throws {
    let (w, b) = try Self.start(), active = try LimitedMemoryBFGS().begin([w, b], learningRate: nil)
    expectRefusal("no loss today") { try active.step(GivenLoss { throw FluxError("no loss today", at: "test") }, factor: 1) }
    expectRefusal("a step without the loss; expected a function that gives it") { try active.step(GivenGradients(), factor: 1) }
  }

  @Test("schedules: cosine from 1 to its end, steps, and a slow start before another")
  func schedules() {
    let cosine = LearningRateSchedule.cosine(final: 0, epochs: nil)
    #expect(cosine.factor(1, of: 60) == 1 && abs(cosine.factor(31, of: 60) - 0.5) < 1e-15 && cosine.factor(61, of: 60) == 0)
    #expect(LearningRateSchedule.cosine(final: 0.1, epochs: 10).factor(11, of: 60) == 0.1)
    let steps = LearningRateSchedule.steps(every: 10, factor: 0.5)
    #expect([1, 10, 11, 20, 21].map { steps.factor($0, of: 60) } == [1, 1, 0.5, 0.5, 0.25])
    let slow = LearningRateSchedule.warmup(epochs: 4, then: cosine)
    #expect([1, 2, 4, 5].map { slow.factor($0, of: 60) } == [0.25, 0.5, 1, 1] && slow.factor(33, of: 60) == cosine.factor(29, of: 56))
  }
}
