import FluxCore

extension JSONText {
  /// As files are written that people read and programs compare: a line for each field of an object, deeper by two
  /// blanks than its object; a list goes on in its line; numbers have ten significant digits.
  public var indented: String {
    var text = ""
    append(to: &text, indent: "")
    return text
  }

  private func append(to text: inout String, indent: String) {
    let deeper = indent + "  "
    switch self {
    case .number(let x): text += x.isFinite ? DecimalText.significant(x, 10) : "null"
    case .list(let items):
      text += "["
      for (i, item) in items.enumerated() {
        if i > 0 { text += ", " }
        item.append(to: &text, indent: deeper)
      }
      text += "]"
    case .object(let fields) where !fields.isEmpty:
      text += "{"
      for (i, field) in fields.enumerated() {
        text += (i > 0 ? ",\n" : "\n") + deeper + Self.quoted(field.name) + ": "
        field.value.append(to: &text, indent: deeper)
      }
      text += "\n" + indent + "}"
    case .null, .integer, .text, .flag, .object: text += description
    }
  }
}
