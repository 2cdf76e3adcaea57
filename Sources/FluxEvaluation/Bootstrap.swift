import FluxCore

/// Intervals by resampling with replacement: the 2.5 % and 97.5 % points of a statistic over the resamples.
public enum Bootstrap {
  /// The places of `count` things, drawn with replacement, `draws` times; the same for equal seeds and counts, whoever asks.
  ///
  /// - Returns: shape `[draw][count]`.
  public static func samples(of count: Int, draws: Int, seed: UInt64) -> [[Int]] {
    guard count > 0 else { return [] }
    var random = RandomStream(seed: seed, purpose: "bootstrap")
    return (0..<max(0, draws)).map { _ in (0..<count).map { _ in random.integer(below: count) } }
  }

  /// Below so many things to draw from, resamples hardly differ: the interval comes out too narrow.
  public static let fewest = 10

  /// What a table says below intervals of too few things; nil where there are enough.
  ///
  /// - Parameter things: what is drawn, in the plural.
  public static func warning(_ count: Int, _ things: String) -> String? {
    count >= fewest ? nil
      : count < 2 ? "no interval: there is nothing to draw from \(count) \(things == "years" && count == 1 ? "year" : things)"
      : "only \(count) \(things) to draw from: resamples of so few are much alike, and the intervals rather too narrow"
  }

  /// The 95 % interval of values over resamples; missing ones are left out.
  ///
  /// - Returns: nil for fewer than two values.
  public static func interval(_ values: [Double]) -> ClosedRange<Double>? {
    let sorted = values.filter { !$0.isNaN }.sorted()
    guard sorted.count > 1 else { return nil }
    return quantile(sorted, 0.025)...quantile(sorted, 0.975)
  }

  /// Between neighbours on a straight line, as `numpy.quantile` has it.
  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1), below = min(Int(place), sorted.count - 2)
    let (low, high) = (sorted[below], sorted[below + 1])
    return low == high ? low : low + (place - Double(below)) * (high - low)
  }
}
