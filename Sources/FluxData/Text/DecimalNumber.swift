/// Decimal numbers straight from bytes: locale-free, and exact where it answers.
enum DecimalNumber {
  /// The value of `-12.5e3` and the like between two offsets, blanks and quotes around it
  /// allowed; nothing when the text is not a plain number, or needs more care than
  /// a 53-bit integer times a power of ten (Clinger's fast path, exactly rounded).
  static func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Double? {
    var i = start, end = end
    func skippable(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 34 }
    while i < end, skippable(bytes[i]) { i += 1 }
    while end > i, skippable(bytes[end - 1]) { end -= 1 }
    guard i < end else { return nil }
    let negative = bytes[i] == UInt8(ascii: "-")
    if negative || bytes[i] == UInt8(ascii: "+") { i += 1 }
    var mantissa: UInt64 = 0, digits = 0, exponent = 0, seen = false
    while i < end, case let digit = bytes[i] &- 48, digit < 10 {
      mantissa = mantissa &* 10 &+ UInt64(digit)
      if mantissa != 0 { digits += 1 }
      seen = true
      i += 1
    }
    if i < end, bytes[i] == UInt8(ascii: ".") {
      i += 1
      while i < end, case let digit = bytes[i] &- 48, digit < 10 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        if mantissa != 0 { digits += 1 }
        exponent -= 1
        seen = true
        i += 1
      }
    }
    guard seen, digits <= 15 else { return nil }
    if i < end, bytes[i] | 0x20 == UInt8(ascii: "e") {
      i += 1
      let down = i < end && bytes[i] == UInt8(ascii: "-")
      if i < end, down || bytes[i] == UInt8(ascii: "+") { i += 1 }
      var power = 0, any = false
      while i < end, case let digit = bytes[i] &- 48, digit < 10, power < 1000 {
        power = power * 10 + Int(digit)
        any = true
        i += 1
      }
      guard any else { return nil }
      exponent += down ? -power : power
    }
    guard i == end, abs(exponent) < powers.count else { return nil }
    let magnitude = exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
    return negative ? -magnitude : magnitude
  }

  /// 10⁰ … 10²², each exact in a Double.
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
