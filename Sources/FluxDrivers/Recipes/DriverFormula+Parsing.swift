import FluxCore

extension DriverFormula {
  /// Reads a formula, `amplitude(msc(ndvi))`.
  ///
  /// Capitals and underscores in names do not count, and `×` multiplies: `MSC(EVI × R_g)` is read as it stands in the paper.
  ///
  /// - Throws: ``FluxError`` that quotes the formula and names what cannot be read, with the nearest name.
  public init(_ text: String, at place: String) throws {
    guard text.utf8.count <= Parser.longest else {
      throw FluxError("a formula of \(text.utf8.count) bytes", at: place, expected: "at most \(Parser.longest)")
    }
    var parser = Parser(text: text, place: place)
    try parser.advance()
    self = try parser.sum(depth: 0)
    if let rest = parser.token { throw parser.mistake("'\(rest)' after its end", expected: "+ - * / or nothing") }
  }
}

private struct Parser {
  static let longest = 1000, deepest = 40

  let text: String
  let place: String
  private var rest: Substring
  /// The token under the eye; nil at the end.
  private(set) var token: Token?

  enum Token: Equatable, CustomStringConvertible {
    case number(Double), name(String), sign(Character)
    var description: String {
      switch self {
      case .number(let value): "\(value)"
      case .name(let name): name
      case .sign(let sign): String(sign)
      }
    }
  }

  init(text: String, place: String) {
    self.text = text
    self.place = place
    rest = text[...]
  }

  /// A formula may be a thousand bytes long; its beginning tells which one it is.
  private var quoted: String { text.count > 80 ? text.prefix(79) + "…" : text }

  func mistake(_ what: String, expected: String, remedy: String? = nil) -> FluxError {
    FluxError("the formula '\(quoted)' has \(what)", at: place, expected: expected, remedy: remedy)
  }

  mutating func advance() throws {
    rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "\n" }
    guard let first = rest.first else {
      token = nil
      return
    }
    func isDigit(_ c: Character) -> Bool { ("0"..."9").contains(c) }
    func isLetter(_ c: Character) -> Bool { ("a"..."z").contains(c) || ("A"..."Z").contains(c) || c == "_" }
    if isDigit(first) || first == "." {
      var digits = rest.prefix { isDigit($0) || $0 == "." }
      let exponent = rest.dropFirst(digits.count)
      if let e = exponent.first, e == "e" || e == "E" {
        let signed = exponent.dropFirst().prefix { $0 == "-" || $0 == "+" }
        let power = exponent.dropFirst(1 + signed.count).prefix(while: isDigit)
        if !power.isEmpty { digits = rest.prefix(digits.count + 1 + signed.count + power.count) }
      }
      guard let value = Double(digits), value.isFinite else { throw mistake("'\(digits)'", expected: "a number such as 0.5") }
      rest = rest.dropFirst(digits.count)
      token = .number(value)
    } else if isLetter(first) {
      let name = rest.prefix { isLetter($0) || isDigit($0) }
      rest = rest.dropFirst(name.count)
      token = .name(String(name))
    } else {
      let signs: [Character: Character] = ["×": "*", "·": "*", "−": "-"]
      let sign = signs[first] ?? first
      guard "+-*/()".contains(sign) else { throw mistake("'\(first)'", expected: "names, numbers, + - * / and brackets") }
      rest = rest.dropFirst()
      token = .sign(sign)
    }
  }

  private mutating func takes(_ sign: Character) throws -> Bool {
    guard token == .sign(sign) else { return false }
    try advance()
    return true
  }

  mutating func sum(depth: Int) throws -> DriverFormula {
    guard depth < Self.deepest else { throw mistake("more than \(Self.deepest) brackets in each other", expected: "fewer") }
    var left = try product(depth: depth)
    while true {
      if try takes("+") {
        left = .combined(.add, left, try product(depth: depth))
      } else if try takes("-") {
        left = .combined(.subtract, left, try product(depth: depth))
      } else {
        return left
      }
    }
  }

  private mutating func product(depth: Int) throws -> DriverFormula {
    var left = try factor(depth: depth)
    while true {
      if try takes("*") {
        left = .combined(.multiply, left, try factor(depth: depth))
      } else if try takes("/") {
        left = .combined(.divide, left, try factor(depth: depth))
      } else {
        return left
      }
    }
  }

  private mutating func factor(depth: Int) throws -> DriverFormula {
    guard depth < Self.deepest else { throw mistake("more than \(Self.deepest) brackets in each other", expected: "fewer") }
    guard let token else { throw mistake("nothing where a value should be", expected: "a variable, a number or a function") }
    try advance()
    switch token {
    case .number(let value): return .number(value)
    case .sign("-"): return .negated(try factor(depth: depth + 1))
    case .sign("("):
      let inner = try sum(depth: depth + 1)
      try close()
      return inner
    case .sign(let sign): throw mistake("'\(sign)' where a value should be", expected: "a variable, a number or a function")
    case .name(let name):
      if try takes("(") {
        guard let function = DriverFormula.Function(rawValue: name.lowercased()) else { throw unknownFunction(name) }
        let inner = try sum(depth: depth + 1)
        try close()
        return .call(function, inner)
      }
      func plain(_ name: String) -> String { name.lowercased().filter { $0 != "_" } }
      guard let known = DriverFormula.variables.first(where: { plain($0) == plain(name) }) else { throw unknownVariable(name) }
      return .variable(known)
    }
  }

  private mutating func close() throws {
    guard try !takes(")") else { return }
    throw mistake(token.map { "'\($0)' where a bracket should close" } ?? "a bracket that is not closed", expected: "')'")
  }

  private func unknownFunction(_ name: String) -> FluxError {
    let functions = DriverFormula.Function.allCases.map(\.rawValue)
    return mistake(
      "an unknown function '\(name)'\(NearestName.hint(name, among: functions))", expected: "one of \(functions.joined(separator: ", "))")
  }

  private func unknownVariable(_ name: String) -> FluxError {
    let known = DriverFormula.variables
    guard DriverFormula.Function(rawValue: name.lowercased()) == nil else {
      return mistake("'\(name)' without its brackets", expected: "\(name.lowercased())(…)")
    }
    return mistake("an unknown variable '\(name)'\(NearestName.hint(name, among: known))", expected: "one of \(known.joined(separator: ", "))")
  }
}
