import FluxCore

extension Panel {
  /// How many values a panel was given, and how many of them are numbers.
  var valueCount: (all: Int, finite: Int) {
    func count(_ values: some Collection<Double>) -> (Int, Int) { (values.count, values.reduce(0) { $0 + ($1.isFinite ? 1 : 0) }) }
    switch content {
    case .map(let map):
      let points = count(map.points.map(\.value))
      // A map of places has no values on its cells.
      if !map.points.isEmpty { return points }
      return (map.values.count, map.values.reduce(0) { $0 + ($1.isFinite ? 1 : 0) })
    case .plot(let plot):
      // Points on a curve are those of the curve.
      let hasLines = plot.marks.contains { if case .line = $0 { true } else { false } }
      return plot.marks.map { mark -> (Int, Int) in
        switch mark {
        case .points where hasLines: (0, 0)
        case .line(let x, let y, _, _), .points(let x, let y, _, _, _): count(zip(x, y).map { $0.isFinite ? $1 : .nan })
        case .bars(_, let values, _, _, _, _), .lyingBars(_, let values, _, _, _): count(values)
        case .cells(let values, _, _, _, _): (values.count, values.reduce(0) { $0 + ($1.isFinite ? 1 : 0) })
        case .band, .errors, .lyingErrors, .horizontal, .vertical, .diagonal, .note: (0, 0)
        }
      }.reduce((all: 0, finite: 0)) { ($0.all + $1.0, $0.finite + $1.1) }
    }
  }

  var isBlank: Bool { valueCount.finite == 0 }

  /// What stands above the box: R, RMSE and the like.
  var notes: [String] {
    guard case .plot(let plot) = content else { return [] }
    return plot.marks.flatMap { mark -> [String] in if case .note(let lines) = mark { lines } else { [] } }
  }
}

extension Figure {
  /// - Throws: ``FluxError`` for a figure that would show nothing; a blank panel among others is drawn, and says so.
  public func checked(at place: String) throws {
    guard !panels.isEmpty, panels.allSatisfy(\.isBlank) else { return }
    let all = panels.reduce(0) { $0 + $1.valueCount.all }
    throw FluxError(
      all == 0 ? "there is no value to draw" : "none of \(all) values is a finite number", at: place, expected: "at least one",
      remedy: "Missing values (NaN) leave gaps, and here nothing else is left: look at the data, print(x), before drawing them. A mean of nothing and 0/0 are NaN.")
  }
}
