import FluxCore

extension Figure {
  /// A matrix as coloured boxes, its first row at the top.
  ///
  /// - Parameters:
  ///   - values: `[row, column]`, NaN left white.
  ///   - rowNames, columnNames: words at the axes; numbers from 1 when empty.
  public static func heatmap(
    _ values: [Float], rows: Int, columns: Int, rowNames: [String] = [], columnNames: [String] = [], title: String = "", x: String = "", y: String = "",
    colours: ColourScale
  ) -> Figure {
    var flipped: [Float] = []
    flipped.reserveCapacity(values.count)
    for row in (0..<rows).reversed() { flipped += values[row * columns..<(row + 1) * columns] }
    // Few words fit: beyond sixty the axis shows numbers.
    func axis(_ label: String, _ names: [String], _ count: Int, reversed: Bool) -> Axis {
      let words = names.isEmpty && count <= 24 ? (1...max(1, count)).map(String.init) : names
      let range = -0.5...(Double(count) - 0.5)
      return words.count == count && count <= 60 ? Axis(label, range: range, ticks: .words(reversed ? words.reversed() : words)) : Axis(label, range: range)
    }
    let aspect = max(0.25, min(1.4, Double(rows) / Double(max(1, columns))))
    let plot = PlotPanel(
      x: axis(x, columnNames, columns, reversed: false), y: axis(y, rowNames, rows, reversed: true),
      marks: [.cells(values: flipped, rows: rows, columns: columns, x: -0.5...(Double(columns) - 0.5), y: -0.5...(Double(rows) - 0.5))],
      colours: colours, aspect: aspect)
    return Figure(Panel(title, .plot(plot)))
  }
}
