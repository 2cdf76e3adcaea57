import FluxCore
import FluxTensor
import FluxTraining
import LuaRuntime

/// An optimiser as scripts hold it.
public struct OptimizerChoice: LuaExposed {
  let optimizer: any Optimizer
  public let luaDescription: String
  public static let luaType = LuaType<OptimizerChoice>("Optimizer", "how gradients move weights", members: [
    .method("over", "(parameters: Tensor[]) -> Descent", "its state for some leaves of the tape, for training loops of your own",
      example: """
        descent = optim.adam { lr = 0.003 }:over(m:parameters())
        m:mse(days.x, days.nee):backward()
        descent:step()
        """
    ) { o, call in
      let parameters: [Tensor] = try call.argument(1, "parameters")
      if let i = parameters.firstIndex(where: { !$0.requiresGradient }) {
        throw FluxError("tensor \(i + 1) asks for no gradient", at: call.place, expected: "leaves of the tape",
          remedy: "Call :requires_grad() on it.")
      }
      return Descent(try o.optimizer.begin(parameters, learningRate: nil), parameters.count)
    },
  ])
}

/// An optimiser at work on some parameters.
public final class Descent: LuaExposed {
  private let active: any ActiveOptimizer
  public let luaDescription: String

  init(_ active: any ActiveOptimizer, _ count: Int) {
    self.active = active
    luaDescription = "Descent of \(count) tensors"
  }

  public static let luaType = LuaType<Descent>("Descent", "an optimiser at work on some tensors", members: [
    .method("step", "(factor: number|function = 1)",
      "moves each tensor by its gradient and clears that; factor multiplies the learning rate; optim.lbfgs wants a function that gives the loss",
      example: """
        x = tensor({ -1.2, 1 }, { dtype = "float64" }):requires_grad()
        descent = optim.lbfgs { evaluations = 100 }:over { x }
        descent:step(function()
          local a, b = x[{ { 1, 1 } }], x[{ { 2, 2 } }]
          return (1 - a) ^ 2 + 100 * (b - a ^ 2) ^ 2
        end)
        string.format("%.4f %.4f", x[1], x[2])  --> 1.0000 1.0000
        """
    ) { d, call in
      guard let f = call.argument(1, if: LuaFunction.self) else {
        return try d.active.step(GivenGradients(), factor: call.argument(1, "factor", default: 1))
      }
      try d.active.step(GivenLoss {
        let value = try f.call(returning: Tensor.self, "the loss")
        try value.backward()
        return try value.item()
      }, factor: 1)
    }
  ])
}

/// A learning-rate schedule as scripts hold it.
public struct ScheduleChoice: LuaExposed {
  let schedule: LearningRateSchedule
  public static let luaType = LuaType<ScheduleChoice>("Schedule", "the factor of the learning rate in each epoch", members: [
    .call("(epoch: integer, epochs?: integer) -> number", "the factor in an epoch, from 1, of so many",
      example: """
        slower = optim.cosine()
        slower(1, 60), slower(31, 60)  --> 1.0  0.5
        """
    ) { s, call in
      let epoch: Int = try call.argument(1, "epoch")
      return s.schedule.factor(epoch, of: try call.argument(2, "epochs", default: epoch))
    }
  ])
  public var luaDescription: String { "Schedule: \(schedule)" }
}

