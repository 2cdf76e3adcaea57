import Glibc
import FluxCore

/// An axis: what it measures, its range and its ticks.
public struct Axis: Sendable {
  public enum Ticks: Sendable, Equatable {
    /// Round numbers.
    case numbers
    /// Whole numbers, such as years.
    case integers
    /// At 0, 1, 2 …: a word each.
    case words([String])
  }
  /// With its unit.
  public var label: String
  /// Nil for what the marks need.
  public var range: ClosedRange<Double>?
  public var ticks: Ticks
  /// Whether the range must hold 0, as for bars.
  public var holdsZero = false

  public init(_ label: String = "", range: ClosedRange<Double>? = nil, ticks: Ticks = .numbers, holdsZero: Bool = false) {
    self.label = label
    self.range = range
    self.ticks = ticks
    self.holdsZero = holdsZero
  }

  /// January to December at 0 … 11.
  public static func months() -> Axis {
    Axis("", range: -0.4...11.4, ticks: .words(["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"]))
  }

  /// A step of 1, 2 or 5 times a power of ten that cuts a span into at most `most` parts.
  static func roundStep(_ span: Double, most: Int) -> Double {
    let raw = max(span, .leastNormalMagnitude) / Double(max(1, most)), power = pow(10, floor(log10(raw)))
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= raw * (1 - 1e-9) } ?? 10 * power
  }

  /// The range to draw for data between two values: widened to whole half steps, never empty.
  func drawn(data: ClosedRange<Double>?) -> ClosedRange<Double> {
    if let range, range.upperBound > range.lowerBound { return range }
    if case .words(let words) = ticks { return -0.6...(Double(max(1, words.count)) - 0.4) }
    var (low, high) = (data?.lowerBound ?? 0, data?.upperBound ?? 1)
    if holdsZero { (low, high) = (min(low, 0), max(high, 0)) }
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-300) {
      let pad = low == 0 ? 1 : abs(low) * 0.1
      (low, high) = (low - pad, high + pad)
    }
    if ticks == .integers { return (low - 0.3)...(high + 0.3) }
    let pad = 0.04 * (high - low)
    return (holdsZero && low == 0 ? 0 : low - pad)...(holdsZero && high == 0 ? 0 : high + pad)
  }

  /// Places and words of the ticks that fit: at most `most` numbers.
  func marks(in range: ClosedRange<Double>, most: Int) -> [(value: Double, text: String)] {
    if case .words(let words) = ticks { return words.enumerated().map { (Double($0.offset), $0.element) } }
    var step = Self.roundStep(range.upperBound - range.lowerBound, most: most)
    if ticks == .integers { step = max(1, step.rounded()) }
    let digits = max(0, -Int(floor(log10(step) + 1e-9)))
    let first = Int(ceil(range.lowerBound / step - 1e-9)), last = Int(floor(range.upperBound / step + 1e-9))
    guard first <= last, last - first < 1000 else { return [] }
    return (first...last).map { i in
      let value = Double(i) * step
      let big = max(abs(range.lowerBound), abs(range.upperBound))
      return (value, big >= 1e6 || digits > 5 ? Self.scientific(value) : Table.fixed(value == 0 ? 0 : value, digits))
    }
  }

  /// 3·10⁻⁷, for numbers too long to be written out.
  private static func scientific(_ x: Double) -> String {
    guard x != 0 else { return "0" }
    let power = Int(floor(log10(abs(x)) + 1e-9)), factor = x / pow(10, Double(power))
    return "\(Table.fixed(factor, factor == factor.rounded() ? 0 : 1))e\(power)"
  }
}
