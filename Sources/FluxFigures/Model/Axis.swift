import Glibc
import FluxCore
import FluxData

/// An axis: what it measures, its range and its ticks.
public struct Axis: Sendable {
  public enum Ticks: Sendable, Equatable {
    /// Round numbers.
    case numbers
    /// Whole numbers, such as years.
    case integers
    /// At 0, 1, 2 …: a word each.
    case words([String])
    /// January to December at 0 … 11.
    case months
    /// Years with their fraction: whole years, or months and days where there are few.
    case time(Calendar)
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
  public static func months() -> Axis { Axis("", range: -0.4...11.4, ticks: .months) }

  /// Whether both have the same kind of ticks, whatever their words and calendars.
  public func isLike(_ other: Axis) -> Bool {
    if case .time = ticks, case .time = other.ticks { return true }
    return ticks == other.ticks
  }

  /// A step of 1, 2 or 5 times a power of ten that cuts a span into at most `most` parts.
  static func roundStep(_ span: Double, most: Int) -> Double {
    let raw = max(span, .leastNormalMagnitude) / Double(max(1, most)), power = pow(10, floor(log10(raw)))
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= raw * (1 - 1e-9) } ?? 10 * power
  }

  /// The range to draw for data between two values: a little wider, never empty.
  func drawn(data: ClosedRange<Double>?) -> ClosedRange<Double> {
    if let range, range.upperBound > range.lowerBound { return range }
    var (low, high) = (data?.lowerBound ?? 0, data?.upperBound ?? 1)
    switch ticks {
    case .words(let words): return -0.6...(Double(max(1, words.count)) - 0.4)
    case .months: return -0.4...11.4
    case .integers: if low.isFinite, high.isFinite { return (low - 0.3)...(high + 0.3) }
    case .time:
      let pad = high > low ? 0.02 * (high - low) : 0.5
      return (low - pad)...(high + pad)
    case .numbers: break
    }
    if holdsZero { (low, high) = (min(low, 0), max(high, 0)) }
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-300) {
      let pad = low == 0 ? 1 : abs(low) * 0.1
      (low, high) = (low - pad, high + pad)
    }
    let pad = 0.04 * (high - low)
    return (holdsZero && low == 0 ? 0 : low - pad)...(holdsZero && high == 0 ? 0 : high + pad)
  }

  /// Places and words of the ticks on an axis of this length, cm; of words all, whether they fit or not.
  func marks(in range: ClosedRange<Double>, length: Double, isUpright: Bool) -> [(value: Double, text: String)] {
    switch ticks {
    case .words(let words): return words.enumerated().map { (Double($0.offset), $0.element) }
    case .months: return Self.monthMarks(length / (range.upperBound - range.lowerBound))
    case .time(let calendar): return TimeTicks.marks(in: range, length: length, calendar: calendar)
    case .numbers, .integers: return numberMarks(range, length, isUpright)
    }
  }

  /// Every month's name or letter where there is room, every third month otherwise.
  private static func monthMarks(_ slot: Double) -> [(value: Double, text: String)] {
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let step = slot >= 0.24 ? 1 : 3, whole = slot * Double(step) >= 0.66
    return stride(from: 0, to: 12, by: step).map { (Double($0), whole ? names[$0] : String(names[$0].prefix(1))) }
  }

  /// The finest round step whose numbers stand well apart; nearer together where there would be fewer than three.
  private func numberMarks(_ range: ClosedRange<Double>, _ length: Double, _ isUpright: Bool) -> [(value: Double, text: String)] {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite, length > 0 else { return [] }
    let coarsest = ticks == .integers ? max(1, Self.roundStep(span, most: 1)) : Self.roundStep(span, most: 1)
    func room(_ marks: [(value: Double, text: String)]) -> Double {
      isUpright ? 0.26 : (marks.map { GMTText.width($0.text, points: TextSize.tick) }.max() ?? 0)
    }
    var best: [(value: Double, text: String)] = []
    var power = floor(log10(coarsest) + 1e-9)
    search: while power > log10(coarsest) - 4 {
      for factor in [5.0, 4, 2, 1] {
        let step = factor * pow(10, power)
        // Fours only where nothing else gives three numbers: −0.4, 0, 0.4.
        if step > coarsest * 1.0001 || factor == 4 && best.count >= 3 { continue }
        if ticks == .integers, step < 0.999 { break search }
        let marks = numbers(range, step), apart = step / span * length
        guard !marks.isEmpty, factor != 4 || marks.count >= 3 else { continue }
        // A long axis has no more numbers than a reader wants.
        let comfortable = max(length / 9, isUpright ? 0.5 : max(0.75, room(marks) + 0.25))
        if best.isEmpty || apart >= comfortable || best.count < 3 && apart >= room(marks) + 0.1 && marks.count <= 9 { best = marks } else if factor != 4 { break search }
      }
      power -= 1
    }
    return best
  }

  private func numbers(_ range: ClosedRange<Double>, _ step: Double) -> [(value: Double, text: String)] {
    let digits = max(0, -Int(floor(log10(step) + 1e-9)))
    let first = (range.lowerBound / step - 1e-9).rounded(.up), last = (range.upperBound / step + 1e-9).rounded(.down)
    guard first <= last, last - first < 1000 else { return [] }
    let values = (0...Int(last - first)).map { (first + Double($0)) * step }
    guard max(abs(range.lowerBound), abs(range.upperBound)) >= 1e6 || digits > 5 else { return values.map { ($0, NumberText.fixed($0, digits)) } }
    return zip(values, Self.scientific(values, step: step)).map { ($0, $1) }
  }

  /// 1.02·10⁶, for numbers too long to be written out: all with the power of the largest, and as many digits as tell them apart.
  private static func scientific(_ values: [Double], step: Double) -> [String] {
    let largest = values.map { abs($0) }.max() ?? 0
    guard largest > 0 else { return values.map { _ in "0" } }
    let power = Int(floor(log10(largest) + 1e-9)), digits = max(0, power - Int(floor(log10(step) + 1e-9)))
    let raised = String(String(power).map { c in GMTText.superscripts.first { $0.value == c }?.key ?? c })
    return values.map { abs($0) < 0.5 * step ? "0" : "\(NumberText.fixed($0 / pow(10, Double(power)), digits))·10\(raised)" }
  }
}
