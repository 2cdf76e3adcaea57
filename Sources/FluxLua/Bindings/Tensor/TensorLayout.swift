import FluxCore
import FluxTensor
import LuaRuntime

extension Tensor {
  /// Products, views and the tape.
  static let tensorLayout: [LuaMember<Tensor>] = [
    .method("matmul", "(u: Tensor) -> Tensor", "matrix product of [n, k] and [k, m], or with vectors",
      example: """
        tensor{{1, 2}, {3, 4}}:matmul(tensor{1, 1})  --> Tensor [2] float32: 3 7
        """
    ) { t, call in
      try t.matrixProduct(call.argument(1, "u"))
    },
    .method("dot", "(u: Tensor) -> Tensor", "Σ xᵢ uᵢ of two vectors",
      example: "tensor{1, 2}:dot(tensor{3, 4})  --> Tensor 11 float32"
    ) { t, call in try t.dot(call.argument(1, "u")) },
    .method("transpose", "(a: integer|string, b: integer|string) -> Tensor", "two dimensions swapped, a view",
      example: """
        tensor{{1, 2}, {3, 4}}:transpose(1, 2)  --> Tensor [2, 2] float32: 1 3 2 4
        """
    ) { t, call in
      try t.transposed(requiredDimension(call, 1, of: t), requiredDimension(call, 2, of: t))
    },
    .method("t", "() -> Tensor", "a matrix transposed, a view",
      example: "tensor{{1, 2, 3}}:t()  --> Tensor [3, 1] float32: 1 2 3"
    ) { t, _ in
      guard t.rank == 2 else {
        throw FluxError("the tensor has shape \(t.shape)", at: "Tensor:t", expected: "rank 2", remedy: "Use :transpose(a, b).")
      }
      return try t.transposed(0, 1)
    },
    .method("reshape", "(shape: integer|integer[]) -> Tensor", "the same elements in another shape; one length may be -1",
      example: """
        tensor.arange(1, 6):reshape{2, -1}  --> Tensor [2, 3] float32: 1 2 3 4 5 6
        """
    ) { t, call in
      try t.reshaped(shape(call, 1).dimensions)
    },
    .method("expand", "(shape: integer|integer[]) -> Tensor", "lengths of 1 stretched, without copying",
      example: "tensor{{1}, {2}}:expand{2, 3}  --> Tensor [2, 3] float32: 1 1 1 2 2 2"
    ) { t, call in
      try t.expanded(to: shape(call, 1))
    },
    .method("squeeze", "(dim?: integer|string) -> Tensor", "without dimensions of length 1",
      example: "tensor{{1, 2}}:squeeze(1)  --> Tensor [2] float32: 1 2"
    ) { t, call in
      try t.squeezed(dimension(call, 1, of: t))
    },
    .method("unsqueeze", "(dim: integer, name?: string) -> Tensor", "with a new dimension of length 1 at dim",
      example: "tensor{1, 2}:unsqueeze(1)  --> Tensor [1, 2] float32: 1 2"
    ) { t, call in
      let d: Int = try call.argument(1, "dim")
      guard d != 0, d.magnitude <= t.rank + 1 else {
        throw FluxError("dimension \(d) of a tensor with shape \(t.shape)", at: call.place, expected: "1 to \(t.rank + 1), or -1 to -\(t.rank + 1) from the end")
      }
      let at = d > 0 ? d - 1 : t.rank + 1 + d
      return try t.unsqueezed(at, name: call.argument(2, "name", default: ""))
    },
  ]

  /// Order and selection along a dimension.
  static let tensorOrder: [LuaMember<Tensor>] = [
    .method("cumsum", "(dim?: integer|string) -> Tensor", "running sums along a dimension, or over all elements in a row",
      example: "tensor{1, 2, 3}:cumsum()  --> Tensor [3] float32: 1 3 6"
    ) { t, call in
      try t.cumulativeSum(dimension(call, 1, of: t))
    },
    .method("sort", "(dim: integer|string = -1, {descending: boolean = false}) -> values: Tensor, indices: Tensor",
      "in order along a dimension, missing values last; and where each stood, from 1",
      example: """
        values, indices = tensor{2, 3, 1}:sort{descending = true}
        values  --> Tensor [3] float32: 3 2 1
        indices  --> Tensor [3] int64: 2 1 3
        """
    ) { t, call in
      let isTable = call.typeName(1) == "table"
      let d = try isTable ? nil : dimension(call, 1, of: t)
      guard t.rank > 0 else { throw FluxError("the tensor is a single number", at: call.place, expected: "rank 1 or more") }
      let (values, positions) = try t.sorted(d ?? t.rank - 1, descending: call.options(isTable ? 1 : 2).value("descending", default: false))
      return LuaResults(values, positions)
    },
    .method("gather", "(dim: integer|string, index: Tensor) -> Tensor", "entries picked along a dimension by their positions, from 1",
      example: """
        tensor{10, 20, 30}:gather(1, tensor{3, 1})  --> Tensor [2] float32: 30 10
        """
    ) { t, call in
      try t.gathered(requiredDimension(call, 1, of: t), call.argument(2, "index"))
    },
  ]

  static let tensorTape: [LuaMember<Tensor>] = [
    .method("requires_grad", "() -> Tensor", "marks this leaf: operations on it are recorded",
      example: """
        x = tensor{1, 2}:requires_grad()
        (x ^ 3):sum():backward()
        x.grad  --> Tensor [2] float32: 3 12
        """
    ) { t, _ in try t.requireGradient() },
    .method("backward", "({retain: boolean = false}) ", "adds ∂self/∂leaf to the grad of every leaf",
      example: """
        x = tensor{1, 2}:requires_grad()
        loss = (x * x):sum()
        loss:backward{retain = true}
        loss:backward()  -- gradients add up
        x.grad  --> Tensor [2] float32: 4 8
        """
    ) { t, call in
      try t.backward(retain: call.options(1).value("retain", default: false))
    },
    .method("zero_grad", "()", "forgets the gradient",
      example: """
        x = tensor{1}:requires_grad()
        (2 * x):sum():backward()
        x:zero_grad()
        x.grad  --> nil
        """
    ) { t, _ in t.clearGradient() },
    .method("detach", "() -> Tensor", "the same values, off the tape",
      example: """
        x = tensor{1}:requires_grad()
        (2 * x):detach()  --> Tensor [1] float32: 2
        """
    ) { t, _ in t.detached() },
  ]
}
