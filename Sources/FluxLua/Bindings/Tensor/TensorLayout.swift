import FluxCore
import FluxTensor
import LuaRuntime

extension Tensor {
  /// Products, views and the tape.
  static let tensorLayout: [LuaMember<Tensor>] = [
    .method("matmul", "(u: Tensor) -> Tensor", "matrix product of [n, k] and [k, m], or with vectors") { t, call in
      try t.matrixProduct(call.argument(1, "u"))
    },
    .method("dot", "(u: Tensor) -> Tensor", "Σ xᵢ uᵢ of two vectors") { t, call in try t.dot(call.argument(1, "u")) },
    .method("transpose", "(a: integer|string, b: integer|string) -> Tensor", "two dimensions swapped, a view") { t, call in
      try t.transposed(requiredDimension(call, 1, of: t), requiredDimension(call, 2, of: t))
    },
    .method("t", "() -> Tensor", "a matrix transposed, a view") { t, _ in
      guard t.rank == 2 else {
        throw FluxError("the tensor has shape \(t.shape)", at: "Tensor:t", expected: "rank 2", remedy: "Use :transpose(a, b).")
      }
      return try t.transposed(0, 1)
    },
    .method("reshape", "(shape: integer[]) -> Tensor", "the same elements in another shape; one length may be -1") { t, call in
      try t.reshaped(call.argument(1, "shape"))
    },
    .method("expand", "(shape: integer[]) -> Tensor", "lengths of 1 stretched, without copying") { t, call in
      try t.expanded(to: Shape(call.argument(1, "shape")))
    },
    .method("squeeze", "(dim?: integer|string) -> Tensor", "without dimensions of length 1") { t, call in
      try t.squeezed(dimension(call, 1, of: t))
    },
    .method("unsqueeze", "(dim: integer) -> Tensor", "with a new dimension of length 1 at dim") { t, call in
      let d: Int = try call.argument(1, "dim")
      let at = d > 0 ? d - 1 : t.rank + 1 + d
      guard d != 0, (0...t.rank).contains(at) else {
        throw FluxError("dimension \(d) of a tensor with shape \(t.shape)", at: call.place, expected: "1 to \(t.rank + 1)")
      }
      return try t.unsqueezed(at)
    },
  ]

  static let tensorTape: [LuaMember<Tensor>] = [
    .method("requires_grad", "() -> Tensor", "marks this leaf: operations on it are recorded") { t, _ in try t.requireGradient() },
    .method("backward", "({retain: boolean = false}) ", "adds ∂self/∂leaf to the grad of every leaf") { t, call in
      try t.backward(retain: call.options(1).value("retain", default: false))
    },
    .method("zero_grad", "()", "forgets the gradient") { t, _ in t.clearGradient() },
    .method("detach", "() -> Tensor", "the same values, off the tape") { t, _ in t.detached() },
  ]
}
