import FluxCore
import FluxTensor
import LuaRuntime
import Synchronization

extension DType: LuaEnum {}

/// The draws of `tensor.rand` and `tensor.randn`.
private let draws = Mutex(RandomStream(seed: 1))

let tensorModule = LuaModule("tensor", "arrays with reverse-mode gradients", types: [Tensor.luaType], [
  .call("(values: number|table, {dtype: string = \"float32\"}) -> Tensor", "from a number or nested lists of numbers") { call in
    let type = try dtype(call, 2)
    if let x = call.argument(1, if: Double.self) { return try Tensor.scalar(x, type) }
    var shape: [Int] = [], values: [Double] = []
    try flatten(call.table(1, "values"), depth: 0, &shape, &values)
    return try Tensor(values, shape: Shape(shape), dtype: type)
  },
  .function("zeros", "(shape: integer|integer[], {dtype: string = \"float32\"}) -> Tensor", "filled with 0") { call in
    try Tensor.zeros(shape(call), dtype(call, 2))
  },
  .function("ones", "(shape: integer|integer[], {dtype: string = \"float32\"}) -> Tensor", "filled with 1") { call in
    try Tensor.ones(shape(call), dtype(call, 2))
  },
  .function("full", "(shape: integer|integer[], value: number, {dtype: string = \"float32\"}) -> Tensor", "filled with a value") { call in
    try Tensor.full(shape(call), call.argument(2, "value"), dtype(call, 3))
  },
  .function("eye", "(n: integer, {dtype: string = \"float32\"}) -> Tensor", "the unit matrix [n, n]") { call in
    let n: Int = try call.argument(1, "n"), t = try Tensor.zeros([n, n], dtype(call, 2))
    for i in 0..<n { try t.selected(0, i).selected(0, i).assign(t.number(1)) }
    return t
  },
  .function("arange", "(a: number, b: number, step: number = 1, {dtype: string = \"float32\"}) -> Tensor", "a, a + step, … up to and including b") { call in
    let a: Double = try call.argument(1, "a"), b: Double = try call.argument(2, "b")
    let step: Double = call.typeName(3) == "table" ? 1 : try call.argument(3, "step", default: 1)
    let count = ((b - a) / step + 1e-9).rounded(.down) + 1
    guard step != 0, count.isFinite, count < 1e12 else {
      throw FluxError("from \(a) to \(b) in steps of \(step)", at: "tensor.arange", expected: "a finite number of steps")
    }
    return try Tensor((0..<Swift.max(0, Int(count))).map { a + Double($0) * step }, dtype: dtype(call, call.typeName(3) == "table" ? 3 : 4))
  },
  .function("linspace", "(a: number, b: number, n: integer, {dtype: string = \"float32\"}) -> Tensor", "n equally spaced numbers from a to b") { call in
    let a: Double = try call.argument(1, "a"), b: Double = try call.argument(2, "b"), n: Int = try call.argument(3, "n")
    guard n >= 1 else { throw FluxError("n is \(n)", at: "tensor.linspace", expected: "at least 1") }
    return try Tensor((0..<n).map { n == 1 ? a : a + (b - a) * Double($0) / Double(n - 1) }, dtype: dtype(call, 4))
  },
  .function("rand", "(shape: integer|integer[], {dtype: string = \"float32\"}) -> Tensor", "uniform in [0, 1), reproducible by tensor.seed") { call in
    try drawn(call) { $0.uniform() }
  },
  .function("randn", "(shape: integer|integer[], {dtype: string = \"float32\"}) -> Tensor", "standard normal, reproducible by tensor.seed") { call in
    try drawn(call) { $0.normal() }
  },
  .function("seed", "(n: integer)", "makes every later draw reproducible, on any machine") { call in
    let n: Int = try call.argument(1, "n")
    draws.withLock { $0 = RandomStream(seed: UInt64(bitPattern: Int64(n))) }
  },
  .function("stack", "(list: Tensor[], dim: integer = 1) -> Tensor", "tensors of one shape laid along a new dimension") { call in
    let list: [Tensor] = try call.argument(1, "list")
    return try Tensor.stacked(list, joint(call, rank: (list.first?.rank ?? 0) + 1))
  },
  .function("cat", "(list: Tensor[], dim: integer = 1) -> Tensor", "tensors laid one after the other along a dimension") { call in
    let list: [Tensor] = try call.argument(1, "list")
    return try Tensor.concatenated(list, joint(call, rank: list.first?.rank ?? 0))
  },
  .function("matmul", "(a: Tensor, b: Tensor) -> Tensor", "matrix product") { call in
    try call.argument(1, "a", as: Tensor.self).matrixProduct(call.argument(2, "b"))
  },
  .function("no_grad", "(f: function) -> any", "runs f without recording and gives its results") { call in
    let f: LuaFunction = try call.argument(1, "f")
    return LuaResults(list: try Tape.withoutRecording { try f.call() })
  },
  .function("grad", "(f: function, ...: Tensor) -> value: Tensor, gradients: Tensor", "f(x, …) and its gradient by each x") { call in
    let f: LuaFunction = try call.argument(1, "f")
    let leaves = try call.arguments(from: 2, "x").map { (x: Tensor) in try x.detached().requireGradient() }
    let value: Tensor = try f.call(list: leaves).first.flatMap { $0.read(in: call.session) }
      ?? { throw FluxError("f gave no Tensor", at: "tensor.grad", expected: "a Tensor with one element") }()
    try value.backward()
    let gradients = try leaves.map { try $0.gradient ?? Tensor.zeros($0.shape, $0.dtype) }
    return LuaResults(list: [value.detached()] + gradients)
  },
])

private func dtype(_ call: LuaCall, _ position: Int) throws -> DType {
  try call.options(position).value("dtype", default: DType.float32)
}

private func shape(_ call: LuaCall) throws -> Shape {
  // A float that is a whole number, such as 1e6, is a length too.
  if let n = call.argument(1, if: Int.self) { return [n] }
  return Shape(try call.argument(1, "shape"))
}

private func joint(_ call: LuaCall, rank: Int) throws -> Int {
  let d: Int = try call.argument(2, "dim", default: 1)
  guard d != 0, abs(d) <= rank else { throw FluxError("dimension \(d)", at: call.place, expected: "1 to \(rank)") }
  return d > 0 ? d - 1 : rank + d
}

private func drawn(_ call: LuaCall, _ draw: @Sendable (inout RandomStream) -> Double) throws -> Tensor {
  let shape = try shape(call), type = try dtype(call, 2)
  let t = try Tensor.zeros(shape, type)
  let values = draws.withLock { random in (0..<shape.count).map { _ in draw(&random) } }
  try t.assign(Tensor(values, shape: shape, dtype: type))
  return t
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
