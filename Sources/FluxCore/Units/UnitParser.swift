/// Reads what files and people write as units into terms: `gC m-2 d-1`, `Pg C yr$^{-1}$`, `µmol m⁻² s⁻¹`,
/// `kg/m^2`, `m**3 m**-3`, `kg CO2 m-2 s-1`.
struct UnitParser {
  /// A numeric factor before the symbols.
  private(set) var factor = 1.0
  private(set) var terms: [UnitTerm] = []

  /// - Throws: a sentence for the user when the text is no unit.
  init(_ text: String) throws(Mistake) {
    let cleaned = Self.cleaned(text)
    if Self.dimensionless.contains(cleaned.lowercased()) { return }
    try parse(Array(cleaned.unicodeScalars))
  }

  struct Mistake: Error {
    let sentence: String
    init(_ sentence: String) { self.sentence = sentence }
  }

  private static let dimensionless: Set<String> = [
    "", "-", "1", "[-]", "(-)", "none", "unitless", "dimensionless", "fraction", "n/a", "na", "(0 - 1)", "(0-1)", "(0,1)", "0-1", "1/1",
  ]

  /// LaTeX, superscripts and typographic signs in plain letters.
  private static func cleaned(_ text: String) -> String {
    var result = ""
    var isRaised = false
    for scalar in text.unicodeScalars {
      if let plain = superscripts[scalar] {
        result += isRaised ? plain : "^" + plain
        isRaised = true
        continue
      }
      isRaised = false
      switch scalar {
      case "$", "{", "}", "\\", "\u{200B}": break
      case "~", "\u{00A0}", "\u{202F}", "·", "⋅", "×", "\t", "\n": result += " "
      case "−", "–", "‐", "‑": result += "-"
      case "µ", "μ": result += "u"
      case "₂": result += "2"
      case "°": result += "deg"
      default: result.unicodeScalars.append(scalar)
      }
    }
    for (odd, plain) in [("mathrm", ""), ("textrm", ""), ("CO_2", "CO2"), ("**", "^"), ("deg C", "degC"), ("deg_C", "degC"), ("degrees C", "degC")] {
      result = Self.replacing(odd, by: plain, in: result)
    }
    while result.first == " " { result.removeFirst() }
    while result.last == " " { result.removeLast() }
    // [gC m-2 d-1] as in axis labels
    if result.first == "[", result.last == "]", result.count > 3 { result = String(result.dropFirst().dropLast()) }
    return result
  }

  private static let superscripts: [Unicode.Scalar: String] = [
    "⁻": "-", "⁺": "+", "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9",
  ]

