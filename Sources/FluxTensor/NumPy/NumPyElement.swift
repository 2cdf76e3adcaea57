import FluxCore

/// How one number lies in a `.npy` file: `<f4`, `>i2`, `|b1`.
struct NumPyElement {
  enum Kind: String, CaseIterable { case f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1 }
  let kind: Kind
  let isBigEndian: Bool

  /// Bytes a number.
  var byteCount: Int {
    switch kind {
    case .i1, .u1, .b1: 1
    case .f2, .i2, .u2: 2
    case .f4, .i4, .u4: 4
    case .f8, .i8, .u8: 8
    }
  }

  /// The tensor type it becomes: integers are int64, truth values 0 and 1 in float32 as comparisons give them.
  var dtype: DType {
    switch kind {
    case .f2, .f4, .b1: .float32
    case .f8: .float64
    default: .int64
    }
  }

  /// - Throws: ``FluxError`` that says in words what a type is that no tensor can hold.
  init(code: String, path: String) throws {
    let order = code.first ?? " ", name = String(code.dropFirst())
    if "<>|=".contains(order), let kind = Kind(rawValue: name) {
      self.kind = kind
      isBigEndian = order == ">"
      return
    }
    let what = switch name.first {
    case "O": "Python objects, which are code"
    case "c": "complex numbers"
    case "U", "S", "a": "texts"
    case "M", "m": "dates or durations"
    case "V": "raw bytes"
    case "f": "floating-point numbers of \(name.dropFirst()) bytes"
    default: "numbers of type '\(code.prefix(20))'"
    }
    throw FluxError("\(path) holds \(what)", at: "tensor.load", expected: "floating-point numbers, integers or truth values",
      remedy: "In Python: array.astype('float64').")
  }

  /// Writes `count` numbers from a file's bytes into a tensor's, as ``dtype`` says.
  ///
  /// - Returns: the first number that does not fit into int64, if any.
  func decode(_ bytes: UnsafeRawPointer, _ count: Int, into target: UnsafeMutableRawPointer) -> UInt64? {
    func floats<T>(_: T.Type, _ value: (T) -> Float) where T: FixedWidthInteger {
      let out = target.assumingMemoryBound(to: Float.self)
      for i in 0..<count { out[i] = value(load(bytes, i, T.self)) }
    }
    func integers<T>(_: T.Type) where T: FixedWidthInteger {
      let out = target.assumingMemoryBound(to: Int64.self)
      for i in 0..<count { out[i] = Int64(truncatingIfNeeded: load(bytes, i, T.self)) }
    }
    switch kind {
    case .f2: floats(UInt16.self) { Self.half($0) }
    case .f4: floats(UInt32.self) { Float(bitPattern: $0) }
    case .b1: floats(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .f8:
      let out = target.assumingMemoryBound(to: Double.self)
      for i in 0..<count { out[i] = Double(bitPattern: load(bytes, i, UInt64.self)) }
    case .i1: integers(Int8.self)
    case .i2: integers(Int16.self)
    case .i4: integers(Int32.self)
    case .i8: integers(Int64.self)
    case .u1: integers(UInt8.self)
    case .u2: integers(UInt16.self)
    case .u4: integers(UInt32.self)
    case .u8:
      integers(UInt64.self)
      for i in 0..<count where load(bytes, i, UInt64.self) > UInt64(Int64.max) { return load(bytes, i, UInt64.self) }
    }
    return nil
  }

  private func load<T: FixedWidthInteger>(_ bytes: UnsafeRawPointer, _ i: Int, _: T.Type) -> T {
    let raw = bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<T>.size, as: T.self)
    return isBigEndian ? T(bigEndian: raw) : T(littleEndian: raw)
  }

  /// IEEE 754 binary16, by its parts: not every machine has the type.
  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10) & 0x1F, fraction = Float(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}
