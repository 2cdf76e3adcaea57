/// The panels of a figure in lines that fit its width: as given where they do, otherwise in fewer columns.
struct Arrangement {
  let lines: [[Panel?]]
  /// Width of every box, cm.
  let boxWidth: Double
  /// `[line][column]`.
  let frames: [[PanelFrame?]]
  /// Of each column, cm.
  let lefts, rights: [Double]
  static let gap = 0.25

  var columns: Int { lefts.count }

  /// - Parameter hidesLegends: whether one legend above all stands for those of the panels.
  init(_ figure: Figure, width: Double, hidesLegends: Bool) {
    let most = max(1, figure.columnCount)
    var last: Arrangement?
    for columns in stride(from: most, through: 1, by: -1) {
      let next = Arrangement(Self.lines(figure, columns), columns: columns, width: width, hidesLegends: hidesLegends)
      last = next
      if next.isReadable(isFree: figure.isFlow && figure.panels.count <= 4) { break }
    }
    self = last ?? Arrangement([], columns: 1, width: width, hidesLegends: hidesLegends)
  }

  private func isReadable(isFree: Bool) -> Bool {
    lines.allSatisfy { $0.allSatisfy { $0.map { $0.leastWidth(isFree: isFree) <= boxWidth + 1e-6 } ?? true } }
  }

  /// Rows keep their panels together: a row that does not fit goes on in the next line. Panels that are a mere sequence fill line after line.
  private static func lines(_ figure: Figure, _ columns: Int) -> [[Panel?]] {
    guard columns < figure.columnCount else { return figure.rows }
    // Below each other, panels need not be as high as beside each other.
    let flattened = columns == 1 && figure.isFlow ? figure.panels.map { $0.flattened() } : figure.panels
    func cut(_ panels: [Panel?], _ columns: Int) -> [[Panel?]] {
      stride(from: 0, to: panels.count, by: columns).map { start in (start..<start + columns).map { panels.indices.contains($0) ? panels[$0] : nil } }
    }
    if figure.isFlow { return cut(flattened, columns) }
    return figure.rows.flatMap { row -> [[Panel?]] in
      let lineCount = (row.count + columns - 1) / columns
      return cut(row, max(1, (row.count + lineCount - 1) / max(1, lineCount)))
    }
  }

  private init(_ lines: [[Panel?]], columns: Int, width: Double, hidesLegends: Bool) {
    var boxWidth = width / Double(columns) - 1.6, frames: [[PanelFrame?]] = [], lefts: [Double] = [], rights: [Double] = []
    let shared = lines.indices.map { line in lines[line].indices.map { Self.shared(lines, line, $0, hidesLegends) } }
    var fitted = lines
    // The first passes guess the box, which ticks depend on; the last has it nearly right.
    for _ in 0..<3 {
      fitted = lines.map { $0.map { $0?.fitted(to: max(1, boxWidth)) } }
      frames = lines.indices.map { line in
        lines[line].indices.map { column in
          let span = Double(Self.barSpan(lines, line, column))
          return fitted[line][column].map { PanelFrame($0, boxWidth: max(1, boxWidth), shared: shared[line][column], barWidth: span * max(1, boxWidth) + (span - 1) * 0.45) }
        }
      }
      lefts = (0..<columns).map { c in frames.compactMap { $0.indices.contains(c) ? $0[c]?.left : nil }.max() ?? 0.1 }
      rights = (0..<columns).map { c in frames.compactMap { $0.indices.contains(c) ? $0[c]?.right : nil }.max() ?? 0.1 }
      boxWidth = max(1, (width - lefts.reduce(0, +) - rights.reduce(0, +) - Self.gap * Double(columns - 1)) / Double(columns))
    }
    (self.lines, self.boxWidth, self.frames, self.lefts, self.rights) = (fitted, boxWidth, frames, lefts, rights)
  }

  private static func panel(_ lines: [[Panel?]], _ line: Int, _ column: Int) -> Panel? {
    lines.indices.contains(line) && lines[line].indices.contains(column) ? lines[line][column] : nil
  }

  /// What the neighbours to the left and right, and the one below, show for a panel too.
  private static func shared(_ lines: [[Panel?]], _ line: Int, _ column: Int, _ hidesLegends: Bool) -> PanelFrame.Shared {
    var shared: PanelFrame.Shared = hidesLegends ? .legend : []
    guard let own = panel(lines, line, column) else { return shared }
    if case .plot(let plot) = own.content {
      if case .plot(let left)? = panel(lines, line, column - 1)?.content, left.y.label == plot.y.label { shared.insert(.yLabel) }
      if case .plot(let below)? = panel(lines, line + 1, column)?.content, below.x.label == plot.x.label { shared.insert(.xLabel) }
      if let next = panel(lines, line, column + 1), case .plot(let right) = next.content, right.colours != nil, right.colours == plot.colours, !next.isBlank { shared.insert(.bar) }
    } else if barSpan(lines, line, column) == 0 {
      shared.insert(.bar)
    }
    return shared
  }

  /// How many maps from this one to the right a colour bar stands below: 0 where it belongs to the left neighbour, or stands further down.
  static func barSpan(_ lines: [[Panel?]], _ line: Int, _ column: Int) -> Int {
    func scale(_ line: Int, _ column: Int) -> ColourScale? {
      if let one = panel(lines, line, column), case .map(let map) = one.content, map.colours.hasBar, !one.isBlank { map.colours } else { nil }
    }
    guard let own = scale(line, column), scale(line, column - 1) != own else { return 0 }
    var span = 1
    while scale(line, column + span) == own { span += 1 }
    return (0..<span).allSatisfy { scale(line + 1, column + $0) == own } ? 0 : span
  }
}
