import Glibc

/// Numbers as text with a fixed number of digits behind the point.
public enum DecimalText {
  /// A number with a fixed number of digits behind the point, a true minus sign left to typography.
  public static func fixed(_ x: Double, _ digits: Int) -> String { printed(x, "%.\(digits)f") }

  /// A number with so many significant digits at most, without zeros at the end: `12.5`, `1e-09`, `3`.
  public static func significant(_ x: Double, _ digits: Int) -> String { printed(x, "%.\(digits)g") }

  private static func printed(_ x: Double, _ format: String) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    let length = withVaList([x]) { vsnprintf(&buffer, buffer.count, format, $0) }
    return String(decoding: buffer.prefix(max(0, Int(length))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Three decimals, by whole thousandths; a number of 10¹² or more as it is.
  public static func thousandths(_ value: Double) -> String {
    guard value.magnitude < 1e12 else { return "\(value)" }
    let thousandths = Int((value * 1000).rounded())
    let digits = String(thousandths.magnitude)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return (thousandths < 0 ? "-" : "") + padded.dropLast(3) + "." + padded.suffix(3)
  }
}
