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
    .method("step", "(factor: number = 1)", "moves each tensor by its gradient and clears that; factor multiplies the learning rate") { d, call in
      try d.active.step(factor: call.argument(1, "factor", default: 1))
    }
  ])
}

let optimModule = LuaModule("optim", "optimisers", types: [OptimizerChoice.luaType, Descent.luaType], [
  .function("adam", "({lr: number = 0.003, beta1: number = 0.9, beta2: number = 0.999, eps: number = 1e-8, weight_decay: number = 0}) -> Optimizer",
    "Adam; weight_decay is decoupled and spares biases",
    example: "optim.adam { lr = 0.003, weight_decay = 0.01 }"
  ) { call in
    let options = try call.options(1)
    var adam = Adam()
    adam.learningRate = try options.value("lr", default: adam.learningRate)
    adam.beta1 = try options.value("beta1", default: adam.beta1)
    adam.beta2 = try options.value("beta2", default: adam.beta2)
    adam.epsilon = try options.value("eps", default: adam.epsilon)
    adam.weightDecay = try options.value("weight_decay", default: 0)
    return OptimizerChoice(optimizer: adam, luaDescription: "Optimizer adam, lr \(adam.learningRate)")
  },
])
