/// Which points of a long line are seen: of those that follow each other within a column of pixels, the first, the lowest, the highest and the last.
enum ThinnedLine {
  /// The printed raster, dots per cm: 300 per inch.
  static let columnsPerCM = 300 / 2.54

  /// - Parameters:
  ///   - x: of the points; NaN leaves a gap.
  ///   - lower, upper: of the points, the same for a line; NaN leaves a gap.
  ///   - column: width of a column, in units of x.
  /// - Returns: the indices to keep, in their order; one of every gap.
  static func indices(_ x: [Double], lower: [Double], upper: [Double], column: Double) -> [Int] {
    let count = min(x.count, lower.count, upper.count)
    guard column > 0, column.isFinite else { return Array(0..<count) }
    var kept: [Int] = [], isGap = false
    var first = -1, lowest = -1, highest = -1, last = -1, place = 0.0
    func close() {
      guard first >= 0 else { return }
      var next = [first, lowest, highest, last]
      next.sort()
      for i in next where kept.last != i { kept.append(i) }
      first = -1
    }
    x.withUnsafeBufferPointer { x in
      lower.withUnsafeBufferPointer { lower in
        upper.withUnsafeBufferPointer { upper in
          for i in 0..<count {
            guard x[i].isFinite, lower[i].isFinite, upper[i].isFinite else {
              close()
              if !isGap { kept.append(i) }
              isGap = true
              continue
            }
            isGap = false
            let here = (x[i] / column).rounded(.down)
            if first < 0 || here != place {
              close()
              (first, lowest, highest, place) = (i, i, i, here)
            }
            if lower[i] < lower[lowest] { lowest = i }
            if upper[i] > upper[highest] { highest = i }
            last = i
          }
        }
      }
    }
    close()
    return kept
  }
}

extension Figure {
  /// The same with long lines thinned to what a raster as wide as the figure shows: every panel is narrower.
  func thinned(width: Double) -> Figure {
    let columns = width * ThinnedLine.columnsPerCM
    var changed = self
    for row in rows.indices {
      for column in rows[row].indices {
        guard case .plot(var plot)? = rows[row][column]?.content else { continue }
        plot.thin(columns: columns)
        changed.rows[row][column]?.content = .plot(plot)
      }
    }
    return changed
  }
}

extension PlotPanel {
  /// - Parameter columns: of pixels between the ends of the x axis.
  mutating func thin(columns: Double) {
    /// Nil where there are too few points for thinning to matter.
    func kept(_ x: [Double], _ lower: [Double], _ upper: [Double]) -> [Int]? {
      guard Double(x.count) > 4 * columns else { return nil }
      var low = Double.infinity, high = -Double.infinity
      for value in x where value.isFinite { (low, high) = (min(low, value), max(high, value)) }
      if let range = self.x.range { (low, high) = (range.lowerBound, range.upperBound) }
      return ThinnedLine.indices(x, lower: lower, upper: upper, column: (high - low) / columns)
    }
    marks = marks.map { mark in
      switch mark {
      case .line(let x, let y, let style, let name):
        guard let kept = kept(x, y, y) else { return mark }
        return .line(x: kept.map { x[$0] }, y: kept.map { y[$0] }, style: style, name: name)
      case .band(let x, let lower, let upper, let colour):
        guard let kept = kept(x, lower, upper) else { return mark }
        return .band(x: kept.map { x[$0] }, lower: kept.map { lower[$0] }, upper: kept.map { upper[$0] }, colour: colour)
      default: return mark
      }
    }
  }
}
