import FluxCore
import Glibc

extension JSONText {
  /// Reads a text that anybody may have written: depth and number of values are bounded, bytes that are not UTF-8 become U+FFFD.
  ///
  /// - Parameters:
  ///   - bytes: one JSON value, with blanks around it.
  ///   - place: whose text it is, for messages.
  /// - Throws: ``FluxError`` where the text is not JSON (RFC 8259), or too deep, or too large.
  public init(parsing bytes: [UInt8], at place: String) throws {
    self = try bytes.withUnsafeBytes { bytes in
      var parser = JSONParser(bytes: bytes, place: place)
      let value = try parser.value(depth: 0)
      try parser.end()
      return value
    }
  }

  /// A field of an object; nil when there is none. Of equal names the last counts.
  public subscript(name: String) -> JSONText? {
    guard case .object(let fields) = self else { return nil }
    return fields.last { $0.name == name }?.value
  }

  public var string: String? { if case .text(let text) = self { text } else { nil } }
  public var boolean: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  public var whole: Int? { if case .integer(let n) = self { n } else { nil } }
  public var items: [JSONText]? { if case .list(let items) = self { items } else { nil } }
  public var fields: [(name: String, value: JSONText)]? { if case .object(let fields) = self { fields } else { nil } }
}

/// One pass over the bytes, by recursion that is bounded.
private struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  let place: String
  private var i = 0
  private var values = 0

  private static let mostDepth = 100
  private static let mostValues = 1_000_000

  init(bytes: UnsafeRawBufferPointer, place: String) {
    self.bytes = bytes
    self.place = place
  }

  private func wrong(_ what: String) -> FluxError { FluxError("\(what) at byte \(i)", at: place, expected: "JSON") }

  private var next: UInt8? { i < bytes.count ? bytes[i] : nil }

  private mutating func skipBlanks() {
    while let c = next, c == 0x20 || c == 0x0A || c == 0x0D || c == 0x09 { i += 1 }
  }

  mutating func end() throws {
    skipBlanks()
    if i < bytes.count { throw wrong("more text after the value") }
  }

  mutating func value(depth: Int) throws -> JSONText {
    guard depth < Self.mostDepth else { throw wrong("more than \(Self.mostDepth) levels") }
    values += 1
    guard values <= Self.mostValues else { throw wrong("more than \(Self.mostValues) values") }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return .object(try object(depth))
    case UInt8(ascii: "["): return .list(try list(depth))
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw wrong("the text ends")
    default: return try number()
    }
  }

  private mutating func object(_ depth: Int) throws -> [(name: String, value: JSONText)] {
    var fields: [(name: String, value: JSONText)] = []
    i += 1
    skipBlanks()
    if take("}") { return fields }
    while true {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw wrong("no name") }
      let name = try string()
      skipBlanks()
      guard take(":") else { throw wrong("no colon") }
      fields.append((name, try value(depth: depth + 1)))
      skipBlanks()
      if take(",") { continue }
      if take("}") { return fields }
      throw wrong("no comma")
    }
  }

  private mutating func list(_ depth: Int) throws -> [JSONText] {
    var items: [JSONText] = []
    i += 1
    skipBlanks()
    if take("]") { return items }
    while true {
      items.append(try value(depth: depth + 1))
      skipBlanks()
      if take(",") { continue }
      if take("]") { return items }
      throw wrong("no comma")
    }
  }

  private mutating func take(_ c: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: c) else { return false }
    i += 1
    return true
  }

  private mutating func word(_ word: StaticString, _ value: JSONText) throws -> JSONText {
    let count = word.utf8CodeUnitCount
    guard i + count <= bytes.count, memcmp(bytes.baseAddress! + i, word.utf8Start, count) == 0 else { throw wrong("an unknown word") }
    i += count
    return value
  }

  private mutating func number() throws -> JSONText {
    let start = i
    while let c = next, (0x30...0x39).contains(c) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(c) { i += 1 }
    guard i > start, i - start < 400, bytes[start] != 0x2B, bytes[start] != 0x2E else {
      i = start
      throw wrong("something unknown")
    }
    let text = String(decoding: bytes[start..<i], as: UTF8.self)
    if let n = Int(text) { return .integer(n) }
    guard let x = Double(text) else {
      i = start
      throw wrong("a malformed number")
    }
    return .number(x)
  }

  /// The text between quotes; `i` stands on the first quote.
  private mutating func string() throws -> String {
    i += 1
    let start = i
    while let c = next, c != UInt8(ascii: "\""), c != UInt8(ascii: "\\") { i += 1 }
    if next == UInt8(ascii: "\"") {  // most strings
      i += 1
      return String(decoding: bytes[start..<(i - 1)], as: UTF8.self)
    }
    var text = Array(bytes[start..<i])
    while let c = next {
      i += 1
      switch c {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(&text)
      default: text.append(c)
      }
    }
    throw wrong("a string without its end")
  }

  private mutating func escape(_ text: inout [UInt8]) throws {
    guard let c = next else { throw wrong("a string without its end") }
    i += 1
    switch c {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(c)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "u"):
      var code = try fourDigits()
      if (0xD800..<0xDC00).contains(code), i + 1 < bytes.count, bytes[i] == UInt8(ascii: "\\"), bytes[i + 1] == UInt8(ascii: "u") {
        let back = i
        i += 2
        let low = try fourDigits()
        if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) } else { i = back }
      }
      text += Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
    default: throw wrong("an unknown escape")
    }
  }

  private mutating func fourDigits() throws -> UInt32 {
    guard i + 4 <= bytes.count, bytes[i] != 0x2B, bytes[i] != 0x2D, let code = UInt32(String(decoding: bytes[i..<(i + 4)], as: UTF8.self), radix: 16)
    else { throw wrong("an escape without four digits") }
    i += 4
    return code
  }
}
