import FluxCore

/// What a `.npy` file says of its array, and where the numbers begin.
///
/// - Reference: numpy.lib.format, versions 1.0, 2.0 and 3.0.
struct NumPyHeader {
  let element: NumPyElement
  let isFortranOrder: Bool
  let shape: [Int]
  /// Offset of the first number, bytes.
  let dataStart: Int

  /// Larger headers than this are no array's; NumPy's own are under 200 bytes.
  static let longest = 1 << 16
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// NumPy's own limit.
  static let mostDimensions = 64

  /// Numbers without a header.
  init(raw element: NumPyElement, shape: [Int]) {
    self.element = element
    self.shape = shape
    isFortranOrder = false
    dataStart = 0
  }

  /// - Parameter bytes: the beginning of the file, at most ``longest`` bytes.
  /// - Throws: ``FluxError`` that says what the file is instead, or what in its header is wrong.
  init(_ bytes: [UInt8], path: String) throws {
    func refusal(_ came: String, _ expected: String? = nil, _ remedy: String? = nil) -> FluxError {
      FluxError("\(path) \(came)", at: "tensor.load", expected: expected, remedy: remedy)
    }
    guard bytes.starts(with: Self.magic), bytes.count >= 10 else {
      let kind = bytes.starts(with: [0x50, 0x4B]) ? "is a zip archive, such as .npz" : bytes.isEmpty ? "is empty" : "does not begin as a .npy file does"
      throw refusal(kind, "NumPy's .npy format", "In Python: numpy.save(path, array).")
    }
    let version = bytes[6]
    guard (1...3).contains(version) else { throw refusal("has format version \(version).\(bytes[7])", "1.0, 2.0 or 3.0") }
    let width = version == 1 ? 2 : 4
    guard bytes.count >= 8 + width else { throw refusal("ends within its header") }
    let length = (0..<width).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    guard length <= Self.longest - 12 else { throw refusal("has a header of \(length) bytes", "at most \(Self.longest - 12)") }
    guard bytes.count >= 8 + width + length else { throw refusal("ends within its header") }
    dataStart = 8 + width + length

    var parser = PythonLiteral(bytes[(8 + width)..<dataStart])
    guard let fields = parser.dictionary(), fields.count == 3, let descr = fields["descr"], let order = fields["fortran_order"], let shape = fields["shape"]
    else { throw refusal("has a header that cannot be read", "a dictionary of descr, fortran_order and shape") }
    guard case .text(let code) = descr else {
      throw refusal("holds records of several fields", "plain numbers", "In Python, save each field by itself.")
    }
    element = try NumPyElement(code: code, path: path)
    guard case .boolean(let isFortran) = order else { throw refusal("has a header whose fortran_order is neither True nor False") }
    isFortranOrder = isFortran
    guard case .tuple(let lengths) = shape, lengths.count <= Self.mostDimensions else {
      throw refusal("has a header whose shape is no tuple of at most \(Self.mostDimensions) lengths")
    }
    _ = try Shape.checkedCount(lengths, at: "tensor.load \(path)")
    self.shape = lengths
  }

  /// The header of a C-ordered array, padded so that the numbers begin at a multiple of 64.
  static func text(_ dtype: DType, _ shape: [Int]) -> [UInt8] {
    let code = switch dtype {
    case .float32: "<f4"
    case .float64: "<f8"
    case .int64: "<i8"
    }
    let lengths = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = Array("{'descr': '\(code)', 'fortran_order': False, 'shape': (\(lengths)), }".utf8)
    header += [UInt8](repeating: 0x20, count: 63 - (10 + header.count) % 64) + [0x0A]
    return magic + [1, 0, UInt8(header.count & 0xFF), UInt8(header.count >> 8)] + header
  }
}

/// The few literals of Python that a header is made of.
private struct PythonLiteral {
  enum Value {
    case text(String)
    case boolean(Bool)
    case tuple([Int])
    case other
  }
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// `{'name': value, …}` and nothing behind it; nil when it is anything else.
  mutating func dictionary() -> [String: Value]? {
    guard take("{") else { return nil }
    var fields: [String: Value] = [:]
    while !take("}") {
      guard let name = text(), take(":"), let value = value(), fields.updateValue(value, forKey: name) == nil else { return nil }
      if !take(",") {
        guard take("}") else { return nil }
        break
      }
    }
    skipBlanks()
    return bytes.isEmpty ? fields : nil
  }

  private mutating func value() -> Value? {
    skipBlanks()
    switch bytes.first {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return text().map { .text($0) }
    case UInt8(ascii: "("): return tuple().map { .tuple($0) }
    case UInt8(ascii: "["): return list()
    default:
      if word("True") { return .boolean(true) }
      return word("False") ? .boolean(false) : nil
    }
  }

  /// A list of fields: skipped, for it is refused anyway.
  private mutating func list() -> Value? {
    var depth = 0
    while let byte = bytes.popFirst() {
      if byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: "]") { depth -= 1 }
      if depth == 0 { return .other }
    }
    return nil
  }

  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var items: [Int] = []
    while !take(")") {
      skipBlanks()
      var digits = 0, number = 0
      while let byte = bytes.first, case let digit = byte &- 48, digit < 10 {
        digits += 1
        guard digits <= 18 else { return nil }
        number = number * 10 + Int(digit)
        bytes.removeFirst()
      }
      guard digits > 0, items.count < 1000 else { return nil }
      _ = take("L")  // Python 2's long integers
      items.append(number)
      if !take(",") {
        guard take(")") else { return nil }
        break
      }
    }
    return items
  }

  private mutating func text() -> String? {
    skipBlanks()
    guard let quote = bytes.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    bytes.removeFirst()
    guard let end = bytes.firstIndex(of: quote) else { return nil }
    defer { bytes = bytes[(end + 1)...] }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  private mutating func word(_ word: String) -> Bool {
    guard bytes.starts(with: word.utf8) else { return false }
    bytes.removeFirst(word.utf8.count)
    return true
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard bytes.first == UInt8(ascii: character) else { return false }
    bytes.removeFirst()
    return true
  }

  private mutating func skipBlanks() {
    while let byte = bytes.first, byte == 32 || byte == 9 || byte == 10 || byte == 13 { bytes.removeFirst() }
  }
}
