/// A unit of measurement: UDUNITS behind a layer that knows carbon and calendars.
///
/// - Carbon: `gC PgC g C kgC kg CO2 µmol`. `C` after a mass is carbon; a bare `C` is refused. Mass and amount
///   convert into one another only when the unit, or the quantity, says that it is C or CO₂.
/// - Calendars: `month` and `yr` are lengths that vary. UDUNITS' are 30.44 and 365.2422 days; here they stay
///   symbols, and a conversion from or to them asks for the time axis.
/// - Text: superscripts, LaTeX (`yr$^{-1}$`), `**`, `/`.
///
/// ```swift
/// try Unit("gC m-2 d-1").factor(to: Unit("µmol m-2 s-1"))   // 0.96362
/// ```
public struct Unit: Sendable, Equatable, CustomStringConvertible {
  /// A numeric factor before the symbols, hardly ever other than 1.
  let factor: Double
  let terms: [UnitTerm]

  /// A pure number.
  public static let one = Unit(factor: 1, terms: [])

  private init(factor: Double, terms: [UnitTerm]) {
    self.factor = factor
    self.terms = terms
  }

  /// Reads a unit.
  ///
  /// - Throws: ``FluxError`` for a text that neither this layer nor UDUNITS reads.
  public init(_ text: String, at place: String = "unit") throws {
    do {
      let parser = try UnitParser(text)
      self.init(factor: parser.factor, terms: parser.terms)
      try UnitSystem.check(plainText(carbonAs: nil))
    } catch let mistake as UnitParser.Mistake {
      throw FluxError("the unit '\(text)' cannot be read: \(mistake.sentence)", at: place, expected: Self.examples)
    } catch UnitSystem.Refusal.noDatabase {
      throw Self.noDatabase(at: place)
    } catch is UnitSystem.Refusal {
      throw FluxError("the unit '\(text)' is not known", at: place, expected: Self.examples)
    }
  }

  private static let examples = "a unit such as 'gC m-2 d-1', 'PgC yr-1', 'kg CO2 m-2 s-1' or 'degC'"

  private static func noDatabase(at place: String) -> FluxError {
    FluxError("the units database is missing", at: place, remedy: "Install it: sudo apt install libudunits2-data")
  }

  /// The power of `month` in the unit: −1 in `PgC month-1`.
  public var monthPower: Int { terms.filter(\.isMonth).reduce(0) { $0 + $1.power } }
  /// The power of `yr` in the unit.
  public var yearPower: Int { terms.filter(\.isYear).reduce(0) { $0 + $1.power } }
  /// Whether it is per square metre or the like.
  public var isPerArea: Bool {
    let squares: Set<String> = ["m", "km", "cm"]
    return terms.contains { squares.contains($0.symbol) && $0.power == -2 } || terms.contains { $0.symbol == "ha" && $0.power == -1 }
  }
  /// What the unit itself says its mass or amount is of.
  public var substance: Substance? { terms.compactMap(\.substance).first }

  /// `gC m-2 d-1`; `1` for a pure number.
  public var description: String {
    let symbols = terms.map(\.description)
    let parts = factor == 1 ? symbols : ["\(factor)"] + symbols
    return parts.isEmpty ? "1" : parts.joined(separator: " ")
  }

  /// The unit of a product; equal symbols are joined: `gC m-2 d-1` × `m2` = `gC d-1`.
  public func multiplied(by other: Unit) -> Unit { combined(other, sign: 1) }

  /// The unit of a quotient.
  public func divided(by other: Unit) -> Unit { combined(other, sign: -1) }

  /// The unit without a factor that it has: `gC m-2 d-1` without `d-1`; nil when it has none.
  public func removing(_ factor: Unit) -> Unit? {
    factor.terms.allSatisfy(terms.contains) ? divided(by: factor) : nil
  }

  private func combined(_ other: Unit, sign: Int) -> Unit {
    var joined = terms
    for term in other.terms {
      if let i = joined.firstIndex(where: { $0.symbol == term.symbol && $0.substance == term.substance }) {
        joined[i].power += sign * term.power
        if joined[i].power == 0 { joined.remove(at: i) }
      } else {
        joined.append(UnitTerm(symbol: term.symbol, substance: term.substance, power: sign * term.power))
      }
    }
    return Unit(factor: sign > 0 ? factor * other.factor : factor / other.factor, terms: joined)
  }

