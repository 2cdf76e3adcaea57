import FluxCore

extension Figure {
  /// A matrix as coloured boxes, its first row at the top.
  ///
  /// - Parameters:
  ///   - values: `[row, column]`, NaN left white.
  ///   - rowNames, columnNames: words at the axes; numbers from 1 when empty; thinned where they are too many.
  public static func heatmap(
    _ values: [Float], rows: Int, columns: Int, rowNames: [String] = [], columnNames: [String] = [], title: String = "", x: String = "", y: String = "",
    colours: ColourScale
  ) -> Figure {
    var flipped: [Float] = []
    flipped.reserveCapacity(values.count)
    for row in (0..<rows).reversed() { flipped += values[row * columns..<(row + 1) * columns] }
    // Without names, numbers from 1; of many only round ones.
    func axis(_ label: String, _ names: [String], _ count: Int, reversed: Bool) -> Axis {
      let step = count <= 24 ? 1 : Int(Axis.roundStep(Double(count), most: 12))
      let words = names.isEmpty ? (1...max(1, count)).map { $0 % step == 0 || $0 == 1 ? String($0) : "" } : names
      return Axis(label, range: -0.5...(Double(count) - 0.5), ticks: .words(reversed ? words.reversed() : words))
    }
    let aspect = max(0.25, min(1.4, Double(rows) / Double(max(1, columns))))
    let plot = PlotPanel(
      x: axis(x, columnNames, columns, reversed: false), y: axis(y, rowNames, rows, reversed: true),
      marks: [.cells(values: flipped, rows: rows, columns: columns, x: -0.5...(Double(columns) - 0.5), y: -0.5...(Double(rows) - 0.5))],
      colours: colours, aspect: aspect)
    return Figure(Panel(title, .plot(plot)))
  }
}
