/// The names of a panel's marks, in lines above its box so that no data lie below them.
struct Legend {
  struct Entry: Equatable {
    let name: String
    let key: LegendKey
    var width: Double { Legend.keyWidth + 0.1 + GMTText.width(name, points: TextSize.tick) + 0.3 }
  }
  static let keyWidth = 0.5, lineHeight = 0.36

  let entries: [Entry]
  private(set) var lines: [[Entry]] = []

  init(entries: [Entry]) { self.entries = entries }

  /// Each name of the panel's marks once.
  init(of panel: Panel) {
    var entries: [Entry] = []
    if case .plot(let plot) = panel.content {
      for (name, key) in plot.marks.compactMap(\.legend) where !entries.contains(where: { $0.name == name }) {
        entries.append(Entry(name: name, key: key))
      }
    }
    self.entries = entries
  }

  /// Breaks it into lines of at most a width, cm.
  mutating func wrap(to width: Double) {
    lines = []
    var used = Double.infinity
    for entry in entries {
      if used + entry.width - 0.3 > width {
        lines.append([])
        used = 0
      }
      lines[lines.count - 1].append(entry)
      used += entry.width
    }
  }

  var height: Double { lines.isEmpty ? 0 : Self.lineHeight * Double(lines.count) + 0.06 }
}
