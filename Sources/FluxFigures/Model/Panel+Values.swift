import FluxCore

extension Panel {
  /// How many values a panel was given, how many of them are numbers.
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

  /// Whether nothing can be seen in it.
  var isBlank: Bool { valueCount.finite == 0 || isOutside }

  /// What a blank panel says of itself.
  var blankWords: String { isOutside ? "nothing within the axes" : "no finite values" }

  /// Whether there are points, and all of them lie beyond axes of a given range.
  var isOutside: Bool {
    guard case .plot(let plot) = content, plot.x.range != nil || plot.y.range != nil else { return false }
    var isAny = false
    for mark in plot.marks {
      switch mark {
      case .points(let xs, let ys, _, _, _):
        for (x, y) in zip(xs, ys) where x.isFinite && y.isFinite {
          if plot.x.range?.contains(x) ?? true, plot.y.range?.contains(y) ?? true { return false }
          isAny = true
        }
      case .note, .diagonal, .horizontal, .vertical: break
      default: return false
      }
    }
    return isAny
  }

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
    if let outside = panels.first(where: \.isOutside), case .plot(let plot) = outside.content {
      let (x, y) = (plot.x.range, plot.y.range), range = [x, y].compactMap { $0.map { "\($0.lowerBound) to \($0.upperBound)" } }
      throw FluxError("none of \(outside.valueCount.finite) points lies within the axes, \(range.first == range.last ? range[0] : range.joined(separator: " and "))", at: place,
        expected: "at least one", remedy: "Leave range out: the axes then hold the points.")
    }
    throw FluxError(
      all == 0 ? "there is no value to draw" : "none of \(all) values is a finite number", at: place, expected: "at least one",
      remedy: "Missing values (NaN) leave gaps, and here nothing else is left: look at the data, print(x), before drawing them. A mean of nothing and 0/0 are NaN.")
  }
}
