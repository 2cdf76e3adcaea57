extension Panel {
  /// The narrowest box in which the panel can be read, cm.
  ///
  /// - Parameter isFree: whether a narrower figure may well have more lines: few panels in a mere sequence. Otherwise columns are kept longer.
  func leastWidth(isFree: Bool) -> Double {
    switch content {
    case .map: isFree ? 4.5 : 2.3
    case .plot(let plot):
      if case .words(let words) = plot.x.ticks { max(isFree ? 3.6 : 2.4, min(5, WordTicks.line * Double(words.count))) } else { isFree ? 3.6 : 2.4 }
    }
  }

  /// A plot lower than others, but for those whose axes measure the same.
  func flattened() -> Panel {
    guard case .plot(var plot) = content, plot.aspect < 1 else { return self }
    plot.aspect = min(plot.aspect, 0.5)
    return Panel(title, .plot(plot))
  }

  /// The panel as it is drawn in a box of this width: upright bars whose words would lie over each other are laid down.
  func fitted(to boxWidth: Double) -> Panel {
    guard case .plot(let plot) = content, case .words(let words) = plot.x.ticks, words.count > 3, boxWidth / (Double(words.count) + 0.2) < WordTicks.line,
      let lying = plot.lying(words) else { return self }
    var changed = self
    changed.content = .plot(lying)
    return changed
  }
}

extension PlotPanel {
  /// Upright bars as lying ones, the first at the top; nil for other marks.
  fileprivate func lying(_ words: [String]) -> PlotPanel? {
    let last = Double(words.count - 1)
    var turned: [Mark] = []
    for mark in marks {
      switch mark {
      case .bars(let x, let heights, let width, let colour, let name, false): turned.append(.lyingBars(y: x.map { last - $0 }, lengths: heights, width: width, colour: colour, name: name))
      case .errors(let x, let lower, let upper): turned.append(.lyingErrors(y: x.map { last - $0 }, lower: lower, upper: upper))
      case .horizontal(let value, let stroke): turned.append(.vertical(value, stroke))
      case .note: turned.append(mark)
      default: return nil
      }
    }
    var changed = self
    changed.marks = turned
    (changed.x, changed.y) = (y, x)
    changed.y.ticks = .words(words.reversed())
    changed.aspect = min(aspect, 0.6)
    return changed
  }
}
