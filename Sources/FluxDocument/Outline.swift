/// What a value is, as a short tree: a head, and lines below it, some with more below them.
///
/// A terminal shows it drawn, a notebook or a report as HTML whose branches fold.
///
///     Bridge [region 18]
///     ├── pixels: 412
///     └── gain: 1.000 in EU … 1.021 in NSA
public struct Outline: Sendable, Equatable, CustomStringConvertible {
  /// One line and what is below it.
  public struct Row: Sendable, Equatable {
    /// What the text is about; empty where the text stands alone.
    public var name: String
    public var text: String
    /// Shown in HTML when the line is unfolded, in text drawn below it.
    public var rows: [Row] = []
    /// Lines of fixed width, such as a table drawn as text.
    public var lines: [String] = []
    /// Only HTML shows it: drawn it would be wider than a terminal.
    public var table: Table?

    public init(_ name: String, _ text: String, rows: [Row] = [], table: Table? = nil) {
      (self.name, self.text, self.rows, self.table) = (name, text, rows, table)
    }

    public static func == (a: Row, b: Row) -> Bool {
      a.name == b.name && a.text == b.text && a.rows == b.rows && a.lines == b.lines && a.table?.description == b.table?.description
    }
  }

  public var head: String
  public var rows: [Row]

  public init(_ head: String, _ rows: [Row]) { (self.head, self.rows) = (head, rows) }

  /// The drawn tree.
  public var description: String { ([head] + Self.drawn(rows, indentation: "")).joined(separator: "\n") }

  private static func drawn(_ rows: [Row], indentation: String) -> [String] {
    rows.enumerated().flatMap { i, row in
      let isLast = i == rows.count - 1, below = indentation + (isLast ? "    " : "│   ")
      let line = row.name.isEmpty ? row.text : row.text.isEmpty ? row.name : "\(row.name): \(row.text)"
      return ["\(indentation)\(isLast ? "└── " : "├── ")\(line)"] + drawn(row.rows, indentation: below) + row.lines.map { below + $0 }
    }
  }

  /// The tree as HTML, its first level unfolded.
  public var html: String {
    let words = head.split(separator: " ", maxSplits: 1)
    let title = words.isEmpty ? "" : "<b>\(HTMLText.escaped(String(words[0])))</b>" + (words.count > 1 ? " " + HTMLText.escaped(String(words[1])) : "")
    return HTMLText.folded(title, HTMLText.list(rows.map(\.html)), isOpen: true)
  }
}

extension Outline.Row {
  var html: String {
    let name = name.isEmpty ? "" : HTMLText.faint(text.isEmpty ? name : name + ":") + " "
    var below: [String] = []
    if !rows.isEmpty { below.append(HTMLText.list(rows.map(\.html))) }
    if !lines.isEmpty { below.append(HTMLText.lines(lines.joined(separator: "\n"))) }
    if let table { below.append(table.html) }
    let line = name + HTMLText.escaped(text)
    return below.isEmpty ? line : HTMLText.folded(line, below.joined(separator: "\n"), isOpen: false)
  }
}
