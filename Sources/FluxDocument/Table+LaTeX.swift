/// A table as LaTeX sets it: smaller where it is wide, in several parts below each other where a page is not wide enough.
extension Table {
  /// A `table` with its caption; in an article without packages, but for `graphicx` where the text says so.
  public var latex: String {
    let parts = latexParts()
    func fits(_ size: LaTeXSize) -> Bool { parts.allSatisfy { width(of: $0, in: size) <= Self.articleWidth } }
    let size = [LaTeXSize.normal, .small, .footnote].first(where: fits) ?? .footnote
    // Wider than the text of an article, but not of a page with narrow margins: as wide as the text, whatever it is.
    let isScaled = !fits(size), caption = ([title] + notes).map(Self.escaped).joined(separator: ". ")
    var lines = ["\\begin{table}"] + (isScaled ? ["% needs \\usepackage{graphicx}"] : []) + size.commands
    lines.append("\\caption{\(caption)}")
    for (i, part) in parts.enumerated() {
      if i > 0 { lines += ["", "\\medskip"] }
      let tabular = latexTabular(part)
      lines += isScaled ? ["\\resizebox{\\ifdim\\width>\\textwidth\\textwidth\\else\\width\\fi}{!}{%"] + tabular.dropLast() + [(tabular.last ?? "") + "}"] : tabular
    }
    return (lines + ["\\end{table}"]).joined(separator: "\n") + "\n"
  }

  /// The width of the text of an article, and of a page of A4 with margins of 25 mm, points.
  private static let articleWidth = 345.0, pageWidth = 455.0

  private enum LaTeXSize {
    case normal, small, footnote
    /// Of an average sign and between two columns, points.
    var sign: Double { switch self { case .normal: 5; case .small: 4.6; case .footnote: 4.2 } }
    var gap: Double { self == .normal ? 12 : 6 }
    var commands: [String] { switch self { case .normal: []; case .small: ["\\small\\setlength{\\tabcolsep}{3pt}"]; case .footnote: ["\\footnotesize\\setlength{\\tabcolsep}{3pt}"] } }
  }

  private func width(of part: [Int], in size: LaTeXSize) -> Double {
    part.reduce(0) { sum, c in
      sum + size.gap + size.sign * Double(([columns[c]] + rows.map { c < $0.count ? Self.text($0[c]) : "" }).map(\.count).max() ?? 0)
    }
  }

  /// The columns of each part: heads are kept whole, and the first columns, those of words before any number, stand in every part.
  private func latexParts() -> [[Int]] {
    let all = Array(columns.indices)
    guard width(of: all, in: .footnote) > Self.pageWidth else { return [all] }
    let kept = all.prefix { $0 == 0 || !isNumber[$0] && $0 < columns.count / 2 }, covered = spans.filter { !$0.group.title.isEmpty }.map { Array($0.columns) }
    let units = covered.isEmpty ? all.dropFirst(kept.count).map { [$0] } : covered
    var parts: [[Int]] = []
    for unit in units {
      if let last = parts.last, width(of: last + unit, in: .footnote) <= Self.pageWidth { parts[parts.count - 1] = last + unit } else { parts.append(Array(kept) + unit) }
    }
    return parts.isEmpty ? [all] : parts
  }

  private func latexTabular(_ part: [Int]) -> [String] {
    func line(_ row: [String]) -> String { part.map { $0 < row.count ? Self.escaped(row[$0]) : "" }.joined(separator: " & ") + " \\\\" }
    var heads: [String] = []
    if !spans.isEmpty {
      // Columns of a part under one head are neighbours; those under none stand alone.
      var cells: [String] = [], c = 0
      while c < part.count {
        let span = spans.first { $0.columns.contains(part[c]) && !$0.group.title.isEmpty }
        let count = span.map { span in part[c...].prefix { span.columns.contains($0) }.count } ?? 1
        cells.append(span.map { "\\multicolumn{\(count)}{c}{\(Self.escaped($0.group.title))}" } ?? "")
        c += max(1, count)
      }
      heads = [cells.joined(separator: " & ") + " \\\\"]
    }
    return ["\\begin{tabular}{\(part.map { isNumber[$0] ? "r" : "l" }.joined())}", "\\hline"] + heads + [line(columns), "\\hline"]
      + rows.map { line($0.map(Self.text)) } + ["\\hline", "\\end{tabular}"]
  }

  private static func escaped(_ text: String) -> String {
    text.map { c in
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
}
