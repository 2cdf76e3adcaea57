import FluxCore
import FluxTensor
import LuaRuntime

extension Tensor: LuaExposed {
  public static let luaType = LuaType<Tensor>(
    "Tensor", "array of numbers with named dimensions and reverse-mode gradients",
    members: tensorProperties + tensorFunctions + tensorReductions + tensorOrder + tensorLayout + tensorTape + tensorFiles + tensorPlot + tensorOperators)

  public var nativeByteCount: Int { byteCount }

  private static let tensorProperties: [LuaMember<Tensor>] = [
    .property("shape", "integer[]", "the length of each dimension",
      example: "tensor.zeros{2, 3}.shape[2]  --> 3"
    ) { $0.shape.dimensions },
    .property("rank", "integer", "how many dimensions") { $0.rank },
    .property("dtype", "string", "'float32', 'float64' or 'int64'") { $0.dtype.rawValue },
    .property("names", "string[]?", "the names of the dimensions, '' for one without",
      example: """
        tensor{{1, 2}}:named{"region", "month"}.names[2]  --> month
        """
    ) { $0.names },
    .property("grad", "Tensor?", "∂loss/∂self, after loss:backward()",
      example: """
        x = tensor{3}:requires_grad()
        x:square():sum():backward()
        x.grad  --> Tensor [1] float32: 6
        """,
      get: { $0.gradient }, set: { t, new in
      guard new == nil else { throw FluxError("a gradient was assigned", at: "Tensor.grad", expected: "nil, which clears it") }
      t.clearGradient()
    }),
    .operator(.length, "(t: Tensor) -> integer", "the length of the first dimension") { call in
      let t: Tensor = try call.argument(1, "t")
      return t.rank == 0 ? 1 : t.shape[0]
    },
    .method("item", "() -> number", "the value of a tensor with one element",
      example: "tensor{1, 2}:sum():item()  --> 3.0"
    ) { t, _ in
      if let whole = t.integerItem() { return TensorElement.integer(whole) }
      return TensorElement.number(try t.item())
    },
    .method("totable", "() -> table", "nested lists of numbers",
      example: "tensor{{1, 2}, {3, 4}}:totable()[2][1]  --> 3.0"
    ) { t, _ in try NestedList(t) },
    .method("double", "() -> Tensor", "the same values in float64",
      example: "tensor{0.1}:double().dtype  --> float64"
    ) { t, _ in try t.converted(to: .float64) },
    .method("float", "() -> Tensor", "the same values in float32") { t, _ in try t.converted(to: .float32) },
    .method("long", "() -> Tensor", "the values in int64, fractions cut off; no gradient") { t, _ in try t.converted(to: .int64) },
    .method("clone", "() -> Tensor", "a copy with memory of its own",
      example: """
        x = tensor{1, 2}
        y = x:clone()
        y[1] = 9
        x[1]  --> 1.0
        """
    ) { t, _ in try t.clone() },
    .method("named", "(names: string[]) -> Tensor", "the same tensor with a name for each dimension",
      example: """
        tensor{{1, 2}, {3, 4}}:named{"region", "month"}:sum("region").names[1]  --> month
        """
    ) { t, call in
      try t.named(call.argument(1, "names"))
    },
  ]
}

/// A tensor as nested Lua lists; a number for rank 0.
private struct NestedList: LuaPushable, LuaReturnable {
  private let values: [Double], integers: [Int], dimensions: [Int]

  /// - Throws: ``FluxError`` when the lists would not fit into memory.
  init(_ t: Tensor) throws {
    // A Lua value takes 16 bytes, and the numbers are copied twice on the way.
    try AvailableMemory.require(t.count, ofSize: 40, for: "the table", at: "Tensor:totable")
    integers = t.integers()
    values = t.dtype == .int64 ? [] : t.doubles()
    dimensions = t.shape.dimensions
  }

  func push(onto stack: LuaStack) { piece(0, 0..<Swift.max(values.count, integers.count)).push(onto: stack) }

  private func piece(_ depth: Int, _ range: Range<Int>) -> any LuaPushable {
    let isWhole = values.isEmpty
    if depth == dimensions.count { return isWhole ? integers[range.lowerBound] : values[range.lowerBound] }
    if depth == dimensions.count - 1 { return isWhole ? Array(integers[range]) : Array(values[range]) }
    let length = dimensions[depth], step = length > 0 ? range.count / length : 0
    return LuaTable(items: (0..<length).map { i in
      piece(depth + 1, (range.lowerBound + i * step)..<(range.lowerBound + (i + 1) * step))
    })
  }
}
