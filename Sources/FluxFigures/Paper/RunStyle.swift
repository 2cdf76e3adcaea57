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
