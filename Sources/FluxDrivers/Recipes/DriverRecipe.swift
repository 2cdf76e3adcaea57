import FluxCore

/// How a driver is stored.
public enum DriverKind: String, Sendable, CaseIterable {
  /// One value a pixel: `[pixel]`.
  case constant
  /// A mean seasonal cycle: `[day 365, pixel]`.
  case seasonal
  /// A value each day: `[day, pixel]`.
  case daily
}

/// What a driver is: declared once, read by the builder, the file and the help.
public struct DriverDefinition: Sendable, Equatable {
  public let name: String
  public let kind: DriverKind
  /// What is computed: a ``DriverFormula``, as a recipe writes it, or words for a driver that no recipe has made.
  public let formula: String
  public let unit: String

  public init(_ name: String, _ kind: DriverKind, _ formula: String, unit: String) {
    self.name = name
    self.kind = kind
    self.formula = formula
    self.unit = unit
  }
}

/// Which drivers are made, and of what: a table of names and formulas over base variables.
public struct DriverRecipe: Sendable, Equatable {
  /// What messages and tables call it: `paper`, or `own` for one of a script.
  public let name: String
  /// In the order of the store's drivers.
  public let drivers: [DriverDefinition]
  /// One of each driver.
  let formulas: [DriverFormula]

  /// One line of a recipe that a user writes.
  public struct Line: Sendable {
    public let name: String
    public let formula: String
    /// That of the formula when nil; no conversion is made.
    public let unit: String?
    /// What the user expects of the formula, which decides; unchecked when nil.
    public let kind: String?

    public init(name: String, formula: String, unit: String? = nil, kind: String? = nil) {
      self.name = name
      self.formula = formula
      self.unit = unit
      self.kind = kind
    }
  }

  /// Drivers at most; a network of more inputs than that was a mistake.
  public static let limit = 256

  init(name: String, drivers: [DriverDefinition], formulas: [DriverFormula]) {
    self.name = name
    self.drivers = drivers
    self.formulas = formulas
  }

  /// A recipe of a user's lines, alone or on top of another recipe: a line of a name that the other has redefines that
  /// driver in its place, other lines follow in their order.
  ///
  /// - Parameter without: drivers of `base` to leave out.
  /// - Throws: ``FluxError`` for a formula that cannot be read or has no meaning, a name twice or unfit for a file, a kind
  ///   that is not the formula's, a driver left out that is not there.
  public init(name: String = "own", _ lines: [Line], from base: DriverRecipe? = nil, without: [String] = [], at place: String = "drivers.recipe") throws {
    var drivers = base?.drivers ?? [], formulas = base?.formulas ?? []
    for name in without {
      guard let index = drivers.firstIndex(where: { $0.name == name }) else {
        let names = drivers.map(\.name)
        throw FluxError(
          "without '\(name)', which is no driver of it\(NearestName.hint(name, among: names))", at: place,
          expected: names.isEmpty ? "from = a recipe to leave it out of" : "some of \(names.joined(separator: ", "))")
      }
      drivers.remove(at: index)
      formulas.remove(at: index)
    }
    var seen: Set<String> = []
    for line in lines {
      guard seen.insert(line.name).inserted else {
        throw FluxError("two drivers are called '\(line.name)'", at: place, expected: "different names")
      }
      let (driver, formula) = try Self.read(line, at: place)
      if let index = drivers.firstIndex(where: { $0.name == line.name }) {
        drivers[index] = driver
        formulas[index] = formula
      } else {
        drivers.append(driver)
        formulas.append(formula)
      }
    }
    guard !drivers.isEmpty, drivers.count <= Self.limit else {
      throw FluxError("a recipe of \(drivers.count) drivers", at: place, expected: "1 to \(Self.limit)")
    }
    self.init(name: name, drivers: drivers, formulas: formulas)
  }

  /// Names of variables that the store's file has beside the drivers.
  private static let reserved = ["lat", "lon", "time", "cell", "season", "driver", "driver_name", "part", "checksum"]

  private static func read(_ line: Line, at place: String) throws -> (DriverDefinition, DriverFormula) {
    let isPlain = line.name.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_") }
    guard let first = line.name.unicodeScalars.first, isPlain, first.properties.isAlphabetic, line.name.utf8.count <= 64 else {
      throw FluxError("a driver called '\(line.name)'", at: place, expected: "a letter, then letters, digits and _, at most 64")
    }
    guard !reserved.contains(line.name) else {
      throw FluxError("a driver called '\(line.name)', as an axis of the file is", at: place, expected: "another name")
    }
    let formula = try DriverFormula(line.formula, at: place), kind = try formula.kind(at: place)
    guard !formula.names.isEmpty else {
      throw FluxError(
        "driver '\(line.name)' is the number \(formula) everywhere", at: place,
        expected: "a formula of \(DriverFormula.variables.joined(separator: ", "))")
    }
    if let asked = line.kind, asked != kind.rawValue {
      let kinds = DriverKind.allCases.map(\.rawValue)
      guard kinds.contains(asked) else {
        throw FluxError("kind = '\(asked)'\(NearestName.hint(asked, among: kinds))", at: place, expected: "one of \(kinds.joined(separator: ", "))")
      }
      throw FluxError(
        "driver '\(line.name)' is to be \(asked), but \(formula) is \(kind.rawValue)", at: place, expected: "kind = '\(kind.rawValue)', or none",
        remedy: "msc(…) makes a daily variable seasonal; amplitude, min, max and mean make a cycle constant.")
    }
    return (DriverDefinition(line.name, kind, formula.description, unit: try line.unit ?? formula.unit().description), formula)
  }
}

extension DriverRecipe: CustomStringConvertible {
  /// A line for each driver, names, kinds and units below each other.
  public var description: String {
    func padded(_ texts: [String]) -> [String] {
      let width = texts.map(\.count).max() ?? 0
      return texts.map { $0 + String(repeating: " ", count: width - $0.count) }
    }
    let columns = [drivers.map(\.name), drivers.map(\.kind.rawValue), drivers.map(\.unit)].map(padded)
    let rows = drivers.indices.map { "\(columns[0][$0])  \(columns[1][$0])  \(columns[2][$0])  \(drivers[$0].formula)" }
    return (["Recipe \(name) [driver \(drivers.count)]"] + rows).joined(separator: "\n")
  }
}
