import Glibc

/// Rows and columns of numbers and words that print aligned.
public struct Table: Sendable, CustomStringConvertible {
  public enum Cell: Sendable, Equatable {
    case text(String)
    /// Printed with this many digits behind the point.
    case number(Double, digits: Int)
    case empty
  }

  public var title: String
  public var columns: [String]
  public var rows: [[Cell]]
  /// Printed below.
  public var notes: [String]
  /// The same numbers unrounded, for a script: by run, then place or class, then measure.
  public var scores: [String: [String: [String: Double]]] = [:]

  public init(title: String, columns: [String], rows: [[Cell]] = [], notes: [String] = []) {
    self.title = title
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }

  static func text(_ cell: Cell) -> String {
    switch cell {
    case .text(let t): t
    case .empty: ""
    case .number(let x, let digits): x.isNaN ? "n/a" : fixed(x, digits)
    }
  }

  /// A number with a fixed number of digits behind the point, a true minus sign left to typography.
  public static func fixed(_ x: Double, _ digits: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    let length = withVaList([x]) { vsnprintf(&buffer, buffer.count, "%.\(digits)f", $0) }
    return String(decoding: buffer.prefix(max(0, Int(length))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  public var description: String {
    let cells = [columns] + rows.map { $0.map(Self.text) }
    let widths = columns.indices.map { c in cells.map { $0[c].count }.max() ?? 0 }
    let isNumber = columns.indices.map { c in rows.allSatisfy { if case .text = $0[c] { false } else { true } } }
    func line(_ row: [String]) -> String {
      var text = row.indices.map { c in
        let pad = String(repeating: " ", count: widths[c] - row[c].count)
        return isNumber[c] ? pad + row[c] : row[c] + pad
      }.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }
    let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * max(0, widths.count - 1))
    return ([title, rule, line(columns), rule] + cells.dropFirst().map(line) + [rule] + notes).joined(separator: "\n")
  }

  public var markdown: String {
    func line(_ row: [String]) -> String { "| " + row.joined(separator: " | ") + " |" }
    return (["**\(title)**", "", line(columns), line(columns.map { _ in "---" })] + rows.map { line($0.map(Self.text)) } + [""] + notes)
      .joined(separator: "\n")
  }

  public var csv: String {
    func quoted(_ t: String) -> String {
      t.contains { ",\"\n".contains($0) } ? "\"" + t.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : t
    }
    func line(_ row: [String]) -> String { row.map(quoted).joined(separator: ",") }
    return ([line(columns)] + rows.map { line($0.map(Self.text)) }).joined(separator: "\n") + "\n"
  }

  /// A `tabular` with its caption, as LaTeX reads it.
  public var latex: String {
    func escaped(_ t: String) -> String {
      t.map { c in
        switch c {
        case "&", "%", "$", "#", "_", "{", "}": "\\\(c)"
        case "\\": "\\textbackslash{}"
        case "~": "\\textasciitilde{}"
        case "^": "\\textasciicircum{}"
        case "²": "$^2$"
        default: String(c)
        }
      }.joined()
    }
    func line(_ row: [String]) -> String { row.map(escaped).joined(separator: " & ") + " \\\\" }
    let isNumber = columns.indices.map { c in rows.allSatisfy { if case .text = $0[c] { false } else { true } } }
    return (["\\begin{table}", "\\caption{\(escaped(title))\(notes.map { ". " + escaped($0) }.joined())}",
      "\\begin{tabular}{\(isNumber.map { $0 ? "r" : "l" }.joined())}", "\\hline", line(columns), "\\hline"]
      + rows.map { line($0.map(Self.text)) } + ["\\hline", "\\end{tabular}", "\\end{table}"]).joined(separator: "\n") + "\n"
  }
}
