import FluxCore
import FluxTensor
import LuaRuntime

extension Tensor {
  /// Elementwise functions as methods.
  static let tensorFunctions: [LuaMember<Tensor>] = [
    unary("abs", "|x|; the gradient at 0 is 0",
      example: "tensor{1, -2}:abs()  --> Tensor [2] float32: 1 2") { try $0.magnitude() },
    unary("exp", "eˣ",
      example: "tensor{0, 1}:exp()  --> Tensor [2] float32: 1 2.7182817") { try $0.exp() },
    unary("log", "natural logarithm",
      example: "tensor{1, 10}:log()  --> Tensor [2] float32: 0 2.3025851") { try $0.log() },
    unary("sqrt", "square root",
      example: "tensor{4, 9}:sqrt()  --> Tensor [2] float32: 2 3") { try $0.squareRoot() },
    unary("sin", "sine of radians") { try $0.sin() },
    unary("cos", "cosine of radians") { try $0.cos() },
    unary("tanh", "hyperbolic tangent",
      example: "tensor{0}:tanh()  --> Tensor [1] float32: 0") { try $0.tanh() },
    unary("sigmoid", "1 / (1 + e⁻ˣ)",
      example: "tensor{0}:sigmoid()  --> Tensor [1] float32: 0.5") { try $0.sigmoid() },
    unary("relu", "max(x, 0)",
      example: "tensor{-1, 2}:relu()  --> Tensor [2] float32: 0 2") { try $0.relu() },
    unary("square", "x²",
      example: "tensor{-3, 2}:square()  --> Tensor [2] float32: 9 4") { try $0.square() },
    unary("sign", "-1, 0 or 1; no gradient",
      example: "tensor{-3, 0, 2}:sign()  --> Tensor [3] float32: -1 0 1") { try $0.sign() },
    unary("floor", "the largest whole number not above; no gradient",
      example: "tensor{-1.5, 1.5}:floor()  --> Tensor [2] float32: -2 1") { try $0.floor() },
    unary("neg", "-x",
      example: "tensor{1, -2}:neg()  --> Tensor [2] float32: -1 2") { try $0.negated() },
    unary("isnan", "1 where missing, 0 elsewhere",
      example: "tensor{1, 0 / 0}:isnan()  --> Tensor [2] float32: 0 1") { try $0.isNaN() },
    binary("add", "x + u",
      example: "tensor{1, 2}:add(10)  --> Tensor [2] float32: 11 12", { try $0.adding($1) }, { try $0.adding($1) }),
    binary("sub", "x - u", { try $0.subtracting($1) }, { try $0.subtracting($1) }),
    binary("mul", "x u", { try $0.multiplied(by: $1) }, { try $0.multiplied(by: $1) }),
    binary("div", "x / u", { try $0.divided(by: $1) }, { try $0.divided(by: $1) }),
    binary("minimum", "the smaller of both",
      example: "tensor{1, 5}:minimum(tensor{3, 3})  --> Tensor [2] float32: 1 3", { try $0.minimum($1) }, { try $0.minimum($1) }),
    binary("maximum", "the larger of both",
      example: "tensor{1, 5}:maximum(3)  --> Tensor [2] float32: 3 5", { try $0.maximum($1) }, { try $0.maximum($1) }),
    binary("lt", "1 where x < u, 0 elsewhere",
      example: "tensor{1, 2, 3}:lt(2)  --> Tensor [3] float32: 1 0 0", { try $0.less($1) }, { try $0.less($1) }),
    binary("le", "1 where x ≤ u, 0 elsewhere", { try $0.lessOrEqual($1) }, { try $0.lessOrEqual($1) }),
    binary("gt", "1 where x > u, 0 elsewhere", { try $0.greater($1) }, { try $0.greater($1) }),
    binary("ge", "1 where x ≥ u, 0 elsewhere",
      example: "tensor{1, 2, 3}:ge(2)  --> Tensor [3] float32: 0 1 1", { try $0.greaterOrEqual($1) }, { try $0.greaterOrEqual($1) }),
    binary("eq", "1 where x = u, 0 elsewhere",
      example: "tensor{1, 2, 3}:eq(2)  --> Tensor [3] float32: 0 1 0", { try $0.equal($1) }, { try $0.equal($1) }),
    binary("ne", "1 where x ≠ u, 0 elsewhere", { try $0.notEqual($1) }, { try $0.notEqual($1) }),
    .method("pow", "(p: number|Tensor) -> Tensor", "xᵖ",
      example: "tensor{1, 2, 3}:pow(2)  --> Tensor [3] float32: 1 4 9"
    ) { t, call in
      if let p = call.argument(1, if: Double.self) { return try t.power(p) }
      return try t.power(operand(call, 1, "p", like: t))
    },
    .method("clamp", "(lo: number, hi: number) -> Tensor", "held within [lo, hi]; no gradient outside",
      example: "tensor{-1, 0.5, 2}:clamp(0, 1)  --> Tensor [3] float32: 0 0.5 1"
    ) { t, call in
      try t.clamped(call.argument(1, "lo"), call.argument(2, "hi"))
    },
    .method("where", "(mask: Tensor, u: Tensor|number) -> Tensor", "x where the mask is not 0, u elsewhere",
      example: """
        x = tensor{1, 0 / 0, 3}
        x:where(x:isnan():eq(0), -9999)  --> Tensor [3] float32: 1 -9999 3
        """
    ) { t, call in
      try t.where(call.argument(1, "mask"), operand(call, 2, "u", like: t))
    },
  ]

