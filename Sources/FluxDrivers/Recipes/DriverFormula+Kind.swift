import FluxCore

extension DriverFormula {
  /// How the driver of this formula is stored: daily when a daily variable stands outside of `msc`, seasonal when a cycle
  /// does, otherwise constant.
  ///
  /// - Throws: ``FluxError`` for a composite outside of `msc`, `msc` of a cycle, `amplitude` of what is no cycle.
  func kind(at place: String) throws -> DriverKind {
    switch self {
    case .number: return .constant
    case .variable(Self.potentialRadiation): return .seasonal
    case .variable(let name):
      guard !BaseVariable.compositeNames.contains(name) else {
        throw FluxError(
          "'\(name)' is a composite of eight days", at: place, expected: "it within msc(…)", remedy: "Write msc(\(name)).")
      }
      return .daily
    case .negated(let inner): return try inner.kind(at: place)
    case .combined(_, let left, let right):
      let kinds = [try left.kind(at: place), try right.kind(at: place)]
      return kinds.contains(.daily) ? .daily : kinds.contains(.seasonal) ? .seasonal : .constant
    case .call(.meanSeasonalCycle, let inner):
      guard inner.cycles.isEmpty, inner.reductions.isEmpty else {
        throw FluxError("'\(self)' has a function within msc", at: place, expected: "base variables, numbers and + - * /")
      }
      guard !inner.names.isEmpty else { throw FluxError("'\(self)' has no variable", at: place, expected: "such as msc(ndvi)") }
      return .seasonal
    case .call(let function, let inner):
      let bare: Set<String> = inner.outerNames.subtracting([Self.potentialRadiation])
      guard bare.isEmpty, try inner.kind(at: place) == .seasonal else {
        throw FluxError(
          "'\(self)' is not of a seasonal cycle", at: place, expected: "\(function.rawValue) of msc(…) or rpot",
          remedy: "Write \(function.rawValue)(msc(\(inner))).")
      }
      return .constant
    }
  }

  /// The unit that follows from those of the variables: of a product the product, of a sum that of its first term that has one.
  func unit() throws -> Unit {
    switch self {
    case .number: return .one
    case .variable(let name): return try BaseVariable.units[name].map { try Unit($0) } ?? .one
    case .negated(let inner), .call(_, let inner): return try inner.unit()
    case .combined(.multiply, let left, let right): return try left.unit().multiplied(by: right.unit())
    case .combined(.divide, let left, let right): return try left.unit().divided(by: right.unit())
    case .combined(_, let left, let right):
      let unit = try left.unit()
      return unit == .one ? try right.unit() : unit
    }
  }
}