  private static func replacing(_ part: String, by new: String, in text: String) -> String {
    let bytes = Array(text.utf8), wanted = Array(part.utf8)
    var result: [UInt8] = []
    var i = 0
    while i < bytes.count {
      if bytes[i...].starts(with: wanted) {
        result += Array(new.utf8)
        i += wanted.count
      } else {
        result.append(bytes[i])
        i += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private mutating func parse(_ letters: [Unicode.Scalar]) throws(Mistake) {
    var i = 0
    var divides = false
    while i < letters.count {
      let letter = letters[i]
      switch letter {
      case " ", "*": i += 1
      case "/":
        divides = true
        i += 1
      case ".": i += 1  // kg.m-2
      case "0"..."9":
        try addNumber(letters, &i, divides: divides)
        divides = false
      default:
        var symbol = ""
        while i < letters.count, Self.isLetter(letters[i]) { (symbol, i) = (symbol + String(letters[i]), i + 1) }
        guard !symbol.isEmpty else { throw Mistake("'\(letter)' is not understood") }
        if symbol == "per" {
          divides = true
          continue
        }
        // The 2 of CO2 belongs to the name, not to the power.
        if symbol.hasSuffix("CO") || symbol == "H", i < letters.count, letters[i] == "2" {
          symbol += "2"
          i += 1
          if symbol == "H2", i < letters.count, letters[i] == "O" { (symbol, i) = ("H2O", i + 1) }
        }
        var power = try Self.power(letters, &i) ?? 1
        if divides { power = -power }
        divides = false
        try add(symbol, power)
      }
    }
    guard !divides else { throw Mistake("it ends in a division") }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar == "_" || scalar == "%" || scalar == "'"
  }

  /// `^-2`, `-2`, `2` or nothing.
  private static func power(_ letters: [Unicode.Scalar], _ i: inout Int) throws(Mistake) -> Int? {
    var j = i
    let hasCaret = j < letters.count && letters[j] == "^"
    if hasCaret { j += 1 }
    var text = ""
    if j < letters.count, letters[j] == "-" || letters[j] == "+" { (text, j) = (String(letters[j]), j + 1) }
    while j < letters.count, ("0"..."9").contains(letters[j]) { (text, j) = (text + String(letters[j]), j + 1) }
    guard let power = Int(text), power.magnitude < 100 else {
      if hasCaret || !text.isEmpty { throw Mistake("a power is not a whole number") }
      return nil
    }
    i = j
    return power
  }

  /// `1e-6`, `0.01`, `10^-3`
  private mutating func addNumber(_ letters: [Unicode.Scalar], _ i: inout Int, divides: Bool) throws(Mistake) {
    var text = ""
    func peek(_ offset: Int) -> Unicode.Scalar { i + offset < letters.count ? letters[i + offset] : " " }
    while ("0"..."9").contains(peek(0)) || peek(0) == "." { (text, i) = (text + String(peek(0)), i + 1) }
    let signed = peek(1) == "-" || peek(1) == "+"
    if peek(0) == "e" || peek(0) == "E", ("0"..."9").contains(signed ? peek(2) : peek(1)) {
      text += "e"
      i += 1
      if signed { (text, i) = (text + String(peek(0)), i + 1) }
      while ("0"..."9").contains(peek(0)) { (text, i) = (text + String(peek(0)), i + 1) }
    }
    guard var value = Double(text), value > 0, value.isFinite else { throw Mistake("'\(text)' is no factor") }
    if peek(0) == "^", let power = try Self.power(letters, &i) {
      let base = value
      value = 1
      for _ in 0..<power.magnitude { value *= base }
      if power < 0 { value = 1 / value }
    }
    factor = divides ? factor / value : factor * value
  }

  /// Adds a symbol, taking the carbon out of `gC`, `g C`, `kg CO2`, `molC`.
  private mutating func add(_ symbol: String, _ power: Int) throws(Mistake) {
    func isOfCarbon(_ term: UnitTerm) -> Bool { term.isMass || term.isAmount }
    if symbol == "H2O" { return }  // mmol H2O: water, which no conversion here asks for
    if symbol == "C" || symbol == "CO2" {
      guard var last = terms.popLast(), last.substance == nil, isOfCarbon(last) || symbol == "CO2" else {
        throw Mistake(
          symbol == "C"
            ? "'C' stands after no mass: it may mean carbon, degrees Celsius or coulomb" : "'CO2' stands after no mass or amount")
      }
      if isOfCarbon(last) { last.substance = Substance(rawValue: symbol) }
      // g C-1: the power stands behind the substance.
      if power != 1 { last.power *= power }
      terms.append(last)
      return
    }
    for (ending, substance) in [("CO2", Substance.carbonDioxide), ("C", .carbon)] where symbol.hasSuffix(ending) {
      let term = UnitTerm(symbol: String(symbol.dropLast(ending.count)), substance: substance, power: power)
      if isOfCarbon(term) {
        terms.append(term)
        return
      }
    }
    terms.append(UnitTerm(symbol: Self.aliases[symbol] ?? symbol, substance: nil, power: power))
  }

  /// Names that field files use and UDUNITS does not know, or reads otherwise.
  private static let aliases = [
    "deg": "degree", "hrs": "hour", "sec": "s", "secs": "s", "Kelvin": "kelvin", "Celsius": "celsius", "unitless": "1", "mo": "month",
    "mon": "month", "mth": "month", "months": "month", "years": "yr", "year": "yr", "yrs": "yr", "annum": "yr", "a": "yr", "days": "d",
    "day": "d",
  ]
}