  private static func unary(
    _ name: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (Tensor) throws -> Tensor
  ) -> LuaMember<Tensor> {
    .method(name, "() -> Tensor", summary, example: example) { t, _ in try body(t) }
  }

  private static func binary(
    _ name: String, _ summary: String, example: String? = nil, _ body: @escaping @Sendable (Tensor, Tensor) throws -> Tensor,
    _ withNumber: @escaping @Sendable (Tensor, Double) throws -> Tensor
  ) -> LuaMember<Tensor> {
    .method(name, "(u: Tensor|number) -> Tensor", summary + ", broadcast", example: example) { t, call in
      switch try operand(call, 1, "u") {
      case .tensor(let u): return try body(t, u)
      case .number(let u): return try withNumber(t, u)
      }
    }
  }

  static let tensorOperators: [LuaMember<Tensor>] = [
    arithmetic(.add, "sum", { try $0.adding($1) }, { try $0.adding($1) }, { try $0.adding($1) }),
    arithmetic(.subtract, "difference", { try $0.subtracting($1) }, { try $0.subtracting($1) }, { try $0.subtracted(from: $1) }),
    arithmetic(.multiply, "product, elementwise", { try $0.multiplied(by: $1) }, { try $0.multiplied(by: $1) }, { try $0.multiplied(by: $1) }),
    arithmetic(.divide, "quotient", { try $0.divided(by: $1) }, { try $0.divided(by: $1) }, { try $0.dividing($1) }),
    arithmetic(.power, "power", { try $0.power($1) }, { try $0.power($1) }, { try $0.exponent(of: $1) }),
    .operator(.negate, "(t: Tensor) -> Tensor", "-x") { call in try call.argument(1, "t", as: Tensor.self).negated() },
    comparison(.less, "lt"),
    comparison(.lessOrEqual, "le"),
    .index("(i: integer|string|table) -> Tensor|number", "t[i], t[{i, j}], t[{ {a, b}, {} }]: an element or a view",
      example: """
        x = tensor{{1, 2, 3}, {4, 5, 6}}
        x[{2, -1}]  --> 6.0
        x[1]  --> Tensor [3] float32: 1 2 3
        x[{{}, {2, 3}}]  --> Tensor [2, 2] float32: 2 3 5 6
        """
    ) { t, call in
      try TensorIndex(call, t).read()
    },
    .setIndex("(i: integer|table, value: Tensor|number)", "assigns an element or a slice, in place",
      example: """
        x = tensor.zeros{2, 3}
        x[{{}, 2}] = 7
        x[{1, 1}] = 1
        x  --> Tensor [2, 3] float32: 1 7 0 0 7 0
        """
    ) { t, call in
      try TensorIndex(call, t).view().assign(operand(call, 2, "value", like: t))
    },
  ]

  /// - Parameter flipped: with the number on the left.
  private static func arithmetic(_ symbol: LuaOperator, _ summary: String, _ body: @escaping @Sendable (Tensor, Tensor) throws -> Tensor,
    _ withNumber: @escaping @Sendable (Tensor, Double) throws -> Tensor, _ flipped: @escaping @Sendable (Tensor, Double) throws -> Tensor
  ) -> LuaMember<Tensor> {
    .operator(symbol, "(left: Tensor|number, right: Tensor|number) -> Tensor", summary + ", broadcast") { call in
      guard let left = call.argument(1, if: Tensor.self) else {
        guard let number = call.argument(1, if: Double.self) else { throw call.mismatch(1, "left", expected: "a Tensor or a number") }
        return try flipped(call.argument(2, "right"), number)
      }
      switch try operand(call, 2, "right") {
      case .tensor(let right): return try body(left, right)
      case .number(let right): return try withNumber(left, right)
      }
    }
  }

  private static func comparison(_ symbol: LuaOperator, _ method: String) -> LuaMember<Tensor> {
    .operator(symbol, "(left: Tensor, right: Tensor) -> boolean", "refused: Lua would make one truth value of it") { (call: LuaCall) -> Bool in
      throw FluxError("tensors cannot be compared with \(symbol.symbol)", at: "Tensor \(symbol.symbol)",
        expected: "an elementwise comparison", remedy: "Use a:\(method)(b), which gives 0 and 1.")
    }
  }
}
