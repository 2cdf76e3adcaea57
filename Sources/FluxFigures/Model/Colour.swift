/// Red, green and blue, 0 to 255.
public struct Colour: Sendable, Equatable {
  public let red, green, blue: Int
  public init(_ red: Int, _ green: Int, _ blue: Int) { (self.red, self.green, self.blue) = (red, green, blue) }

  public static let black = Colour(0, 0, 0)
  public static let grey = Colour(128, 128, 128)
  public static let lightGrey = Colour(205, 205, 205)

  /// Colours that readers with any kind of colour vision tell apart (Okabe and Ito 2008), darkest contrast first.
  public static let distinct = [
    Colour(0, 114, 178), Colour(213, 94, 0), Colour(0, 158, 115), Colour(204, 121, 167), Colour(230, 159, 0), Colour(86, 180, 233),
    Colour(90, 90, 90),
  ]

  /// The colour of line number `index`, repeating.
  public static func line(_ index: Int) -> Colour { distinct[index % distinct.count] }

  /// The colour of kind `index` among many: the distinct ones, then lighter ones of the same.
  public static func type(_ index: Int) -> Colour {
    line(index).lightened(index < distinct.count ? 0 : index < 2 * distinct.count ? 0.55 : 0.8)
  }

  /// Mixed with white: 0 is the colour itself, 1 white.
  public func lightened(_ share: Double) -> Colour {
    func mix(_ c: Int) -> Int { Int((Double(c) + (255 - Double(c)) * share).rounded()) }
    return Colour(mix(red), mix(green), mix(blue))
  }

  /// As GMT writes it.
  var text: String { "\(red)/\(green)/\(blue)" }
}

/// How numbers become colours.
///
/// The palettes are Crameri's (2018), perceptually uniform and safe for colour-blind readers, which come with GMT.
public struct ColourScale: Sendable, Equatable {
  /// A palette of GMT: `vik`, `batlow`, `lapaz` …, or nil for the default of the values.
  public var palette: String
  public var lower, upper: Double
  /// Below the bar, with its unit.
  public var label: String
  /// A colour each for 0, 1, 2 …, instead of a palette.
  public var steps: [Colour]?
  public var hasBar = true
  /// Whether values lie below or above the range, which pointed ends of the bar tell.
  public var isOpenBelow = false, isOpenAbove = false
  /// Light to dark instead of dark to light.
  public var isReversed = false

  public init(palette: String, lower: Double, upper: Double, label: String) {
    self.palette = palette
    self.lower = lower
    self.upper = upper
    self.label = label
  }

  /// As psscale is told of pointed ends.
  var ends: String { isOpenBelow && isOpenAbove ? "+e" : isOpenBelow ? "+eb" : isOpenAbove ? "+ef" : "" }

  /// A scale for values: diverging and centred on zero where they have both signs, sequential otherwise.
  ///
  /// The outermost 1 % of the values on each side do not stretch the range.
  ///
  /// - Parameters:
  ///   - range: instead of that of the values.
  ///   - palette: instead of `vik` (both signs) or `batlow`.
  public init(of values: [Float], label: String, range: ClosedRange<Double>? = nil, palette: String? = nil) {
    let finite = values.filter(\.isFinite).sorted()
    func quantile(_ share: Double) -> Double { finite.isEmpty ? 0 : Double(finite[Int((share * Double(finite.count - 1)).rounded())]) }
    var low = quantile(0.01), high = quantile(0.99)
    if finite.count < 400, let first = finite.first, let last = finite.last { (low, high) = (Double(first), Double(last)) }
    let isSigned = low < 0 && high > 0
    if isSigned {
      high = max(-low, high)
      low = -high
    }
    if high - low <= 1e-9 * max(abs(low), abs(high)) || high <= low {
      let pad = low == 0 ? 1 : abs(low) * 0.1
      (low, high) = (low - pad, high + pad)
    }
    let step = Axis.roundStep(high - low, most: 20)
    lower = range?.lowerBound ?? ((low / step).rounded(.down) * step)
    upper = range?.upperBound ?? ((high / step).rounded(.up) * step)
    isOpenBelow = (finite.first.map(Double.init) ?? lower) < lower - 1e-6 * (upper - lower)
    isOpenAbove = (finite.last.map(Double.init) ?? upper) > upper + 1e-6 * (upper - lower)
    let centred = range.map { abs($0.lowerBound + $0.upperBound) <= 1e-9 * ($0.upperBound - $0.lowerBound) } ?? isSigned
    self.palette = palette ?? (centred ? "vik" : "batlow")
    self.label = label
  }
}
