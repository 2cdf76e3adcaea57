extension Table: RichlyShown {
  public func richForms() -> [RichForm] { [RichForm("text/html", .text(html))] }

  /// As an HTML table; numbers stand right.
  public var html: String {
    func cell(_ cell: Cell) -> String {
      if case .text = cell { return "<td style=\"text-align:left\">\(HTMLText.escaped(Self.text(cell)))</td>" }
      return "<td style=\"text-align:right\">\(HTMLText.escaped(Self.text(cell)))</td>"
    }
    let heads = zip(columns, isNumber).map { "<th style=\"text-align:\($1 ? "right" : "left")\">\(HTMLText.escaped($0))</th>" }
    let groups = spans.isEmpty ? "" : "<tr>" + spans.map { "<th colspan=\"\($0.columns.count)\" style=\"text-align:center\">\(HTMLText.escaped($0.group.title))</th>" }.joined() + "</tr>\n"
    let body = rows.map { "<tr>\($0.map(cell).joined())</tr>\n" }.joined()
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
