import FluxCore
import FluxTensor
import LuaRuntime
import Synchronization

extension DType: LuaEnum {}

/// The draws of `tensor.rand` and `tensor.randn`.
private let draws = Mutex(RandomStream(seed: 1))

let tensorModule = LuaModule("tensor", "arrays with reverse-mode gradients", types: [Tensor.luaType], [
  .call("(values: number|table, {dtype: string = \"float32\"}) -> Tensor", "from a number or nested lists of numbers",
    example: """
      tensor{{1, 2}, {3, 4}}  --> Tensor [2, 2] float32: 1 2 3 4
      tensor({1, 2}, {dtype = "float64"}).dtype  --> float64
      """
  ) { call in
    let type = try dtype(call, 2)
    if let x = call.argument(1, if: Double.self) { return try Tensor.scalar(x, type) }
    var shape: [Int] = [], values: [Double] = []
    try flatten(call.table(1, "values"), depth: 0, &shape, &values)
    return try Tensor(values, shape: Shape(shape), dtype: type)
  },
  .function("zeros", "(shape: integer|integer[], {dtype: string = \"float32\"}) -> Tensor", "filled with 0",
    example: "tensor.zeros{2, 2}  --> Tensor [2, 2] float32: 0 0 0 0"
  ) { call in
    try Tensor.zeros(Tensor.shape(call, 1), dtype(call, 2))
  },
  .function("ones", "(shape: integer|integer[], {dtype: string = \"float32\"}) -> Tensor", "filled with 1",
    example: "tensor.ones(3)  --> Tensor [3] float32: 1 1 1"
  ) { call in
    try Tensor.ones(Tensor.shape(call, 1), dtype(call, 2))
  },
  .function("full", "(shape: integer|integer[], value: number, {dtype: string = \"float32\"}) -> Tensor", "filled with a value",
    example: "tensor.full({2}, -9999)  --> Tensor [2] float32: -9999 -9999"
  ) { call in
    try Tensor.full(Tensor.shape(call, 1), call.argument(2, "value"), dtype(call, 3))
  },
  .function("eye", "(n: integer, {dtype: string = \"float32\"}) -> Tensor", "the unit matrix [n, n]",
    example: "tensor.eye(2)  --> Tensor [2, 2] float32: 1 0 0 1"
  ) { call in
    try Tensor.identity(call.argument(1, "n"), dtype(call, 2))
  },
  .function("arange", "(a: number, b: number, step: number = 1, {dtype: string = \"float32\"}) -> Tensor", "a, a + step, … up to and including b",
    example: "tensor.arange(1, 5, 2)  --> Tensor [3] float32: 1 3 5"
  ) { call in
    let a: Double = try call.argument(1, "a"), b: Double = try call.argument(2, "b")
    let step: Double = call.typeName(3) == "table" ? 1 : try call.argument(3, "step", default: 1)
    let count = ((b - a) / step + 1e-9).rounded(.down) + 1
    guard step != 0, count.isFinite, count < 0x1p60 else {
      throw FluxError("from \(a) to \(b) in steps of \(step)", at: "tensor.arange", expected: "a finite number of steps")
    }
    return try Tensor.generated(Int(max(0, count)), dtype(call, call.typeName(3) == "table" ? 3 : 4), at: call.place) { a + Double($0) * step }
  },
  .function("linspace", "(a: number, b: number, n: integer, {dtype: string = \"float32\"}) -> Tensor", "n equally spaced numbers from a to b",
    example: "tensor.linspace(0, 1, 3)  --> Tensor [3] float32: 0 0.5 1"
  ) { call in
    let a: Double = try call.argument(1, "a"), b: Double = try call.argument(2, "b"), n: Int = try call.argument(3, "n")
    guard n >= 1 else { throw FluxError("n is \(n)", at: "tensor.linspace", expected: "at least 1") }
    return try Tensor.generated(n, dtype(call, 4), at: call.place) { $0 == n - 1 ? (n == 1 ? a : b) : a + (b - a) * Double($0) / Double(n - 1) }
  },
  .function("rand", "(shape: integer|integer[], {dtype: string = \"float32\"}) -> Tensor", "uniform in [0, 1), reproducible by tensor.seed",
    example: """
      u = tensor.rand{1000}
      u:min():item() >= 0 and u:max():item() < 1  --> true
      """
  ) { call in
    let shape = try Tensor.shape(call, 1), type = try dtype(call, 2)
    let drawn: Tensor = try draws.withLock { try Tensor.uniform(shape, type, from: &$0) }
    return drawn
  },
  .function("randn", "(shape: integer|integer[], {dtype: string = \"float32\"}) -> Tensor", "standard normal, reproducible by tensor.seed",
    example: """
      tensor.seed(1)
      math.abs(tensor.randn{10000}:mean():item()) < 0.05  --> true
      """
  ) { call in
    let shape = try Tensor.shape(call, 1), type = try dtype(call, 2)
    let drawn: Tensor = try draws.withLock { try Tensor.normal(shape, type, from: &$0) }
    return drawn
  },
  .function("seed", "(n: integer)", "makes every later draw reproducible, on any machine",
    example: """
      tensor.seed(42)
      a = tensor.rand{3}
      tensor.seed(42)
      (a - tensor.rand{3}):abs():sum()  --> Tensor 0 float32
      """
  ) { call in
    let n: Int = try call.argument(1, "n")
    draws.withLock { $0 = RandomStream(seed: UInt64(bitPattern: Int64(n))) }
    Provenance.setSeed(n)
  },
  .function("stack", "(list: Tensor[], dim: integer = 1, name?: string) -> Tensor", "tensors of one shape laid along a new dimension",
    example: """
      tensor.stack({tensor{1, 2}, tensor{3, 4}})  --> Tensor [2, 2] float32: 1 2 3 4
      """
  ) { call in
    let list: [Tensor] = try call.argument(1, "list")
    let shape = Shape([1] + (list.first?.shape.dimensions ?? []))
    return try Tensor.stacked(list, Tensor.dimension(call, 2, shape: shape, names: nil) ?? 0, name: call.argument(3, "name", default: ""))
  },
  .function("cat", "(list: Tensor[], dim: integer|string = 1) -> Tensor", "tensors laid one after the other along a dimension",
    example: "tensor.cat{tensor{1, 2}, tensor{3}}  --> Tensor [3] float32: 1 2 3"
  ) { call in
    let list: [Tensor] = try call.argument(1, "list")
    guard let first = list.first, first.rank > 0 else {
      throw FluxError(list.isEmpty ? "the list is empty" : "the first tensor is a single number", at: call.place, expected: "tensors of rank 1 or more")
    }
    return try Tensor.concatenated(list, Tensor.dimension(call, 2, of: first) ?? 0)
  },
  .function("matmul", "(a: Tensor, b: Tensor) -> Tensor", "matrix product",
    example: """
      tensor.matmul(tensor.eye(2), tensor{5, 6})  --> Tensor [2] float32: 5 6
      """
  ) { call in
    try call.argument(1, "a", as: Tensor.self).matrixProduct(call.argument(2, "b"))
  },
  .function("no_grad", "(f: function) -> any", "runs f without recording and gives its results",
    example: """
      x = tensor{2}:requires_grad()
      tensor.no_grad(function() return x * x end)  --> Tensor [1] float32: 4
      """
  ) { call in
    let f: LuaFunction = try call.argument(1, "f")
    return LuaResults(list: try Tape.withoutRecording { try f.call() })
  },
  .function("grad", "(f: function, ...: Tensor) -> value: Tensor, gradients: Tensor", "f(x, …) and its gradient by each x",
    example: """
      value, slope = tensor.grad(function(x) return x:square():sum() end, tensor{1, 2})
      value  --> Tensor 5 float32
      slope  --> Tensor [2] float32: 2 4
      """
  ) { call in
    let f: LuaFunction = try call.argument(1, "f")
    let inputs: [Tensor] = try call.arguments(from: 2, "x")
    let (value, gradients) = try Tensor.valueAndGradients(at: inputs) { leaves in
      guard let value: Tensor = try f.call(list: leaves).first.flatMap({ $0.read(in: call.session) }) else {
        throw FluxError("f gave no Tensor", at: "tensor.grad", expected: "a Tensor with one element")
      }
      return value
    }
    return LuaResults(list: [value] + gradients)
  },
] + Tensor.fileFunctions)

