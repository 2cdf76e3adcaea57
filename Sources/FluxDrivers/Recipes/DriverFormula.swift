/// What a driver is computed of: an expression over base variables.
///
///     amplitude(msc(wai))      msc(evi * rg)      msc(ndvi) * rpot      tair
///
/// - Variables are those of ``DriverFormula/variables``: the seven composites of eight days, the daily `rg`, `tair`,
///   `precip`, the potential radiation `rpot`, and `wai`, the index of the water balance.
/// - `msc(x)` is the mean seasonal cycle of what is within: products are formed in each slot of each year, then averaged.
/// - `amplitude`, `min`, `max` and `mean` make one value a pixel of a mean seasonal cycle.
/// - `+ - * /`, brackets and numbers join them, element by element.
public indirect enum DriverFormula: Sendable, Hashable {
  case number(Double)
  case variable(String)
  case negated(DriverFormula)
  case combined(Operation, DriverFormula, DriverFormula)
  case call(Function, DriverFormula)

  public enum Operation: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
  }

  public enum Function: String, Sendable, CaseIterable {
    case meanSeasonalCycle = "msc"
    case amplitude, minimum = "min", maximum = "max", mean
  }

  /// The index of the water balance.
  static let waterIndex = "wai"
  /// Radiation at the top of the air, the same every year.
  static let potentialRadiation = "rpot"
  /// Every name that a formula may use.
  public static let variables = BaseVariable.compositeNames + BaseVariable.dailyNames + [potentialRadiation, waterIndex]

  /// The names that it uses, `msc`'s insides too.
  var names: Set<String> {
    switch self {
    case .number: []
    case .variable(let name): [name]
    case .negated(let inner), .call(_, let inner): inner.names
    case .combined(_, let left, let right): left.names.union(right.names)
    }
  }

  /// The names that it uses outside of `msc`: day by day, when they are daily.
  var outerNames: Set<String> {
    switch self {
    case .number, .call: []
    case .variable(let name): [name]
    case .negated(let inner): inner.outerNames
    case .combined(_, let left, let right): left.outerNames.union(right.outerNames)
    }
  }

  /// The insides of every `msc`, in the order of the text, some perhaps twice.
  var cycles: [DriverFormula] {
    switch self {
    case .number, .variable: []
    case .call(.meanSeasonalCycle, let inner): [inner]
    case .negated(let inner), .call(_, let inner): inner.cycles
    case .combined(_, let left, let right): left.cycles + right.cycles
    }
  }

  /// Every `amplitude`, `min`, `max` and `mean` with its inside.
  var reductions: [DriverFormula] {
    switch self {
    case .number, .variable, .call(.meanSeasonalCycle, _): []
    case .call: [self]
    case .negated(let inner): inner.reductions
    case .combined(_, let left, let right): left.reductions + right.reductions
    }
  }
}

extension DriverFormula: CustomStringConvertible {
  /// The text that gives this formula again: `msc(evi * rg)`.
  public var description: String { text(above: 0) }

  /// - Parameter level: how strongly what stands around binds: 0 nothing, 1 sums, 2 products, 3 a divisor or a sign.
  private func text(above level: Int) -> String {
    switch self {
    case .number(let value):
      let isWhole = value == value.rounded() && abs(value) < 1e15
      return isWhole ? "\(Int(value))" : "\(value)"
    case .variable(let name): return name
    case .call(let function, let inner): return "\(function.rawValue)(\(inner.text(above: 0)))"
    case .negated(let inner):
      let text = "-" + inner.text(above: 3)
      return level > 0 ? "(\(text))" : text
    case .combined(let operation, let left, let right):
      let own = operation == .add || operation == .subtract ? 1 : 2
      let text = "\(left.text(above: own)) \(operation.rawValue) \(right.text(above: own + 1))"
      return own < level ? "(\(text))" : text
    }
  }
}
