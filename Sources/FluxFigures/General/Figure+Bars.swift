import FluxCore

extension Figure {
  /// Bars side by side: one for each run at each label.
  ///
  /// - Parameters:
  ///   - labels: words below the bars; numbers from 1 when empty.
  ///   - runs: name and heights, as many as labels.
  ///   - errors: half the length of the error bars, by run.
  public static func bars(labels: [String], runs: [(name: String, heights: [Double])], errors: [String: [Double]] = [:], title: String = "", label: String = "") -> Figure {
    let count = runs.map(\.heights.count).max() ?? 0
    let words = labels.isEmpty ? (1...max(1, count)).map(String.init) : labels
    let colours = RunStyle.fills(runs.map(\.name)), width = 0.8 / Double(max(1, runs.count))
    var marks: [Mark] = []
    for (i, run) in runs.enumerated() {
      let x = run.heights.indices.map { Double($0) + (Double(i) - Double(runs.count - 1) / 2) * width }
      marks.append(.bars(x: x, heights: run.heights, width: width * 0.94, colour: colours[i], name: runs.count > 1 ? RunStyle.title(run.name) : ""))
      if let error = errors[run.name], error.count == run.heights.count {
        marks.append(.errors(x: x, lower: zip(run.heights, error).map { $0 - $1 }, upper: zip(run.heights, error).map { $0 + $1 }))
      }
    }
    marks.append(.horizontal(0, Stroke(.black, width: 0.5)))
    return Figure(Panel(title, .plot(PlotPanel(x: Axis("", ticks: .words(words)), y: Axis(label, holdsZero: true), marks: marks))))
  }
}