  /// How values in this unit become values in another.
  ///
  /// - Parameter substance: what the quantity is of, when the units do not say it: GFAS gives `kg m-2 s-1` of CO₂.
  /// - Throws: ``FluxError`` when they are not convertible, with the reason where it is carbon.
  public func conversion(to other: Unit, of substance: Substance? = nil, at place: String = "unit") throws -> UnitConversion {
    let months = monthPower - other.monthPower, years = yearPower - other.yearPower
    if self == other { return UnitConversion(scale: 1, offset: 0, months: 0, years: 0) }
    do {
      let line = try line(to: other, of: substance)
      return UnitConversion(scale: line.scale, offset: line.offset, months: months, years: years)
    } catch {
      if error == .noDatabase { throw Self.noDatabase(at: place) }
      throw FluxError(
        "'\(self)' cannot be converted to '\(other)'", at: place, expected: "a unit of the same kind as '\(self)'",
        remedy: carbonRemedy(other))
    }
  }

  /// Mass to mass needs no substance, so it is tried without one first.
  private func line(to other: Unit, of substance: Substance?) throws(UnitSystem.Refusal) -> (scale: Double, offset: Double) {
    do {
      return try UnitSystem.line(from: plainText(carbonAs: nil), to: other.plainText(carbonAs: nil))
    } catch {
      guard error == .notConvertible, let substance else { throw error }
      return try UnitSystem.line(from: plainText(carbonAs: substance), to: other.plainText(carbonAs: substance))
    }
  }

  /// The plain factor to another unit.
  ///
  /// - Throws: ``FluxError`` when they are not convertible, when the conversion shifts the zero (degC to K), or
  ///   when it needs the lengths of months or years.
  public func factor(to other: Unit, of substance: Substance? = nil, at place: String = "unit") throws -> Double {
    let conversion = try conversion(to: other, of: substance, at: place)
    guard conversion.offset == 0 else {
      throw FluxError("'\(self)' to '\(other)' shifts the zero: there is no factor", at: place)
    }
    guard !conversion.needsCalendar else {
      throw FluxError(
        "'\(self)' to '\(other)' depends on how long the month or year is", at: place, expected: "values with a time axis",
        remedy: "Convert the cube or series itself: its time axis knows the days of each month and year.")
    }
    return conversion.scale
  }

  public func isConvertible(to other: Unit, of substance: Substance? = nil) -> Bool {
    (try? conversion(to: other, of: substance)) != nil
  }

  private func carbonRemedy(_ other: Unit) -> String? {
    func hasBareMass(_ unit: Unit) -> Bool { unit.terms.contains { $0.isMass && $0.substance == nil } }
    func hasCarbon(_ unit: Unit) -> Bool { unit.substance != nil || unit.terms.contains(where: \.isAmount) }
    guard hasBareMass(self) && hasCarbon(other) || hasBareMass(other) && hasCarbon(self) else { return nil }
    return "Say what the mass is of: write 'kgC' or 'kg CO2' instead of 'kg'."
  }

  /// The text for UDUNITS. Masses of C and CO₂ become moles, so that all carbon is counted in one way; months
  /// and years become days, whose number the conversion carries apart.
  private func plainText(carbonAs substance: Substance?) -> String {
    var parts = factor == 1 ? [] : ["\(factor)"]
    for term in terms {
      let power = term.power == 1 ? "" : "^\(term.power)"
      let of = term.substance ?? (term.isMass ? substance : nil)
      switch term {
      case _ where term.isMonth || term.isYear: parts.append("d" + power)
      case _ where term.isMass && of != nil:
        // A gram of it is 1/M mol.
        parts.append("((\(1 / of!.molarMass) mol/g) (\(term.symbol)))" + power)
      default: parts.append(term.symbol + power)
      }
    }
    return parts.isEmpty ? "1" : parts.joined(separator: " ")
  }
}
