import FluxCore
import Glibc

extension JSONText {
  /// Reads a text that anybody may have written: depth and number of values are bounded, bytes that are not UTF-8
  /// become U+FFFD.
  ///
  /// - Parameters:
  ///   - bytes: one JSON value, with blanks around it.
  ///   - place: whose text it is, for messages.
  ///   - mostValues: how many values it may hold. The default is for messages from outside; a file of the user's
  ///     own may hold more.
  /// - Throws: ``FluxError`` with line and column where the text is not JSON (RFC 8259), or too deep, or too large.
  public init(parsing bytes: [UInt8], at place: String, mostValues: Int = 1_000_000) throws {
    self = try bytes.withUnsafeBytes { bytes in
      var parser = JSONParser(bytes: bytes, place: place, mostValues: mostValues)
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
  let mostValues: Int
  private var i = 0
  private var values = 0

  private static let mostDepth = 100

  init(bytes: UnsafeRawBufferPointer, place: String, mostValues: Int) {
    self.bytes = bytes
    self.place = place
    self.mostValues = mostValues
  }

  /// An error about what stands here, in the place of what was expected.
  private func wrong(expected: String) -> FluxError {
    FluxError("\(here) at \(position)", at: place, expected: expected)
  }

  private func tooMany(_ what: String, _ most: Int) -> FluxError {
    FluxError("there are more than \(most) \(what) at \(position)", at: place)
  }

  /// What stands here, quoted as far as its first blank; `the text ends` behind the last byte.
  private var here: String {
    guard i < bytes.count else { return "the text ends" }
    let word = bytes[i...].prefix(24).prefix { $0 > 0x20 && $0 != 0x7F }
    guard !word.isEmpty else { return "byte \(bytes[i])" }
    let text = String(decoding: word, as: UTF8.self)
    return "'\(text.prefix(12))\(text.count > 12 ? "…" : "")'"
  }

  /// Where this is, as an editor counts lines and columns.
  private var position: String {
    let before = bytes[..<min(i, bytes.count)]
    let line = before.count { $0 == 0x0A } + 1
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return "line \(line), column \(String(decoding: before[start...], as: UTF8.self).count + 1)"
  }

  private var next: UInt8? { i < bytes.count ? bytes[i] : nil }

  private mutating func skipBlanks() {
    while let c = next, c == 0x20 || c == 0x0A || c == 0x0D || c == 0x09 { i += 1 }
  }

  mutating func end() throws {
    skipBlanks()
    if i < bytes.count { throw wrong(expected: "the end, after one value") }
  }

  mutating func value(depth: Int) throws -> JSONText {
    guard depth < Self.mostDepth else { throw tooMany("levels", Self.mostDepth) }
    values += 1
    guard values <= mostValues else { throw tooMany("values", mostValues) }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return .object(try object(depth))
    case UInt8(ascii: "["): return .list(try list(depth))
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
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
      guard next == UInt8(ascii: "\"") else { throw wrong(expected: "a name in double quotes") }
      let name = try string()
      skipBlanks()
      guard take(":") else { throw wrong(expected: "':' after the name") }
      fields.append((name, try value(depth: depth + 1)))
      skipBlanks()
      if take(",") { continue }
      if take("}") { return fields }
      throw wrong(expected: "',' or '}'")
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
      throw wrong(expected: "',' or ']'")
    }
  }

  private mutating func take(_ c: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: c) else { return false }
    i += 1
    return true
  }

  private mutating func word(_ word: StaticString, _ value: JSONText) throws -> JSONText {
    let count = word.utf8CodeUnitCount
    guard i + count <= bytes.count, memcmp(bytes.baseAddress! + i, word.utf8Start, count) == 0 else {
      throw wrong(expected: Self.anyValue)
    }
    i += count
    return value
  }

  private static let anyValue = "a value: a number, a text in double quotes, true, false, null, [ or {"

  private mutating func number() throws -> JSONText {
    let start = i
    while let c = next, (0x30...0x39).contains(c) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(c) { i += 1 }
    guard i > start, i - start < 400, bytes[start] != 0x2B, bytes[start] != 0x2E else {
      i = start
      throw wrong(expected: Self.anyValue)
    }
    let text = String(decoding: bytes[start..<i], as: UTF8.self)
    if let n = Int(text) { return .integer(n) }
    guard let x = Double(text) else {
      i = start
      throw wrong(expected: "a number")
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
    throw wrong(expected: "a closing '\"'")
  }

  private mutating func escape(_ text: inout [UInt8]) throws {
    guard let c = next else { throw wrong(expected: "a closing '\"'") }
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
      if (0xD800..<0xDC00).contains(code), i + 1 < bytes.count, bytes[i] == UInt8(ascii: "\\"),
        bytes[i + 1] == UInt8(ascii: "u")
      {
        let back = i
        i += 2
        let low = try fourDigits()
        if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) } else { i = back }
      }
      text += Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
    default:
      i -= 1
      throw wrong(expected: "one of \" \\ / b f n r t u after the backslash")
    }
  }

  private mutating func fourDigits() throws -> UInt32 {
    guard i + 4 <= bytes.count, bytes[i] != 0x2B, bytes[i] != 0x2D,
      let code = UInt32(String(decoding: bytes[i..<(i + 4)], as: UTF8.self), radix: 16)
    else { throw wrong(expected: "four hexadecimal digits after \\u") }
    i += 4
    return code
  }
}
