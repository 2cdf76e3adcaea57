/// Panels in rows: what a plot shows, as a value. Nothing is drawn until it is saved or shown.
///
/// Where the width leaves too little room for its panels side by side, they are put into fewer columns (``Arrangement``).
public struct Figure: Sendable, CustomStringConvertible {
  /// Rows of panels from the top; nil leaves a place empty.
  public var rows: [[Panel?]]
  /// Above all panels.
  public var title = ""
  /// Whether the panels are a mere sequence, which a narrower figure breaks into other lines; otherwise a row's panels stay together.
  public var isFlow = false
  /// In cm; nil for half a page (8.5) of one column of panels, a whole page (17) of more.
  public var width: Double?

  public init(_ rows: [[Panel?]], title: String = "", width: Double? = nil) {
    self.rows = rows
    self.title = title
    self.width = width
  }

  public init(_ panel: Panel) { rows = [[panel]] }

  public var panels: [Panel] { rows.flatMap { $0 }.compactMap { $0 } }
  public var columnCount: Int { rows.map(\.count).max() ?? 0 }

  /// Panels of several figures in the places of a table, each figure's own rows and columns kept together.
  public static func grid(_ figures: [[Figure]]) -> Figure {
    var rows: [[Panel?]] = []
    for row in figures {
      let height = row.map(\.rows.count).max() ?? 0
      for line in 0..<height {
        rows.append(row.flatMap { figure -> [Panel?] in
          let own = figure.rows.indices.contains(line) ? figure.rows[line] : []
          return own + [Panel?](repeating: nil, count: figure.columnCount - own.count)
        })
      }
    }
    return Figure(rows)
  }

  /// The same with another title or width, where given.
  public func with(title: String? = nil, width: Double? = nil) -> Figure {
    var changed = self
    changed.title = title ?? self.title
    changed.width = width ?? self.width
    return changed
  }

  public var description: String {
    let kinds = panels.map(\.kind)
    let what = kinds.isEmpty ? "empty" : kinds.count == 1 ? kinds[0] : "\(kinds.count) panels: \(Set(kinds).sorted().joined(separator: ", "))"
    return "Figure [\(rows.count) × \(columnCount)] \(what)" + (title.isEmpty ? "" : ", \(title)")
  }
}