private func dtype(_ call: LuaCall, _ position: Int) throws -> DType {
  try call.options(position).value("dtype", default: DType.float32)
}

/// Nested lists, row by row; each row of one depth must be as long as the first.
private func flatten(_ table: LuaTableView, depth: Int, _ shape: inout [Int], _ values: inout [Double]) throws {
  let place = "tensor"
  if depth == shape.count { shape.append(table.count) }
  guard table.count == shape[depth] else {
    throw FluxError("a list of \(table.count) beside one of \(shape[depth]), at depth \(depth + 1)", at: place, expected: "lists of equal length")
  }
  if table.count == 0 { return }
  if table.typeName(at: 1) == "table" {
    for i in 1...table.count {
      guard try table.withTable(at: i, { try flatten($0, depth: depth + 1, &shape, &values) }) != nil else {
        throw FluxError("item \(i) at depth \(depth + 1) is \(table.typeName(at: i))", at: place, expected: "a list, as the first item is")
      }
    }
    return
  }
  guard shape.count == depth + 1 else {
    throw FluxError("a number beside a list, at depth \(depth + 1)", at: place, expected: "lists of equal depth")
  }
  var numbers = [Double](repeating: 0, count: table.count)
  let read = numbers.withUnsafeMutableBufferPointer { table.readNumbers(into: $0) }
  guard read == table.count else {
    throw FluxError("item \(read + 1) of a list is \(table.typeName(at: read + 1))", at: place, expected: "a number")
  }
  values += numbers
}
