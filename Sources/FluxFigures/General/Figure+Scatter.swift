import FluxCore
import FluxEvaluation
import Glibc

extension Figure {
  /// Pairs of numbers: as points where they are few, otherwise as counts in boxes on a logarithmic scale.
  ///
  /// Only NaN is missing: an infinite number counts in R, RMSE and the number of pairs, as in ``Metrics``, but has no place on the axes. What the axes
  /// leave out is told above the box.
  ///
  /// - Parameters:
  ///   - range: of both axes; nil for what holds all but the outermost 0.1 % of the values.
  ///   - boxes: boxes a side; 0 always draws points.
  ///   - isComparison: both axes measure the same: equal ranges, the line y = x, and R, RMSE and the number of pairs above the box.
  ///   - unit: of both, as in `gC m-2 d-1`.
  public static func scatter(
    x: [Double], y: [Double], xLabel: String = "", yLabel: String = "", title: String = "", range: ClosedRange<Double>? = nil, boxes: Int = 70,
    isComparison: Bool = true, unit: String = ""
  ) -> Figure {
    let present = zip(x, y).filter { !$0.0.isNaN && !$0.1.isNaN }, pairs = present.filter { $0.0.isFinite && $0.1.isFinite }
    let isMany = boxes > 0 && pairs.count > mostPoints
    let both = isComparison ? (range ?? holding(pairs.map(\.0) + pairs.map(\.1), isMany)) : nil
    let xRange = both ?? range ?? holding(pairs.map(\.0), isMany), yRange = both ?? range ?? holding(pairs.map(\.1), isMany)
    let shown = pairs.reduce(0) { $0 + (xRange.contains($1.0) && yRange.contains($1.1) ? 1 : 0) }, isDense = isMany && shown > 0
    var plot = PlotPanel(x: Axis(xLabel, range: xRange), y: Axis(yLabel, range: yRange), aspect: 1)
    if isDense {
      let counts = counted(pairs, xRange, yRange, boxes), most = Double(counts.max() ?? 1)
      plot.marks.append(.cells(values: counts.map { $0 > 0 ? log10($0) : .nan }, rows: boxes, columns: boxes, x: xRange, y: yRange))
      var scale = ColourScale(palette: "lapaz", lower: 0, upper: max(1, log10(most)), label: "pairs, log₁₀")
      scale.isReversed = true
      plot.colours = scale
    } else {
      plot.marks.append(.points(x: pairs.map(\.0), y: pairs.map(\.1), diameter: pairs.count > 300 ? 0.06 : 0.1, colour: .line(0)))
    }
    if isComparison {
      plot.marks.append(.diagonal(Stroke(.black, width: 0.6, dashed: true)))
      let (observed, modelled) = (present.map(\.0), present.map(\.1))
      let raised = GMTText.unit(unit)
      plot.marks.append(.note([
        "R = \(NumberText.score(Metrics.pearson(modelled, observed)))", "n = \(present.count)",
        "RMSE = \(NumberText.score(Metrics.rmse(modelled, observed)))\(raised.isEmpty ? "" : " \(raised)")",
      ]))
    }
    if shown < present.count, shown > 0 { plot.marks.append(.note(["\(present.count - shown) beyond the axes"])) }
    return Figure(Panel(title, .plot(plot)))
  }

  /// More pairs than these are counted in boxes.
  static let mostPoints = 1500

  private static func holding(_ values: [Double], _ trimmed: Bool) -> ClosedRange<Double> {
    let sorted = values.sorted()
    guard let first = sorted.first, let last = sorted.last else { return 0...1 }
    let cut = trimmed ? Int(0.001 * Double(sorted.count)) : 0
    let (low, high) = trimmed ? (sorted[cut], sorted[sorted.count - 1 - cut]) : (first, last)
    let pad = high > low ? 0.05 * (high - low) : max(1e-12, abs(low) * 0.1)
    return (low - pad)...(high + pad)
  }

  private static func counted(_ pairs: [(Double, Double)], _ x: ClosedRange<Double>, _ y: ClosedRange<Double>, _ boxes: Int) -> [Float] {
    var counts = [Float](repeating: 0, count: boxes * boxes)
    let n = Double(boxes)
    for (a, b) in pairs where x.contains(a) && y.contains(b) {
      let column = min(boxes - 1, Int((a - x.lowerBound) / (x.upperBound - x.lowerBound) * n))
      let row = min(boxes - 1, Int((b - y.lowerBound) / (y.upperBound - y.lowerBound) * n))
      counts[row * boxes + column] += 1
    }
    return counts
  }
}
