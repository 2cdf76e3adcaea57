/// Comma-separated text, built byte by byte: half a million lines without a formatter.
struct CSVText {
  private var bytes: [UInt8]

  init(_ header: String) { bytes = Array(header.utf8) }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func add(_ text: String) { bytes += text.utf8 }
  mutating func comma() { bytes.append(0x2C) }
  mutating func newline() { bytes.append(0x0A) }

  /// YYYYMMDD.
  mutating func add(date: (year: Int, month: Int, day: Int)) {
    add(whole: date.year * 10_000 + date.month * 100 + date.day, digits: 8)
  }

  /// A number with fixed decimals; −9999, the networks' missing value, for one that is not finite.
  mutating func add(_ value: Double, decimals: Int) {
    guard value.isFinite, abs(value) < 1e9 else { return add("-9999") }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let whole = Int((abs(value) * Double(scale)).rounded())
    if value < 0, whole > 0 { bytes.append(0x2D) }
    add(whole: whole / scale, digits: 1)
    guard decimals > 0 else { return }
    bytes.append(0x2E)
    add(whole: whole % scale, digits: decimals)
  }

  /// At least `digits` digits.
  private mutating func add(whole: Int, digits: Int) {
    var left = whole, reversed: [UInt8] = []
    repeat {
      reversed.append(UInt8(0x30 + left % 10))
      left /= 10
    } while left > 0
    for _ in 0..<max(0, digits - reversed.count) { bytes.append(0x30) }
    bytes += reversed.reversed()
  }
}
