import FluxCore

/// Numbers as figures write them: with a true minus sign, and no sign before zero.
enum NumberText {
  static func fixed(_ x: Double, _ digits: Int) -> String {
    let text = DecimalText.fixed(x, digits)
    guard text.first == "-" else { return text }
    return text.contains { ("1"..."9").contains($0) } ? "−" + text.dropFirst() : String(text.dropFirst())
  }

  /// "n/a" where missing, infinite in words.
  static func score(_ x: Double, _ digits: Int = 2) -> String { x.isNaN ? "n/a" : x.isFinite ? fixed(x, digits) : x > 0 ? "infinite" : "−infinite" }
}
