import FluxCore
import FluxTensor
import FluxTraining
import LuaRuntime

/// An optimiser that is a Lua function: `(w, g, s) → the new w`, called for every tensor of weights in every step.
struct ScriptedOptimizer: Optimizer {
  let name: String
  let learningRate: Double
  let function: LuaFunction

  var identity: String { "scripted \(name), rate \(learningRate)" }
  var forWeighting: any Optimizer { Adam() }
  var needsOneThread: Bool { true }

  func begin(_ parameters: [Tensor], learningRate: Double?) throws -> any ActiveOptimizer {
    Active(self, parameters, learningRate ?? self.learningRate)
  }

  private final class Active: ActiveOptimizer {
    private let rule: ScriptedOptimizer, parameters: [Tensor], learningRate: Double
    private let states: [ScriptState]
    private var count = 0

    init(_ rule: ScriptedOptimizer, _ parameters: [Tensor], _ learningRate: Double) {
      self.rule = rule
      self.parameters = parameters
      self.learningRate = learningRate
      states = parameters.map { _ in ScriptState("optim.new") }
    }

    var state: [Double] { [Double(count)] + states.flatMap(\.row) }

    func restore(_ state: [Double]) throws {
      var row = state[...]
      guard let first = row.popFirst(), let steps = Int(exactly: first), steps >= 0 else {
        throw FluxError("a state of \(state.count) numbers", at: "optim.new", expected: "one of optimiser '\(rule.name)'")
      }
      count = steps
      for each in states { try each.restore(&row) }
    }

    func step(_ problem: any DescentProblem, factor: Double) throws {
      try problem.gradient()
      count += 1
      try Tape.withoutRecording {
        for (i, parameter) in parameters.enumerated() {
          guard let gradient = parameter.gradient else { continue }
          states[i].given = ["lr": learningRate * factor, "step": count, "index": i + 1]
          let moved = try rule.function.call(parameter.detached().clone(), gradient, states[i], returning: Tensor.self,
            "what optimiser '\(rule.name)' makes of tensor \(i + 1)")
          guard moved.shape == parameter.shape else {
            throw FluxError("optimiser '\(rule.name)' gave a Tensor of shape \(moved.shape)", at: "optim.new",
              expected: "\(parameter.shape), the new values of tensor \(i + 1)")
          }
          try parameter.assign(moved.detached())
          parameter.clearGradient()
        }
      }
    }
  }
}
