import FluxCore

/// How a run is called and coloured in figures.
public enum RunStyle {
  /// `ec_atm` is EC-ATM; other names keep their words.
  public static func title(_ name: String) -> String {
    switch name {
    case "ec": "EC"
    case "ec_atm": "EC-ATM"
    case "ec_offset": "EC + offset"
    default: name.split(separator: "_", omittingEmptySubsequences: false).joined(separator: " ")
    }
  }

  /// The same colour for a run in every figure: EC vermilion, EC-ATM blue, what is compared with black, others in their order.
  public static func colours(_ names: [String]) -> [Colour] {
    var next = 2
    return names.map { name in
      switch name.lowercased() {
      case "ec_atm", "ec-atm": return .line(0)
      case "ec": return .line(1)
      // Beside the truth the inversions step back.
      case "inversions": return names.contains("truth") ? .grey : .black
      case "truth", "reference", "observed": return .black
      default:
        defer { next += 1 }
        return names.count <= 2 && !names.contains("ec") && !names.contains("ec_atm") ? .line(next - 2) : .line(next)
      }
    }
  }
}

extension RunStyle {
  /// For each run, how many before it have its colour.
  static func repeats(_ colours: [Colour]) -> [Int] {
    colours.indices.map { i in colours[..<i].reduce(0) { $0 + ($1 == colours[i] ? 1 : 0) } }
  }

  /// The colours of bars: a colour that comes again is lighter.
  static func fills(_ names: [String]) -> [Colour] {
    let colours = colours(names)
    return zip(colours, repeats(colours)).map { $0.lightened(tints[min($1, tints.count - 1)]) }
  }
  private static let tints = [0, 0.5, 0.78]

  /// - Throws: ``FluxError`` for more runs than colours with patterns (of lines) or tints (of bars) tell apart.
  public static func check(_ names: [String], areBars: Bool = false, at place: String) throws {
    guard let most = repeats(colours(names)).max(), most >= (areBars ? tints.count : Stroke.Pattern.allCases.count) else { return }
    throw FluxError("\(names.count) runs", at: place, expected: "no more than can be told apart: about \(areBars ? 20 : 25)",
      remedy: "Draw some of them, or several figures side by side: figure.grid.")
  }
}

/// A curve with its spread, of one region, cell or tensor.
public struct Curve: Sendable {
  public var name: String
  public var x: [Double]
  public var y: [Double]
  /// Half the height of the shaded band; nil for none.
  public var spread: [Double]?
  public var colour: Colour

  public init(_ name: String, x: [Double], y: [Double], spread: [Double]? = nil, colour: Colour = .black) {
    (self.name, self.x, self.y, self.spread, self.colour) = (name, x, y, spread, colour)
  }

  /// Band and line, with points where neighbours are missing or few.
  var marks: [Mark] { marks(pattern: .solid) }

  private func marks(pattern: Stroke.Pattern) -> [Mark] {
    let title = RunStyle.title(name)
    var marks: [Mark] = []
    if let spread {
      marks.append(.band(x: x, lower: zip(y, spread).map { $0 - $1 }, upper: zip(y, spread).map { $0 + $1 }, colour: colour))
    }
    var style = Stroke(colour, width: x.count > 400 ? 0.5 : 1)
    style.pattern = pattern
    marks.append(.line(x: x, y: y, style: style, name: title))
    func isAlone(_ i: Int) -> Bool { y[i].isFinite && !(i > 0 && y[i - 1].isFinite) && !(i + 1 < y.count && y[i + 1].isFinite) }
    let isLone = y.indices.contains(where: isAlone)
    if x.count > 400, isLone {
      // Dots for those alone that a line does not show; all would hide a long line.
      marks.append(.points(x: x, y: y.indices.map { isAlone($0) ? y[$0] : .nan }, diameter: 0.09, colour: colour))
    } else if isLone || x.count <= 25 {
      marks.append(.points(x: x, y: y, diameter: 0.09, colour: colour))
    }
    return marks
  }

  /// Bands of all first, so that no line lies below another's; named curves of one colour differ by their dashes.
  static func marks(_ curves: [Curve]) -> [Mark] {
    let patterns = Stroke.Pattern.allCases, repeats = RunStyle.repeats(curves.map(\.colour))
    let all = zip(curves, repeats).map { curve, before in curve.marks(pattern: curve.name.isEmpty ? .solid : patterns[before % patterns.count]) }
    func isBand(_ mark: Mark) -> Bool { if case .band = mark { true } else { false } }
    return all.flatMap { $0.filter(isBand) } + all.flatMap { $0.filter { !isBand($0) } }
  }
}
