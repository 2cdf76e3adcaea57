import FluxCore
import FluxTensor
import LuaRuntime

/// What a scripted optimiser or weighting remembers from step to step: numbers and tensors by name, `s.mean = …`.
///
/// It lives here and not in the script's variables, so that a checkpoint can hold it: a run that is taken up again
/// goes on with the same bits.
public final class ScriptState: LuaExposed {
  private enum Value {
    case number(Double)
    case tensor(Tensor)
  }

  private var values: [String: Value] = [:]
  /// What the trainer tells: read only.
  var given: [String: any LuaPushable] = [:]
  private let place: String

  init(_ place: String) { self.place = place }

  public static let luaType = LuaType<ScriptState>("State", "what a scripted optimiser or weighting remembers; checkpoints keep it", members: [
    .index("(name: string) -> any", "a number or tensor that was set, nil before; or what the trainer tells: lr, step, index, epoch") { s, call in
      try s.value(call.argument(1, "name"))
    },
    .setIndex("(name: string, value: number|Tensor|nil)", "sets a number or a tensor, to be found in the next step") { s, call in
      try s.set(call)
    },
  ])
  public var luaDescription: String { "State: \((given.keys.sorted() + values.keys.sorted()).joined(separator: ", "))" }

  private func value(_ name: String) -> LuaTableItem {
    if let told = given[name] { return LuaTableItem(told) }
    return switch values[name] {
    case .number(let x): LuaTableItem(x)
    case .tensor(let t): LuaTableItem(t)
    case nil: LuaTableItem(nil)
    }
  }

  private func set(_ call: LuaCall) throws {
    let name: String = try call.argument(1, "name")
    guard given[name] == nil else {
      throw FluxError("'\(name)' is told by the trainer", at: place, expected: "another name")
    }
    if !call.has(2) { values[name] = nil } else if let tensor = call.argument(2, if: Tensor.self) {
      guard tensor.dtype.isFloating else {
        throw FluxError("'\(name)' is an int64 tensor", at: place, expected: "a number, or a tensor of float32 or float64")
      }
      values[name] = .tensor(tensor.detached())
    } else if let number = call.argument(2, if: Double.self) { values[name] = .number(number) } else {
      throw FluxError("'\(name)' is a \(call.typeName(2))", at: place, expected: "a number or a Tensor",
        remedy: "Only these can be kept in a checkpoint.")
    }
  }

  // MARK: As one row of numbers

  /// Names in order, each with its length, its characters, and its rank, type, shape and values; −1 for a number.
  var row: [Double] {
    var row = [Double(values.count)]
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      let bytes = Array(name.utf8)
      row.append(Double(bytes.count))
      row += bytes.map(Double.init)
      switch value {
      case .number(let x): row += [-1, x]
      case .tensor(let t):
        row += [Double(t.rank), t.dtype == .float64 ? 64 : 32]
        row += t.shape.dimensions.map(Double.init)
        row += t.doubles()
      }
    }
    return row
  }

  /// Reads one ``row`` and leaves what follows it.
  ///
  /// - Throws: ``FluxError`` for numbers that are no such row.
  func restore(_ row: inout ArraySlice<Double>) throws {
    let damaged = FluxError("a state of \(row.count) numbers", at: place, expected: "one that was kept by this rule")
    func next() throws -> Double {
      guard let x = row.popFirst() else { throw damaged }
      return x
    }
    func count(_ limit: Int) throws -> Int {
      guard let n = Int(exactly: try next()), (0...limit).contains(n) else { throw damaged }
      return n
    }
    values = [:]
    for _ in 0..<(try count(row.count)) {
      let bytes = try (0..<(try count(row.count))).map { _ in UInt8(clamping: try count(255)) }
      let kind = try next(), name = String(decoding: bytes, as: UTF8.self)
      if kind == -1 {
        values[name] = .number(try next())
        continue
      }
      guard let rank = Int(exactly: kind), (0...16).contains(rank) else { throw damaged }
      let dtype: DType = try next() == 64 ? .float64 : .float32
      let shape = try (0..<rank).map { _ in try count(row.count) }
      var size = 1
      for length in shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: length)
        guard !overflow, product <= row.count else { throw damaged }
        size = product
      }
      guard size <= row.count else { throw damaged }
      values[name] = .tensor(try Tensor(Array(row.prefix(size)), shape: Shape(shape), dtype: dtype))
      row = row.dropFirst(size)
    }
  }
}

/// One value of any kind.
struct LuaTableItem: LuaPushable, LuaReturnable {
  private let value: (any LuaPushable)?
  init(_ value: (any LuaPushable)?) { self.value = value }
  func push(onto stack: LuaStack) {
    if let value { value.push(onto: stack) } else { LuaValue.nil.push(onto: stack) }
  }
}
