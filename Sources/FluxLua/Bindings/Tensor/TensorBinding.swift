import FluxCore
import FluxTensor
import LuaRuntime

extension Tensor: LuaExposed {
  public static let luaType = LuaType<Tensor>(
    "Tensor", "array of numbers with named dimensions and reverse-mode gradients",
    members: tensorProperties + tensorFunctions + tensorReductions + tensorLayout + tensorTape + tensorOperators)

  public var nativeByteCount: Int { byteCount }

  /// The shape with dimension names: `[region 18, month 12]`.
  var shapeText: String {
    guard let names else { return shape.description }
    return "[" + zip(names, shape.dimensions).map { "\($0) \($1)" }.joined(separator: ", ") + "]"
  }

  public var luaDescription: String {
    let values = doubles()
    func number(_ x: Double) -> String {
      x == x.rounded() && abs(x) < 1e6 ? "\(Int(x))" : dtype == .float32 ? "\(Float(x))" : "\(x)"
    }
    if rank == 0 { return "Tensor \(number(values[0])) \(dtype)" }
    let shown = values.prefix(8).map(number).joined(separator: " ")
    return "Tensor \(shapeText) \(dtype): \(shown)\(values.count > 8 ? " …" : "")"
  }

  public var luaTree: String {
    guard rank == 2, shape[0] > 1, count > 0 else { return luaDescription }
    let rows = Swift.min(6, shape[0]), columns = Swift.min(8, shape[1]), values = doubles()
    let cells = (0..<rows).map { r in
      (0..<columns).map { c in
        let x = values[r * shape[1] + c]
        return x == x.rounded() && abs(x) < 1e6 ? "\(Int(x))" : "\(Float(x))"
      }
    }
    let width = cells.flatMap { $0 }.map(\.count).max() ?? 1
    var lines = ["Tensor \(shapeText) \(dtype)"]
    for row in cells {
      lines.append("  " + row.map { String(repeating: " ", count: width - $0.count) + $0 }.joined(separator: "  ") + (columns < shape[1] ? "  …" : ""))
    }
    if rows < shape[0] { lines.append("  …") }
    return lines.joined(separator: "\n")
  }

  private static let tensorProperties: [LuaMember<Tensor>] = [
    .property("shape", "integer[]", "the length of each dimension") { $0.shape.dimensions },
    .property("rank", "integer", "how many dimensions") { $0.rank },
    .property("dtype", "string", "'float32' or 'float64'") { $0.dtype.rawValue },
    .property("names", "string[]?", "the names of the dimensions") { $0.names },
    .property("grad", "Tensor?", "∂loss/∂self, after loss:backward()", get: { $0.gradient }, set: { t, new in
      guard new == nil else { throw FluxError("a gradient was assigned", at: "Tensor.grad", expected: "nil, which clears it") }
      t.clearGradient()
    }),
    .operator(.length, "(t: Tensor) -> integer", "the length of the first dimension") { call in
      let t: Tensor = try call.argument(1, "t")
      return t.rank == 0 ? 1 : t.shape[0]
    },
    .method("item", "() -> number", "the value of a tensor with one element") { t, _ in try t.item() },
    .method("totable", "() -> table", "nested lists of numbers") { t, _ in NestedList(t) },
    .method("double", "() -> Tensor", "the same values in float64") { t, _ in try t.converted(to: .float64) },
    .method("float", "() -> Tensor", "the same values in float32") { t, _ in try t.converted(to: .float32) },
    .method("clone", "() -> Tensor", "a copy with memory of its own") { t, _ in try t.clone() },
    .method("named", "(names: string[]) -> Tensor", "the same tensor with a name for each dimension") { t, call in
      try t.named(call.argument(1, "names"))
    },
  ]

  /// The operand of an elementwise operation: a tensor, or a number of this tensor's own type.
  static func operand(_ call: LuaCall, _ position: Int, _ name: String, like t: Tensor) throws -> Tensor {
    if let other = call.argument(position, if: Tensor.self) { return other }
    guard let number = call.argument(position, if: Double.self) else {
      throw call.mismatch(position, name, expected: "a Tensor or a number")
    }
    return try t.number(number)
  }

  /// A dimension given as a number from 1, from −1 at the end, or by name; nil when it is not given.
  static func dimension(_ call: LuaCall, _ position: Int, of t: Tensor) throws -> Int? {
    guard call.has(position) else { return nil }
    if let name = call.argument(position, if: String.self) {
      if let d = t.names?.firstIndex(of: name) { return d }
      throw FluxError("no dimension '\(name)'\(NearestName.hint(name, among: t.names ?? []))", at: call.place,
        expected: t.names.map { "one of \($0.joined(separator: ", "))" } ?? "a number: this tensor's dimensions have no names")
    }
    let d: Int = try call.argument(position, "dim")
    guard d != 0, abs(d) <= t.rank else {
      throw FluxError("dimension \(d) of a tensor with shape \(t.shape)", at: call.place,
        expected: t.rank == 0 ? "none: it has no dimensions" : "1 to \(t.rank), or -1 to -\(t.rank) from the end")
    }
    return d > 0 ? d - 1 : t.rank + d
  }

  static func requiredDimension(_ call: LuaCall, _ position: Int, of t: Tensor) throws -> Int {
    guard let d = try dimension(call, position, of: t) else { throw call.mismatch(position, "dim", expected: "a dimension, a number or a name") }
    return d
  }
}

/// A tensor as nested Lua lists; a number for rank 0.
private struct NestedList: LuaPushable, LuaReturnable {
  private let values: [Double], dimensions: [Int]

  init(_ t: Tensor) {
    values = t.doubles()
    dimensions = t.shape.dimensions
  }

  func push(onto stack: LuaStack) { piece(0, 0..<values.count).push(onto: stack) }

  private func piece(_ depth: Int, _ range: Range<Int>) -> any LuaPushable {
    if depth == dimensions.count { return values[range.lowerBound] }
    if depth == dimensions.count - 1 { return Array(values[range]) }
    let length = dimensions[depth], step = length > 0 ? range.count / length : 0
    return LuaTable(items: (0..<length).map { i in
      piece(depth + 1, (range.lowerBound + i * step)..<(range.lowerBound + (i + 1) * step))
    })
  }
}
