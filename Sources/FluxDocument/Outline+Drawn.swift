extension Outline {
  /// Reads a tree that was drawn as text, as many values describe themselves.
  ///
  /// A line's name is what stands before its first colon or double space. Lines that are no branch belong to the branch above them.
  ///
  /// - Returns: nil for a text without branches.
  public init?(drawn text: String) {
    let all = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let first = all.firstIndex(where: Self.isBranch) else { return nil }
    self.init(all[..<first].joined(separator: " "), Self.rows(all[first...]))
  }

  private static func isBranch(_ line: String) -> Bool { line.hasPrefix("├── ") || line.hasPrefix("└── ") }

  private static func rows(_ lines: ArraySlice<String>) -> [Row] {
    var rows: [Row] = [], start = lines.startIndex
    while start < lines.endIndex {
      let next = lines[(start + 1)...].firstIndex(where: isBranch) ?? lines.endIndex
      var row = row(String(lines[start].dropFirst(4)))
      // Below a branch that is not the last, its line goes on: │
      let below = lines[(start + 1)..<next].map { $0.hasPrefix("│   ") || $0.hasPrefix("    ") ? String($0.dropFirst(4)) : $0 }
      let inner = below.firstIndex(where: isBranch) ?? below.endIndex
      row.lines = Array(below[..<inner])
      if !row.lines.isEmpty, inner == below.endIndex {  // the branch is the head of columns
        let head = String(lines[start].dropFirst(4))
        row = Row(String(head.prefix { $0 != " " }), "")
        row.lines = [head] + below
      }
      if inner < below.endIndex { row.rows = self.rows(below[inner...]) }
      rows.append(row)
      start = next
    }
    return rows
  }

  private static func row(_ line: String) -> Row {
    let characters = Array(line)
    let end = characters.indices.first { i in
      i > 0 && i + 1 < characters.count && characters[i + 1] == " " && (characters[i] == ":" || characters[i] == " ")
    }
    // A number of things, or a sentence with a colon far in, has no name.
    guard let end, end <= 28, !(characters[0].isNumber) else { return Row("", line) }
    let text = String(characters[(end + 1)...].drop { $0 == " " })
    return Row(String(characters[..<end]), text)
  }
}