let optimModule = LuaModule("optim", "optimisers, and schedules of their learning rate", types: [OptimizerChoice.luaType, Descent.luaType, ScheduleChoice.luaType, ScriptState.luaType], [
  .function("adam", "({lr: number = 0.003, beta1: number = 0.9, beta2: number = 0.999, eps: number = 1e-8, weight_decay: number = 0}) -> Optimizer",
    "Adam; weight_decay is decoupled and spares biases",
    example: "optim.adam { lr = 0.003, weight_decay = 0.01 }"
  ) { call in try adam(call, "adam", weightDecay: 0) },
  .function("adamw", "({lr: number = 0.003, beta1: number = 0.9, beta2: number = 0.999, eps: number = 1e-8, weight_decay: number = 0.01}) -> Optimizer",
    "Adam with decoupled weight decay, which spares biases (Loshchilov and Hutter 2019)",
    example: "optim.adamw { lr = 0.003 }"
  ) { call in try adam(call, "adamw", weightDecay: 0.01) },
  .function("sgd", "({lr: number = 0.01, momentum: number = 0, nesterov: boolean = false, weight_decay: number = 0}) -> Optimizer",
    "gradient descent, with momentum",
    example: "optim.sgd { lr = 0.05, momentum = 0.9, nesterov = true }"
  ) { call in
    let options = try call.options(1)
    var rule = StochasticGradientDescent()
    rule.learningRate = try positive(options, "lr", rule.learningRate)
    rule.momentum = try share(options, "momentum", 0)
    rule.isNesterov = try options.value("nesterov", default: false)
    rule.weightDecay = try options.value("weight_decay", default: 0)
    return OptimizerChoice(optimizer: rule, luaDescription: "Optimizer sgd, lr \(rule.learningRate), momentum \(rule.momentum)")
  },
  .function("lbfgs", "({evaluations: integer = 20, memory: integer = 10, tolerance: number = 0}) -> Optimizer",
    "limited-memory BFGS of NLopt (libnlopt0): each step searches the minimum of its own batch and year; for few, large batches",
    example: """
      run = trainer.single {
        model = m, towers = days, folds = 2, epochs = 2, batch = 1e6 // 1, terms = { ec = objective.mse() },
        optimizer = optim.lbfgs { evaluations = 5 },
      }
      run:train().complete  --> true
      """
  ) { call in
    let options = try call.options(1)
    var rule = LimitedMemoryBFGS()
    rule.evaluations = try whole(options, "evaluations", rule.evaluations)
    rule.memory = try whole(options, "memory", rule.memory)
    rule.tolerance = try options.value("tolerance", default: 0)
    return OptimizerChoice(optimizer: rule, luaDescription: "Optimizer lbfgs, \(rule.evaluations) evaluations a step")
  },
  .function("gauss_newton", "({lr: number = 0.003, beta1: number = 0.9, beta2: number = 0.999, eps: number = 1e-8, iterations: integer = 3}) -> Optimizer",
    "Adam for the towers, and a proximal Gauss-Newton step for what goes through step:predict(bridge), whatever function of it a term is; without a bridge it is Adam",
    example: """
      run = trainer.paired {
        model = m, towers = days, drivers = d, folds = 2, epochs = 1, max_steps = 2,
        optimizer = optim.gauss_newton { lr = 0.02 },
        terms = { ec = objective.mse(), atm = objective.regional { bridge = b, target = T } },
      }
      run:train().complete  --> true
      """
  ) { call in
    let options = try call.options(1)
    var rule = GaussNewton()
    rule.learningRate = try positive(options, "lr", rule.learningRate)
    rule.beta1 = try share(options, "beta1", rule.beta1)
    rule.beta2 = try share(options, "beta2", rule.beta2)
    rule.epsilon = try positive(options, "eps", rule.epsilon)
    rule.iterations = try whole(options, "iterations", rule.iterations)
    return OptimizerChoice(optimizer: rule, luaDescription: "Optimizer gauss_newton, lr \(rule.learningRate)")
  },
  .function("new", "({lr: number = 0.01, name: string = \"scripted\"}?, f: function) -> Optimizer",
    "an optimiser of your own: f(w, g, s) gives the new values of a tensor of weights; s.lr, s.step and s.index tell, s.NAME keeps a number or tensor",
    example: """
      momentum = optim.new({ lr = 0.01 }, function(w, g, s)
        s.velocity = (s.velocity or 0) * 0.9 + g
        return w - s.lr * s.velocity
      end)
      """
  ) { call in
    let hasOptions = call.typeName(1) == "table", options = hasOptions ? try call.options(1) : nil
    let name = try options?.value("name") ?? "scripted", rate = try options.map { try positive($0, "lr", 0.01) } ?? 0.01
    let rule = ScriptedOptimizer(name: name, learningRate: rate, function: try call.argument(hasOptions ? 2 : 1, "f"))
    return OptimizerChoice(optimizer: rule, luaDescription: "Optimizer \(name), lr \(rate)")
  },
  .function("cosine", "({final: number = 0, epochs?: integer}) -> Schedule", "falls like a cosine from 1 to final over the run, or over so many epochs",
    example: """
      optim.cosine { final = 0.01 }(60, 60) < 0.02  --> true
      """
  ) { call in
    let options = try call.options(1)
    return ScheduleChoice(schedule: .cosine(final: try options.value("final", default: 0), epochs: try options.has("epochs") ? whole(options, "epochs", 1) : nil))
  },
  .function("steps", "({every: integer = 20, factor: number = 0.5}) -> Schedule", "one more factor after every so many epochs",
    example: """
      halved = optim.steps { every = 10 }
      halved(10), halved(11), halved(21)  --> 1.0  0.5  0.25
      """
  ) { call in
    let options = try call.options(1)
    return ScheduleChoice(schedule: .steps(every: try whole(options, "every", 20), factor: try options.value("factor", default: 0.5)))
  },
  .function("warmup", "({epochs: integer = 5, after?: Schedule}) -> Schedule", "rises in equal parts to 1, then follows another schedule",
    example: """
      gently = optim.warmup { epochs = 4, after = optim.cosine() }
      gently(1, 60), gently(4, 60), gently(5, 60)  --> 0.25  1.0  1.0
      """
  ) { call in
    let options = try call.options(1)
    return ScheduleChoice(schedule: .warmup(epochs: try whole(options, "epochs", 5), then: try options.value("after", as: ScheduleChoice.self)?.schedule ?? .constant))
  },
])

private func adam(_ call: LuaCall, _ name: String, weightDecay: Double) throws -> OptimizerChoice {
  let options = try call.options(1)
  var adam = Adam()
  adam.learningRate = try positive(options, "lr", adam.learningRate)
  adam.beta1 = try share(options, "beta1", adam.beta1)
  adam.beta2 = try share(options, "beta2", adam.beta2)
  adam.epsilon = try options.value("eps", default: adam.epsilon)
  adam.weightDecay = try options.value("weight_decay", default: weightDecay)
  return OptimizerChoice(optimizer: adam, luaDescription: "Optimizer \(name), lr \(adam.learningRate)" + (adam.weightDecay == 0 ? "" : ", weight decay \(adam.weightDecay)"))
}

private func positive(_ options: LuaOptions, _ name: String, _ value: Double) throws -> Double {
  let x = try options.value(name, default: value)
  guard x > 0, x.isFinite else { throw options.mismatch(name, "\(x)", expected: "a number above 0") }
  return x
}

private func share(_ options: LuaOptions, _ name: String, _ value: Double) throws -> Double {
  let x = try options.value(name, default: value)
  guard (0..<1).contains(x) else { throw options.mismatch(name, "\(x)", expected: "a number in 0 … 1, 1 left out") }
  return x
}

private func whole(_ options: LuaOptions, _ name: String, _ value: Int) throws -> Int {
  let n = try options.value(name, default: value)
  guard n > 0, n < 1 << 30 else { throw options.mismatch(name, "\(n)", expected: "a whole number above 0") }
  return n
}
