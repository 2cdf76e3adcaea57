import FluxCore
import FluxTensor
@testable import FluxTraining
import Glibc
import Testing

@Suite("Gauss–Newton")
struct GaussNewtonTests {
  /// Seven predictions of twelve weights, some of them nearly the same, and a loss of the kind of the regional term's: not a square, not smooth to all orders.
  private struct Problem {
    static let predictions = 7, weights = 12
    var random = RandomStream(seed: 21)
    let jacobian: [Float], values: [Double], goals: [Double], sizes: [Double], move: [Double]

    init() {
      var random = RandomStream(seed: 21)
      var rows = (0..<Self.predictions).map { _ in (0..<Self.weights).map { _ in Float(random.normal()) } }
      rows[3] = zip(rows[2], rows[3]).map { $0 + 0.01 * $1 }
      jacobian = rows.flatMap { $0 }
      values = (0..<Self.predictions).map { _ in random.normal() }
      goals = (0..<Self.predictions).map { _ in random.normal() }
      sizes = (0..<Self.weights).map { _ in random.uniform(0.01, 0.5) }
      move = (0..<Self.weights).map { _ in 0.1 * random.normal() }
      self.random = random
    }

    /// Σ_i (i + 1) (mean over two members |u|³)^{1/3}, or ½ Σ (i + 1) u² for a square.
    func loss(_ values: [Double], isSquare: Bool) -> (value: Double, gradient: [Double]) {
      var sum = 0.0, gradient: [Double] = []
      for (i, (v, goal)) in zip(values, goals).enumerated() {
        let u = v - goal, w = Double(i + 1)
        if isSquare {
          sum += 0.5 * w * u * u
          gradient.append(w * u)
        } else {
          let a = u - 0.3, b = u + 0.3, mean = (pow(abs(a), 3) + pow(abs(b), 3)) / 2
          sum += w * cbrt(mean)
          gradient.append(w * (a * abs(a) + b * abs(b)) / 2 / pow(cbrt(mean), 2))
        }
      }
      return (sum, gradient)
    }

    func predictions(isSquare: Bool) -> Predictions {
      Predictions(values: values, jacobian: jacobian) { loss($0, isSquare: isSquare) }
    }

    /// ½ Σ (δ − a)² / μ + ℓ(m̂ + J δ), straight from the definition.
    func objective(_ delta: [Double], isSquare: Bool) -> Double {
      let moved = values.indices.map { i in
        values[i] + delta.indices.reduce(0) { $0 + Double(jacobian[i * Self.weights + $1]) * delta[$1] }
      }
      return delta.indices.reduce(0) { $0 + 0.5 * pow(delta[$1] - move[$1], 2) / sizes[$1] } + loss(moved, isSquare: isSquare).value
    }
  }

  @Test("a step ends where the linearised objective is least: its derivatives vanish there and a thousand other steps are worse",
    arguments: [(true, 1), (false, 40)])
  func minimum(_ isSquare: Bool, _ iterations: Int) throws {
    var problem = Problem()
    let predictions = problem.predictions(isSquare: isSquare)
    let multipliers = try ProximalStep(predictions, sizes: problem.sizes, move: problem.move).solve(iterations: iterations)
    let delta = zip(problem.move, zip(problem.sizes, predictions.pull(multipliers))).map { $0 - $1.0 * $1.1 }
    let least = problem.objective(delta, isSquare: isSquare), h = 1e-5
    for k in delta.indices {
      var up = delta, down = delta
      up[k] += h
      down[k] -= h
      let slope = (problem.objective(up, isSquare: isSquare) - problem.objective(down, isSquare: isSquare)) / (2 * h)
      #expect(abs(slope) < 1e-6, "weight \(k): \(slope)")
    }
    for _ in 0..<1000 {
      let size = pow(10, problem.random.uniform(-3, 0)), other = delta.map { $0 + size * problem.random.normal() }
      #expect(problem.objective(other, isSquare: isSquare) > least)
    }
  }

  @Test("each iteration gains: three most of what there is, ten all of it")
  func iterations() throws {
    let problem = Problem(), predictions = problem.predictions(isSquare: false)
    let reached = try [0, 1, 3, 10, 40].map { iterations in
      let c = try ProximalStep(predictions, sizes: problem.sizes, move: problem.move).solve(iterations: iterations)
      return problem.objective(zip(problem.move, zip(problem.sizes, predictions.pull(c))).map { $0 - $1.0 * $1.1 }, isSquare: false)
    }
    #expect(zip(reached, reached.dropFirst()).allSatisfy { $0 >= $1 - 1e-9 } && reached[0] - reached[1] > 0, "\(reached)")
    #expect(reached[0] - reached[2] > 0.5 * (reached[0] - reached[4]) && reached[3] - reached[4] < 1e-9, "\(reached)")
  }

  @Test("without predictions it is Adam")
  func adam() throws {
    var rule = GaussNewton(), other = Adam()
    (rule.learningRate, other.learningRate) = (0.02, 0.02)
    func path(_ rule: any Optimizer) throws -> [Double] {
      let w = try Tensor([2, -1, 0.5, 3, 1, -2], shape: [3, 2]).requireGradient(), b = try Tensor([-1, 1], dtype: .float64).requireGradient()
      let active = try rule.begin([w, b], learningRate: nil)
      for step in 0..<25 {
        try w.square().sum().adding(b.adding(b.number(Double(step))).square().sum()).backward()
        try active.step(GivenGradients(), factor: 1 / Double(step + 1))
      }
      return w.doubles() + b.doubles()
    }
    for (a, b) in zip(try path(rule), try path(other)) { #expect(abs(a - b) < 1e-14) }
  }

  @Test("through a bridge the regional loss comes out lower than Adam's after as many steps; without one the two are alike")
  func besideAdam() throws {
    func run(_ rule: any Optimizer) throws -> [EpochRecord] {
      var plan = try BiasedWorld().plan()
      plan.epochs = 8
      plan.optimizer = rule
      return try Trainer(plan).train().records
    }
    let newton = try run(GaussNewton()), adam = try run(Adam())
    func last(_ records: [EpochRecord]) -> Double {
      records.filter { $0.variant == "ec_atm" && $0.epoch == 8 }.reduce(0) { $0 + $1.valid.first { $0.term == "atm" }!.loss }
    }
    #expect(last(newton) < last(adam), "\(last(newton)) and \(last(adam))")
    let (a, b) = (newton.filter { $0.variant == "ec" }, adam.filter { $0.variant == "ec" })
    #expect(a.count == 24 && zip(a, b).allSatisfy { abs($0.score - $1.score) < 1e-4 })
  }
}
