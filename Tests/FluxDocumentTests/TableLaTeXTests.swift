import FluxCore
import FluxDocument
import Testing

@Suite("Tables in LaTeX")
struct TableLaTeXTests {
  private static func table(groups: Int, columns: Int) -> Table {
    var table = Table(title: "T & U", columns: ["region"] + (0..<groups).flatMap { g in (0..<columns).map { "EC-ATM \(g)\($0)" } })
    table.groups = [.init("", columns: 1)] + (0..<groups).map { .init("R, part \($0)", columns: columns) }
    table.rows = [[.text("BRA")] + (0..<groups * columns).map { .number(Double($0), digits: 3) }]
    return table
  }

  @Test("a narrow table is one tabular, without packages")
  func narrow() {
    let text = Table(title: "T", columns: ["run", "R"], rows: [[.text("a_b"), .number(0.5, digits: 2)]], notes: ["50 %"]).latex
    #expect(text == """
      \\begin{table}
      \\caption{T. 50 \\%}
      \\begin{tabular}{lr}
      \\hline
      run & R \\\\
      \\hline
      a\\_b & 0.50 \\\\
      \\hline
      \\end{tabular}
      \\end{table}

      """)
  }

  @Test("a table wider than a page is cut between its heads: every column once, the first in each part", arguments: [(2, 5), (4, 5), (8, 3), (1, 30)])
  func wide(_ groups: Int, _ columns: Int) {
    let table = Self.table(groups: groups, columns: columns), text = table.latex
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("BRA") }
    #expect(rows.count == text.components(of: "\\begin{tabular}") && rows.count > (groups * columns > 11 && groups > 1 ? 1 : 0))
    for c in 1..<table.columns.count { #expect(text.components(of: "\(table.columns[c]) ") == 1, "\(table.columns[c])") }
    for g in 0..<groups { #expect(text.components(of: "\\multicolumn{\(columns)}{c}{R, part \(g)}") == 1) }
    // As many cells in each line as its tabular has columns.
    for part in text.split(separator: "\n").filter({ $0.hasPrefix("\\begin{tabular}") }).map({ $0.dropLast().split(separator: "{").last?.count ?? 0 }) {
      #expect(rows.contains { $0.split(separator: "&").count == part })
    }
    if text.contains("\\resizebox") { #expect(text.hasPrefix("\\begin{table}\n% needs \\usepackage{graphicx}\n")) }
  }
}

extension String {
  /// How often another text stands in this one.
  fileprivate func components(of other: String) -> Int { self.split(separator: other, omittingEmptySubsequences: false).count - 1 }
}
