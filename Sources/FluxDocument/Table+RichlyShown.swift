extension Table: RichlyShown {
  public func richForms() -> [RichForm] { [RichForm("text/html", .text(html))] }

  /// As an HTML table; numbers stand right.
  public var html: String {
    // The columns below one head stand a little apart from those below the next.
    let starts = Set(spans.map(\.columns.lowerBound)).subtracting([0])
    func style(_ column: Int, isRight: Bool) -> String { "text-align:\(isRight ? "right" : "left")\(starts.contains(column) ? ";padding-left:1.2em" : "")" }
    func cell(_ column: Int, _ cell: Cell) -> String {
      var isRight = true
      if case .text = cell { isRight = false }
      return "<td style=\"\(style(column, isRight: isRight))\">\(HTMLText.escaped(Self.text(cell)))</td>"
    }
    let isNumber = self.isNumber
    let heads = columns.indices.map { "<th style=\"\(style($0, isRight: isNumber[$0]))\">\(HTMLText.escaped(columns[$0]))</th>" }
    let groups = spans.isEmpty ? "" : "<tr>" + spans.map { "<th colspan=\"\($0.columns.count)\" style=\"text-align:center\">\(HTMLText.escaped($0.group.title))</th>" }.joined() + "</tr>\n"
    let body = rows.map { "<tr>\($0.enumerated().map { cell($0.offset, $0.element) }.joined())</tr>\n" }.joined()
    let foot = notes.map { "<p>\(HTMLText.escaped($0))</p>\n" }.joined()
    return """
      <table>
      <caption style="text-align:left">\(HTMLText.escaped(title))</caption>
      <thead>
      \(groups)<tr>\(heads.joined())</tr></thead>
      <tbody>
      \(body)</tbody>
      </table>
      \(foot)
      """
  }
}
