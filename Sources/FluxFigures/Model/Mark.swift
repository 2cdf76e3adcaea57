/// Something drawn on the axes of a plot; missing values (NaN) leave gaps.
public enum Mark: Sendable {
  case line(x: [Double], y: [Double], style: Stroke, name: String = "")
  /// The area between two lines.
  case band(x: [Double], lower: [Double], upper: [Double], colour: Colour)
  /// Circles; their diameter in cm.
  case points(x: [Double], y: [Double], diameter: Double, colour: Colour, name: String = "")
  /// From 0 to `heights`, each as wide as given in units of x.
  case bars(x: [Double], heights: [Double], width: Double, colour: Colour, name: String = "", outlined: Bool = false)
  /// As bars, lying: from 0 to `lengths` at heights y.
  case lyingBars(y: [Double], lengths: [Double], width: Double, colour: Colour, name: String = "")
  /// Vertical lines from lower to upper.
  case errors(x: [Double], lower: [Double], upper: [Double])
  /// Horizontal lines from lower to upper.
  case lyingErrors(y: [Double], lower: [Double], upper: [Double])
  /// Coloured boxes `[row, column]`, row 0 lowest, over the edges given.
  case cells(values: [Float], rows: Int, columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>)
  /// Across the whole panel.
  case horizontal(Double, Stroke)
  /// From bottom to top.
  case vertical(Double, Stroke)
  /// y = x.
  case diagonal(Stroke)
  /// Words above the panel, one after another.
  case note([String])

  /// What its name stands beside in the legend.
  var legend: (name: String, key: LegendKey)? {
    switch self {
    case .line(_, _, let style, let name): name.isEmpty ? nil : (name, .stroke(style))
    case .points(_, _, _, let colour, let name): name.isEmpty ? nil : (name, .dot(colour))
    case .bars(_, _, _, let colour, let name, let outlined): name.isEmpty ? nil : (name, outlined ? .box(nil) : .box(colour))
    case .lyingBars(_, _, _, let colour, let name): name.isEmpty ? nil : (name, .box(colour))
    default: nil
    }
  }

  /// The values that the axes must hold.
  var extent: (x: [Double], y: [Double]) {
    switch self {
    case .line(let x, let y, _, _), .points(let x, let y, _, _, _):
      let kept = zip(x, y).filter { $0.0.isFinite && $0.1.isFinite }
      return (kept.map(\.0), kept.map(\.1))
    case .band(let x, let lower, let upper, _), .errors(let x, let lower, let upper): return (x, lower + upper)
    case .bars(let x, let heights, let width, _, _, _): return (x.flatMap { [$0 - width / 2, $0 + width / 2] }, heights + [0])
    case .lyingBars(let y, let lengths, let width, _, _): return (lengths + [0], y.flatMap { [$0 - width / 2, $0 + width / 2] })
    case .lyingErrors(let y, let lower, let upper): return (lower + upper, y)
    case .cells(_, _, _, let x, let y): return ([x.lowerBound, x.upperBound], [y.lowerBound, y.upperBound])
    case .horizontal(let value, _): return ([], [value])
    case .vertical(let value, _): return ([value], [])
    case .diagonal, .note: return ([], [])
    }
  }
}

/// How a line is drawn.
public struct Stroke: Sendable, Equatable {
  public var colour: Colour
  /// In points.
  public var width: Double
  public var pattern: Pattern
  public init(_ colour: Colour, width: Double = 1, dashed: Bool = false) {
    self.colour = colour
    self.width = width
    pattern = dashed ? .dashed : .solid
  }

  /// Lines of one colour differ by these.
  public enum Pattern: Sendable, CaseIterable {
    case solid, dashed, dotted, dashDotted

    /// As GMT writes it.
    var text: String {
      switch self {
      case .solid: ""
      case .dashed: ",5_2.5:0p"
      case .dotted: ",1.2_1.5:0p"
      case .dashDotted: ",5_1.5_1.2_1.5:0p"
      }
    }
  }
}

enum LegendKey: Sendable, Equatable {
  case stroke(Stroke)
  case dot(Colour)
  /// Nil: an outline.
  case box(Colour?)
}
