/// Words as GMT's text language writes them: nothing in them is taken for an instruction.
enum GMTText {
  private static let superscripts: [Character: Character] = [
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
        result.append(digit)
      } else if let letter = greek[character] {
        result += "@~\(letter)@~"
      } else if character == "@" {
        result += "@@"
      } else if character.isASCII, character.isLetter || character.isNumber || plain.contains(character) {
        result.append(character)
      } else if character == "−" || character == "–" || character == "—" {
        result += "-"
      } else if character == "…" {
        result += "..."
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
    return text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
      let letters = word.prefix { $0.isLetter }, power = word.dropFirst(letters.count)
      let digits = power.first == "-" ? power.dropFirst() : power
      guard !letters.isEmpty, !digits.isEmpty, digits.allSatisfy(\.isNumber) else { return String(word) }
      return letters + String(power.map { c in superscripts.first { $0.value == c }?.key ?? c })
    }.joined(separator: " ")
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
