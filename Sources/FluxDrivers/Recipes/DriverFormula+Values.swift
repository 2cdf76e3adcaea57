/// The values of a part of a formula: a number everywhere, or one for each place.
enum FormulaValues {
  case number(Float)
  case values([Float])

  /// - Parameter count: how many places there are.
  func array(count: Int) -> [Float] {
    switch self {
    case .number(let value): [Float](repeating: value, count: count)
    case .values(let values): values
    }
  }
}

extension DriverFormula {
  /// Computes the formula element by element, in single precision, in the order in which it is written.
  ///
  /// - Parameter leaf: the values of variables and of whole function calls, all of one length.
  func values(_ leaf: (DriverFormula) throws -> FormulaValues) rethrows -> FormulaValues {
    switch self {
    case .number(let value): return .number(Float(value))
    case .variable, .call: return try leaf(self)
    case .negated(let inner):
      switch try inner.values(leaf) {
      case .number(let value): return .number(-value)
      case .values(let values): return .values(values.map { -$0 })
      }
    case .combined(let operation, let left, let right):
      let a = try left.values(leaf), b = try right.values(leaf)
      switch operation {
      case .add: return Self.join(a, b) { $0 + $1 }
      case .subtract: return Self.join(a, b) { $0 - $1 }
      case .multiply: return Self.join(a, b) { $0 * $1 }
      case .divide: return Self.join(a, b) { $0 / $1 }
      }
    }
  }

  @inline(__always)
  private static func join(_ a: FormulaValues, _ b: FormulaValues, _ body: (Float, Float) -> Float) -> FormulaValues {
    switch (a, b) {
    case (.number(let a), .number(let b)): return .number(body(a, b))
    case (.values(var a), .number(let b)):
      a.withUnsafeMutableBufferPointer { a in for i in a.indices { a[i] = body(a[i], b) } }
      return .values(a)
    case (.number(let a), .values(var b)):
      b.withUnsafeMutableBufferPointer { b in for i in b.indices { b[i] = body(a, b[i]) } }
      return .values(b)
    case (.values(var a), .values(let b)):
      a.withUnsafeMutableBufferPointer { a in
        b.withUnsafeBufferPointer { b in for i in 0..<min(a.count, b.count) { a[i] = body(a[i], b[i]) } }
      }
      return .values(a)
    }
  }
}
