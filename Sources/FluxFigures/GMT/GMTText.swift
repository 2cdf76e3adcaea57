/// Words as GMT's text language writes them: nothing in them is taken for an instruction.
enum GMTText {
  static let superscripts: [Character: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-", "⁺": "+",
  ]
  private static let subscripts: [Character: Character] = [
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9",
  ]
  /// Greek letters in the encoding of the Symbol font.
  private static let greek: [Character: Character] = [
    "α": "a", "β": "b", "γ": "g", "δ": "d", "ε": "e", "θ": "q", "λ": "l", "μ": "m", "π": "p", "ρ": "r", "σ": "s", "τ": "t", "φ": "f", "ω": "w",
    "Δ": "D", "Σ": "S", "Ω": "W", "Θ": "Q",
  ]
  private static let plain: Set<Character> = Set(" .,:;()/-=%*!?")

  /// In GMT's ISOLatin1+ encoding; a bare "-" is a hyphen there.
  private static let minus = "\\055"
  private static let marks: [Character: String] = ["−": minus, "–": "\\035", "—": "\\034", "…": "\\032", "‘": "\\234", "’": "\\047", "“": "\\216", "”": "\\217", "•": "\\031"]

  static func escaped(_ text: String) -> String {
    var result = "", raised: Character?
    func code(_ value: UInt32) -> String {
      let octal = String(value, radix: 8)
      return "\\" + String(repeating: "0", count: max(0, 3 - octal.count)) + octal
    }
    for character in text.precomposed {
      let shift: Character? = superscripts[character] != nil ? "+" : subscripts[character] != nil ? "-" : nil
      if shift != raised {
        if let raised { result += "@\(raised)" }
        if let shift { result += "@\(shift)" }
        raised = shift
      }
      if let digit = superscripts[character] ?? subscripts[character] {
        // Raised or not, a sign before a number is a minus, not a hyphen.
        result += digit == "-" ? minus : String(digit)
      } else if let letter = greek[character] {
        result += "@~\(letter)@~"
      } else if character == "@" {
        result += "@@"
      } else if character.isASCII, character.isLetter || character.isNumber || plain.contains(character) {
        result.append(character)
      } else if let code = marks[character] {
        result += code
      } else if character == "≥" {
        result += "@~\\263@~"
      } else if character == "≤" {
        result += "@~\\243@~"
      } else if let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1, (33...126).contains(scalar.value) || (160...255).contains(scalar.value) {
        result += code(scalar.value)
      } else {
        result += character.isWhitespace ? " " : "?"
      }
    }
    if let raised { result += "@\(raised)" }
    return result
  }

  /// `gC m-2 d-1` with raised powers: `gC m⁻² d⁻¹`.
  static func unit(_ text: String) -> String {
    guard text != "1" else { return "" }
    var result = "", word = ""
    func close() {
      result += raised(word)
      word = ""
    }
    for c in text {
      if " /·()".contains(c) {
        close()
        result.append(c)
      } else {
        word.append(c)
      }
    }
    close()
    return result
  }

  private static let formulas = ["CO2": "CO₂", "CH4": "CH₄", "N2O": "N₂O", "H2O": "H₂O", "O2": "O₂"]

  /// `m-2`, `m^-2` or `m**-2` as m⁻²; other words stay.
  private static func raised(_ word: String) -> String {
    if let formula = formulas[word] { return formula }
    let letters = word.prefix { $0.isLetter }, power = word.dropFirst(letters.count).drop { $0 == "^" || $0 == "*" }
    let digits = power.first == "-" || power.first == "−" ? power.dropFirst() : power
    guard !letters.isEmpty, (1...2).contains(digits.count), digits.allSatisfy({ ("0"..."9").contains($0) }) else { return word }
    return letters + String(power.map { c in superscripts.first { $0.value == (c == "−" ? "-" : c) }?.key ?? c })
  }

  /// A label whose units, what stands in brackets, have raised powers.
  static func withRaisedUnits(_ label: String) -> String {
    var result = "", inside: String?
    for c in label {
      if c == "(" {
        result += (inside.map { "(" + $0 } ?? "")
        inside = ""
      } else if c == ")", let text = inside {
        result += "(\(unit(text)))"
        inside = nil
      } else if inside != nil {
        inside?.append(c)
      } else {
        result.append(c)
      }
    }
    return result + (inside.map { "(" + $0 } ?? "")
  }

  /// A quantity with its unit in brackets.
  static func label(_ name: String, unit text: String) -> String {
    let unit = unit(text)
    return unit.isEmpty ? name : name.isEmpty ? unit : "\(name) (\(unit))"
  }

  private static let narrow: Set<Character> = Set("iljtfI.,:;'|!()[]/- ")
  private static let wide: Set<Character> = Set("mwMWGOQCDNHU@%")

  /// The width of words in Helvetica, cm, within some 5 % and seldom too small.
  static func width(_ text: String, points: Double) -> Double {
    var ems = 0.0
    for c in text {
      ems += superscripts[c] != nil || subscripts[c] != nil ? 0.42 : narrow.contains(c) ? 0.31 : wide.contains(c) ? 0.78 : c.isUppercase ? 0.68 : 0.56
    }
    return ems * points * cmPerPoint
  }

  static let cmPerPoint = 2.54 / 72
}

extension String {
  /// With µ and similar letters as one character each; Latin-1 needs no more than this.
  fileprivate var precomposed: [Character] { map { $0 == "\u{00B5}" ? "μ" : $0 } }
}
