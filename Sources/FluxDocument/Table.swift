import FluxCore
import Glibc

/// Rows and columns of numbers and words that print aligned.
public struct Table: Sendable, CustomStringConvertible {
  public enum Cell: Sendable, Equatable {
    case text(String)
    /// Printed with this many digits behind the point.
    case number(Double, digits: Int)
    /// A number with the ends of its interval behind it, NaN where there is none.
    case interval(Double, low: Double, high: Double, digits: Int)
    case empty
  }

  /// A head above several neighbouring columns; empty above those that need none.
  public struct Group: Sendable, Equatable {
    public var title: String
    public var columns: Int
    public init(_ title: String, columns: Int) { (self.title, self.columns) = (title, columns) }
  }

  public var title: String
  public var columns: [String]
  /// Heads above the columns, from the left, which cover all of them; or none.
  public var groups: [Group] = []
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
    case .number(let x, let digits): x.isNaN ? "n/a" : DecimalText.fixed(x, digits)
    case .interval(let x, let low, let high, let digits):
      x.isNaN ? "n/a" : DecimalText.fixed(x, digits) + (low.isFinite && high.isFinite ? " [\(DecimalText.fixed(low, digits)), \(DecimalText.fixed(high, digits))]" : "")
    }
  }

  public var description: String {
    let cells = [columns] + rows.map { $0.map(Self.text) }
    var widths = columns.indices.map { c in cells.map { $0[c].count }.max() ?? 0 }
    // A head wider than its columns widens the last of them.
    for (group, span) in spans where !span.isEmpty {
      let room = widths[span].reduce(0, +) + 2 * (span.count - 1)
      widths[span.upperBound - 1] += max(0, group.title.count - room)
    }
    let isNumber = self.isNumber
    func line(_ row: [String]) -> String {
      var text = row.indices.map { c in
        let pad = String(repeating: " ", count: widths[c] - row[c].count)
        return isNumber[c] ? pad + row[c] : row[c] + pad
      }.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }
    let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * max(0, widths.count - 1))
    var heads = ""
    for (group, span) in spans where !span.isEmpty {
      let room = widths[span].reduce(0, +) + 2 * (span.count - 1), left = (room - group.title.count) / 2
      heads += String(repeating: " ", count: left) + group.title + String(repeating: " ", count: room - left - group.title.count + 2)
    }
    while heads.last == " " { heads.removeLast() }
    return ([title, rule] + (heads.isEmpty ? [] : [heads]) + [line(columns), rule] + cells.dropFirst().map(line) + [rule] + notes).joined(separator: "\n")
  }

  /// Columns that hold nothing but numbers, which stand right.
  var isNumber: [Bool] {
    columns.indices.map { c in rows.allSatisfy { if c < $0.count, case .text = $0[c] { false } else { true } } }
  }

  /// The heads, each with the columns that it stands above.
  var spans: [(group: Group, columns: Range<Int>)] {
    var start = 0
    return groups.compactMap { group in
      let end = min(columns.count, start + max(0, group.columns))
      defer { start = end }
      return (group, start..<end)
    }
  }

  /// Each column under its head's words: for formats without heads above columns.
  var fullColumns: [String] {
    var names = columns
    for (group, span) in spans where !group.title.isEmpty { for c in span { names[c] = "\(group.title), \(columns[c])" } }
    return names
  }

  public var markdown: String {
    func line(_ row: [String]) -> String { "| " + row.joined(separator: " | ") + " |" }
    return (["**\(title)**", "", line(fullColumns), line(columns.map { _ in "---" })] + rows.map { line($0.map(Self.text)) } + [""] + notes)
      .joined(separator: "\n")
  }

  public var csv: String {
    func quoted(_ t: String) -> String {
      t.contains { ",\"\n".contains($0) } ? "\"" + t.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : t
    }
    func line(_ row: [String]) -> String { row.map(quoted).joined(separator: ",") }
    return ([line(fullColumns)] + rows.map { line($0.map(Self.text)) }).joined(separator: "\n") + "\n"
  }
}
