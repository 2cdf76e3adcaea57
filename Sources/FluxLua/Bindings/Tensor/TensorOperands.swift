import FluxCore
import FluxTensor
import LuaRuntime

/// How arguments of tensor functions are read.
extension Tensor {
  /// The other operand of an elementwise operation.
  enum Operand {
    case tensor(Tensor)
    case number(Double)
  }

  static func operand(_ call: LuaCall, _ position: Int, _ name: String) throws -> Operand {
    if let other = call.argument(position, if: Tensor.self) { return .tensor(other) }
    if let number = call.argument(position, if: Double.self) { return .number(number) }
    throw call.mismatch(position, name, expected: "a Tensor or a number")
  }

  /// The operand as a tensor: a number takes the other tensor's type.
  static func operand(_ call: LuaCall, _ position: Int, _ name: String, like t: Tensor) throws -> Tensor {
    switch try operand(call, position, name) {
    case .tensor(let other): other
    case .number(let number): try t.number(number)
    }
  }

  /// A dimension given as a number from 1, from −1 at the end, or by name; nil when it is not given.
  static func dimension(_ call: LuaCall, _ position: Int, of t: Tensor) throws -> Int? {
    try dimension(call, position, shape: t.shape, names: t.names)
  }

  static func dimension(_ call: LuaCall, _ position: Int, shape: Shape, names: [String]?) throws -> Int? {
    guard call.has(position) else { return nil }
    let rank = shape.rank
    if call.typeName(position) == "string" {
      let name: String = try call.argument(position, "dim"), known = (names ?? []).filter { !$0.isEmpty }
      if let d = names?.firstIndex(of: name), !name.isEmpty { return d }
      throw FluxError("no dimension '\(name)'\(NearestName.hint(name, among: known))", at: call.place,
        expected: known.isEmpty ? "a number: this tensor's dimensions have no names" : "one of \(known.joined(separator: ", "))")
    }
    guard call.argument(position, if: Double.self) != nil else { throw call.mismatch(position, "dim", expected: "a dimension, a number or a name") }
    let d: Int = try call.argument(position, "dim")
    guard d != 0, d.magnitude <= rank else {
      throw FluxError("dimension \(d) of a tensor with shape \(shape)", at: call.place,
        expected: rank == 0 ? "none: it has no dimensions" : "1 to \(rank), or -1 to -\(rank) from the end")
    }
    return d > 0 ? d - 1 : rank + d
  }

  static func requiredDimension(_ call: LuaCall, _ position: Int, of t: Tensor) throws -> Int {
    guard let d = try dimension(call, position, of: t) else { throw call.mismatch(position, "dim", expected: "a dimension, a number or a name") }
    return d
  }

  /// A shape: a list of lengths, or one length. A float that is a whole number, such as 1e6, is a length too.
  static func shape(_ call: LuaCall, _ position: Int) throws -> Shape {
    if call.argument(position, if: Double.self) != nil { return [try call.argument(position, "shape")] }
    return Shape(try call.argument(position, "shape"))
  }
}
