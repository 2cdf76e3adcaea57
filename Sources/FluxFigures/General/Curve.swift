import FluxCore

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
