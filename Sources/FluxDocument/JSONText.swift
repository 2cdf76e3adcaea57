/// A value as JSON writes it: for logs, reports and messages (`description`, one line) and for files (`indented`).
/// What is not finite becomes `null`, which JSON has no number for.
public indirect enum JSONText: Sendable, CustomStringConvertible {
  case null
  case number(Double)
  case integer(Int)
  case text(String)
  case flag(Bool)
  case list([JSONText])
  /// Keys in their order.
  case object([(name: String, value: JSONText)])

  public var description: String {
    switch self {
    case .null: "null"
    case .number(let x): x.isFinite ? "\(x)" : "null"
    case .integer(let n): "\(n)"
    case .text(let t): Self.quoted(t)
    case .flag(let b): b ? "true" : "false"
    case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
    case .object(let fields): "{" + fields.map { "\(Self.quoted($0.name)): \($0.value)" }.joined(separator: ", ") + "}"
    }
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
