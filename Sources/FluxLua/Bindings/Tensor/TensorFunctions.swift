import FluxCore
import FluxTensor
import LuaRuntime

extension Tensor {
  /// Elementwise functions as methods.
  static let tensorFunctions: [LuaMember<Tensor>] = [
    unary("abs", "|x|; the gradient at 0 is 0") { try $0.magnitude() },
    unary("exp", "eˣ") { try $0.exp() },
    unary("log", "natural logarithm") { try $0.log() },
    unary("sqrt", "square root") { try $0.squareRoot() },
    unary("sin", "sine of radians") { try $0.sin() },
    unary("cos", "cosine of radians") { try $0.cos() },
    unary("tanh", "hyperbolic tangent") { try $0.tanh() },
    unary("sigmoid", "1 / (1 + e⁻ˣ)") { try $0.sigmoid() },
    unary("relu", "max(x, 0)") { try $0.relu() },
    unary("square", "x²") { try $0.square() },
    unary("sign", "-1, 0 or 1; no gradient") { try $0.sign() },
    unary("floor", "the largest whole number not above; no gradient") { try $0.floor() },
    unary("neg", "-x") { try $0.negated() },
    unary("isnan", "1 where missing, 0 elsewhere") { try $0.isNaN() },
    binary("add", "x + u", { try $0.adding($1) }, { try $0.adding($1) }),
    binary("sub", "x - u", { try $0.subtracting($1) }, { try $0.subtracting($1) }),
    binary("mul", "x u", { try $0.multiplied(by: $1) }, { try $0.multiplied(by: $1) }),
    binary("div", "x / u", { try $0.divided(by: $1) }, { try $0.divided(by: $1) }),
    binary("minimum", "the smaller of both", { try $0.minimum($1) }, { try $0.minimum($1) }),
    binary("maximum", "the larger of both", { try $0.maximum($1) }, { try $0.maximum($1) }),
    binary("lt", "1 where x < u, 0 elsewhere", { try $0.less($1) }, { try $0.less($1) }),
    binary("le", "1 where x ≤ u, 0 elsewhere", { try $0.lessOrEqual($1) }, { try $0.lessOrEqual($1) }),
    binary("gt", "1 where x > u, 0 elsewhere", { try $0.greater($1) }, { try $0.greater($1) }),
    binary("ge", "1 where x ≥ u, 0 elsewhere", { try $0.greaterOrEqual($1) }, { try $0.greaterOrEqual($1) }),
    binary("eq", "1 where x = u, 0 elsewhere", { try $0.equal($1) }, { try $0.equal($1) }),
    binary("ne", "1 where x ≠ u, 0 elsewhere", { try $0.notEqual($1) }, { try $0.notEqual($1) }),
    .method("pow", "(p: number|Tensor) -> Tensor", "xᵖ") { t, call in
      if let p = call.argument(1, if: Double.self) { return try t.power(p) }
      return try t.power(operand(call, 1, "p", like: t))
    },
    .method("clamp", "(lo: number, hi: number) -> Tensor", "held within [lo, hi]; no gradient outside") { t, call in
      try t.clamped(call.argument(1, "lo"), call.argument(2, "hi"))
    },
    .method("where", "(mask: Tensor, u: Tensor|number) -> Tensor", "x where the mask is not 0, u elsewhere") { t, call in
      try t.where(call.argument(1, "mask"), operand(call, 2, "u", like: t))
    },
  ]

  private static func unary(_ name: String, _ summary: String, _ body: @escaping @Sendable (Tensor) throws -> Tensor) -> LuaMember<Tensor> {
    .method(name, "() -> Tensor", summary) { t, _ in try body(t) }
  }

  private static func binary(_ name: String, _ summary: String, _ body: @escaping @Sendable (Tensor, Tensor) throws -> Tensor,
    _ withNumber: @escaping @Sendable (Tensor, Double) throws -> Tensor
  ) -> LuaMember<Tensor> {
    .method(name, "(u: Tensor|number) -> Tensor", summary + ", broadcast") { t, call in
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
    .index("(i: integer|string|table) -> Tensor|number", "t[i], t[{i, j}], t[{ {a, b}, {} }]: an element or a view") { t, call in
      try TensorIndex(call, t).read()
    },
    .setIndex("(i: integer|table, value: Tensor|number)", "assigns an element or a slice, in place") { t, call in
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
