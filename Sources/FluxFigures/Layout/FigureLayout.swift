import FluxData

/// Where everything of a figure lies, in cm from the lower left corner.
struct FigureLayout {
  /// A panel with the box of its axes or map.
  struct Place {
    let panel: Panel
    let left, bottom, width, height: Double
    let frame: PanelFrame
    /// Of a map's colour bar with the maps that share it: from the left edge of this one.
    let barWidth: Double
  }
  let width, height: Double
  private(set) var places: [Place] = []
  /// Above all panels, when every panel would have the same.
  let sharedLegend: Legend?
  let title: WrappedText

  static let halfPage = 8.5, wholePage = 17.0

  /// In cm.
  static func width(of figure: Figure) -> Double { figure.width ?? (figure.columnCount <= 1 ? halfPage : wholePage) }

  init(_ figure: Figure) {
    let width = Self.width(of: figure)
    let withEntries = figure.panels.map(Legend.init(of:)).filter { !$0.entries.isEmpty }
    let isShared = withEntries.count > 1 && withEntries.allSatisfy { $0.entries == withEntries[0].entries }
    var shared: Legend? = isShared ? withEntries[0] : nil
    shared?.wrap(to: width - 0.4)
    sharedLegend = shared
    title = WrappedText(figure.title, points: width < 12 ? 9 : 10, room: width - 0.2, bold: true)

    let plan = Arrangement(figure, width: width, hidesLegends: isShared), boxWidth = plan.boxWidth
    var heightAbove = 0.1 + (title.lines.isEmpty ? 0 : title.height + 0.15) + (shared.map { $0.height + 0.1 } ?? 0)
    let startOfRows = heightAbove
    var placed: [(place: Place, top: Double)] = []
    for (r, line) in plan.lines.enumerated() {
      let own = plan.frames[r].compactMap { $0 }
      guard !own.isEmpty else { continue }
      let top = own.map(\.top).max() ?? 0, bottom = own.map(\.bottom).max() ?? 0, box = own.map(\.height).max() ?? 0
      var lefts: [Double] = [], x = 0.0
      for c in 0..<plan.columns {
        x += plan.lefts[c]
        lefts.append(x)
        x += boxWidth + plan.rights[c] + Arrangement.gap
      }
      for c in 0..<plan.columns {
        guard line.indices.contains(c), let panel = line[c], let frame = plan.frames[r][c] else { continue }
        let span = max(1, Arrangement.barSpan(plan.lines, r, c)), end = lefts[min(c + span, plan.columns) - 1] + boxWidth
        placed.append((Place(panel: panel, left: lefts[c], bottom: 0, width: boxWidth, height: frame.height, frame: frame, barWidth: end - lefts[c]), heightAbove + top))
      }
      heightAbove += top + box + bottom + (r + 1 < plan.lines.count ? 0.15 : 0)
    }
    let height = max(heightAbove, startOfRows + 1) + 0.1
    self.width = width
    self.height = height
    places = placed.map { place, top in
      Place(panel: place.panel, left: place.left, bottom: height - top - place.height, width: place.width, height: place.height, frame: place.frame, barWidth: place.barWidth)
    }
  }
}
