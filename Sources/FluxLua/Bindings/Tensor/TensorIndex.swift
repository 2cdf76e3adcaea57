import FluxCore
import FluxTensor
import LuaRuntime

/// What stands between the brackets of `t[i]`, `t[{i, j}]`, `t[{ {a, b}, {} }]`: indices from 1,
/// from −1 at the end; `{a, b}` inclusive; `{}` all.
struct TensorIndex {
  private enum Part {
    case one(Int)
    case span(Int, Int)
    case all
  }
  private let tensor: Tensor
  private let parts: [Part]

  init(_ call: LuaCall, _ tensor: Tensor) throws {
    self.tensor = tensor
    if let name = call.argument(1, if: String.self), call.typeName(1) == "string" {
      let members = Tensor.luaType.declarations.map(\.name)
      throw FluxError("no field or method '\(name)'\(NearestName.hint(name, among: members))", at: "Tensor")
    }
    if let i = call.argument(1, if: Int.self) {
      parts = [.one(i)]
    } else {
      guard call.typeName(1) == "table" else { throw call.mismatch(1, "i", expected: "an integer or a table of indices") }
      let table = try call.table(1, "i")
      parts = try (0..<table.count).map { k in
        if let i = try? table.item(k + 1, as: Int.self) { return .one(i) }
        let span = table.withTable(at: k + 1) { span -> Part? in
          if span.count == 0 { return .all }
          guard span.count == 2, let a = try? span.item(1, as: Int.self), let b = try? span.item(2, as: Int.self) else { return nil }
          return .span(a, b)
        }
        guard let part = span.flatMap({ $0 }) else {
          throw FluxError("index \(k + 1) is \(table.typeName(at: k + 1))", at: "Tensor[]", expected: "an integer, {first, last} or {}")
        }
        return part
      }
    }
    guard parts.count <= tensor.rank else {
      throw FluxError("\(parts.count) indices for a tensor with shape \(tensor.shape)", at: "Tensor[]", expected: "at most \(tensor.rank)")
    }
  }

  private func position(_ i: Int, _ d: Int) throws -> Int {
    let length = tensor.shape[d]
    guard i != 0, i >= -length, i <= length else {
      throw FluxError("index \(i) in dimension \(d + 1) of shape \(tensor.shape)", at: "Tensor[]",
        expected: length == 0 ? "none: it is empty" : "1 to \(length), or -1 to -\(length) from the end")
    }
    return i > 0 ? i - 1 : length + i
  }

  /// The elements as a view that shares memory.
  func view() throws -> Tensor {
    var result = tensor, d = 0
    for (k, part) in parts.enumerated() {
      switch part {
      case .one(let i): result = try result.selected(d, position(i, k))
      case .all: d += 1
      case .span(let a, let b):
        let first = try position(a, k), last = try position(b, k)
        result = try result.narrowed(d, from: first, length: max(0, last - first + 1))
        d += 1
      }
    }
    return result
  }

  /// A number for a full index, otherwise a view.
  func read() throws -> TensorElement {
    let found = try view()
    if found.rank > 0 { return .tensor(found) }
    if let whole = found.integerItem() { return .integer(whole) }
    return .number(try found.item())
  }
}

/// What an index gives.
enum TensorElement: LuaPushable, LuaReturnable {
  case number(Double)
  case integer(Int)
  case tensor(Tensor)

  func push(onto stack: LuaStack) {
    switch self {
    case .number(let x): x.push(onto: stack)
    case .integer(let x): x.push(onto: stack)
    case .tensor(let t): t.push(onto: stack)
    }
  }
}
