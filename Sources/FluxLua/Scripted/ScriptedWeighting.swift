import FluxCore
import FluxObjective
import FluxTensor
import LuaRuntime

/// A weighting that is a Lua function: `(losses, s) → the total`, or factors by name.
final class ScriptedWeighting: Weighting {
  private let function: LuaFunction, learnt: [String: Double], learningRate: Double?

  init(_ function: LuaFunction, learnt: [String: Double], learningRate: Double?) {
    (self.function, self.learnt, self.learningRate) = (function, learnt, learningRate)
  }

  var needsOneThread: Bool { true }

  func identity(epochs: Int) -> String {
    let names = learnt.sorted { $0.key < $1.key }.map { "\($0.key) from \($0.value)" }.joined(separator: ", ")
    return "scripted" + (names.isEmpty ? "" : ", learns \(names), rate \(learningRate.map { "\($0)" } ?? "the model's")")
  }

  func begin(terms: [String], losses: [Double]) throws -> any ActiveWeighting {
    try Active(function, terms, losses, learnt, learningRate)
  }

  private final class Active: ActiveWeighting {
    private let function: LuaFunction, terms: [String], first: [Double]
    private let names: [String]
    let parameters: [Tensor], learningRate: Double?
    private(set) var weights: [Double]
    private let memory = ScriptState("objective.weighting")
    private var epoch = 1, epochs = 1, count = 0

    init(_ function: LuaFunction, _ terms: [String], _ first: [Double], _ learnt: [String: Double], _ learningRate: Double?) throws {
      (self.function, self.terms, self.first, self.learningRate) = (function, terms, first, learningRate)
      names = learnt.keys.sorted()
      parameters = try names.map { try Tensor.scalar(learnt[$0]!, .float64).requireGradient() }
      weights = terms.map { _ in 1 }
    }

    func begin(epoch: Int, of epochs: Int) { (self.epoch, self.epochs) = (epoch, epochs) }

    // Factors too: a run that is taken up may end before its next step.
    var state: [Double] { [Double(count)] + weights + memory.row }

    func restore(_ state: [Double]) throws {
      guard state.count > terms.count, let steps = Int(exactly: state[0]), steps >= 0 else {
        throw FluxError("a state of \(state.count) numbers", at: "objective.weighting", expected: "one of this weighting")
      }
      count = steps
      weights = Array(state[1...terms.count])
      var row = state[(terms.count + 1)...]
      try memory.restore(&row)
    }

    /// The function sees the losses as leaves: the slope by each is the factor of its term, whatever the function is.
    func combine(_ losses: [Tensor]) throws -> Tensor {
      count += 1
      let leaves = try losses.map { try $0.detached().clone().requireGradient() }
      var told: [String: any LuaPushable] = ["epoch": epoch, "epochs": epochs, "step": count, "first": named(first)]
      for (name, parameter) in zip(names, parameters) { told[name] = parameter }
      memory.given = told
      var list = LuaTable(items: leaves)
      list.fields = zip(terms, leaves).map { (name: $0, value: $1) }
      let values = try function.call(list, memory)
      guard let session = function.session, let value = values.first else { throw wrong("nothing (is a 'return' missing?)") }
      if let total = value.read(in: session, as: Tensor.self) {
        guard total.count == 1 else { throw wrong("a Tensor of shape \(total.shape)") }
        try total.backward()
        weights = try leaves.map { try $0.gradient?.item() ?? 0 }
      } else if let factors = value.read(in: session, as: [String: Double].self) {
        try FixedWeighting.check(factors.keys, among: terms, at: "objective.weighting")
        weights = terms.map { factors[$0] ?? 1 }
      } else {
        throw wrong("no Tensor and no table of numbers")
      }
      return try FixedWeighting.total(losses, weights)
    }

    private func named(_ values: [Double]) -> [String: Double] { Dictionary(zip(terms, values), uniquingKeysWith: { a, _ in a }) }

    private func wrong(_ came: String) -> FluxError {
      FluxError("the function gave \(came)", at: "objective.weighting", expected: "the total, a Tensor with one element, or factors by name of the term")
    }
  }
}

/// `objective.scheduled{…}` and `objective.weighting(f)`.
let scriptedWeightings: [LuaModule.Member] = [
  .function("scheduled", "(factors: table) -> Weighting", "factors that change from epoch to epoch: by name of the term a number, or a function of epoch and epochs",
    example: """
      objective.scheduled { ec = 1, atm = function(epoch, epochs) return 20 * epoch / epochs end }
      """
  ) { call in
    let given: [String: LuaValue] = try call.argument(1, "factors")
    let factors = try given.mapValues { value -> ScheduledWeighting.Factor in
      if let number = value.number { return { _, _ in number } }
      if let schedule = value.read(in: call.session, as: ScheduleChoice.self) { return { schedule.schedule.factor($0, of: $1) } }
      guard let function = value.read(in: call.session, as: LuaFunction.self) else {
        throw call.mismatch(1, "factors", expected: "by name of the term a number, a function of the epoch, or a Schedule")
      }
      return { try function.call($0, $1, returning: Double.self, "the factor of a term") }
    }
    return WeightingChoice(ScheduledWeighting(factors), "Weighting scheduled: " + factors.keys.sorted().joined(separator: ", "))
  },
  .function("weighting", "({learn?: table, lr: number|string = 0.01}?, f: function) -> Weighting",
    "any function(losses, s) of the terms' losses, losses.ec and by ipairs, that gives the total or factors by name; learn names numbers that are learnt, s.NAME; s keeps what is set",
    example: """
      kendall = objective.weighting({ learn = { ec = 0, atm = 0 } }, function(losses, s)
        return 0.5 * ((-s.ec):exp() * losses.ec + s.ec + (-s.atm):exp() * losses.atm + s.atm)
      end)
      equal_shares = objective.weighting(function(losses, s)   -- as long as they were at the start
        return { ec = 1 / s.first.ec, atm = 1 / s.first.atm }
      end)
      """
  ) { call in
    let hasOptions = call.typeName(1) == "table", options = hasOptions ? try call.options(1) : nil
    let f: LuaFunction = try call.argument(hasOptions ? 2 : 1, "f")
    let learnt: [String: Double] = try options?.value("learn") ?? [:]
    return WeightingChoice(ScriptedWeighting(f, learnt: learnt, learningRate: try options.map(learningRate) ?? 0.01), "Weighting scripted")
  },
]

/// The option `lr` of what a weighting learns; nil for "model".
func learningRate(_ options: LuaOptions) throws -> Double? {
  if let lr = options.value("lr", if: Double.self) { return lr }
  guard options.has("lr") else { return 0.01 }
  guard try options.required("lr", as: String.self) == "model" else { throw options.mismatch("lr", "another word", expected: "'model' or a number") }
  return nil
}
