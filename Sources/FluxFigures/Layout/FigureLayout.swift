import FluxData

/// Where everything of a figure lies, in cm from the lower left corner.
struct FigureLayout {
  /// A panel with the box of its axes or map.
  struct Place {
    let panel: Panel
    let left, bottom, width, height: Double
    let frame: PanelFrame
  }
  let width, height: Double
  private(set) var places: [Place] = []
  /// Above all panels, when every panel would have the same.
  let sharedLegend: Legend?
  let title: String

  static let halfPage = 8.5, wholePage = 17.0

  init(_ figure: Figure) {
    let columns = max(1, figure.columnCount)
    let width = figure.width ?? (columns == 1 ? Self.halfPage : Self.wholePage)
    let legends = figure.panels.map(Legend.init(of:))
    let withEntries = legends.filter { !$0.entries.isEmpty }
    let isShared = withEntries.count > 1 && withEntries.allSatisfy { $0.entries == withEntries[0].entries }
    var shared: Legend? = isShared ? withEntries[0] : nil
    shared?.wrap(to: width - 0.4)
    sharedLegend = shared
    title = figure.title

    // The first pass guesses the box, which ticks depend on; the second has it nearly right.
    var boxWidth = width / Double(columns) - 1.6
    var frames: [[PanelFrame?]] = []
    var lefts: [Double] = [], rights: [Double] = []
    for _ in 0..<2 {
      frames = figure.rows.map { row in row.map { panel in panel.map { PanelFrame($0, boxWidth: max(1, boxWidth), hasLegend: !isShared) } } }
      lefts = (0..<columns).map { c in frames.compactMap { $0.indices.contains(c) ? $0[c]?.left : nil }.max() ?? 0.1 }
      rights = (0..<columns).map { c in frames.compactMap { $0.indices.contains(c) ? $0[c]?.right : nil }.max() ?? 0.1 }
      boxWidth = max(1, (width - lefts.reduce(0, +) - rights.reduce(0, +) - 0.25 * Double(columns - 1)) / Double(columns))
    }
    var heightAbove = 0.1 + (title.isEmpty ? 0 : 0.6) + (shared.map { $0.height + 0.1 } ?? 0)
    let startOfRows = heightAbove
    var placed: [(Panel, Double, Double, Double, PanelFrame)] = []  // panel, left, top of box from above, height, frame
    for (r, row) in figure.rows.enumerated() {
      let own = frames[r].compactMap { $0 }
      guard !own.isEmpty else { continue }
      let top = own.map(\.top).max() ?? 0, bottom = own.map(\.bottom).max() ?? 0
      let box = own.map { $0.aspect * boxWidth }.max() ?? 0
      var x = 0.0
      for c in 0..<columns {
        x += lefts[c]
        if row.indices.contains(c), let panel = row[c], let frame = frames[r][c] {
          placed.append((panel, x, heightAbove + top, frame.aspect * boxWidth, frame))
        }
        x += boxWidth + rights[c] + 0.25
      }
      heightAbove += top + box + bottom + (r + 1 < figure.rows.count ? 0.15 : 0)
    }
    let height = max(heightAbove, startOfRows + 1) + 0.1
    self.width = width
    self.height = height
    places = placed.map { Place(panel: $0.0, left: $0.1, bottom: height - $0.2 - $0.3, width: boxWidth, height: $0.3, frame: $0.4) }
  }
}
