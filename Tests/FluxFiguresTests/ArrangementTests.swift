import FluxCore
import FluxData
import Testing

@testable import FluxFigures

/// What becomes of a figure's panels in a page and in half of one.
@Suite("Panels in narrow figures")
struct ArrangementTests {
  private static func plot(_ title: String = "", label: String = "NEE (gC m⁻² d⁻¹)") -> Panel {
    var panel = Figure.lines([Curve("a", x: [2001, 2005], y: [-3, 2])], x: Axis("", ticks: .integers), y: Axis(label)).panels[0]
    panel.title = title
    return panel
  }
  private static func map(_ upper: Double = 1) throws -> Panel {
    let grid = try Grid.regular(step: 30)
    return Panel("map", .map(MapPanel(grid: grid, values: [Float](repeating: 0.5, count: grid.cellCount), colours: ColourScale(palette: "vik", lower: -upper, upper: upper, label: "NEE"))))
  }

  /// Boxes of labels, ticks, titles, legends and bars lie beside and below each other, and within the page.
  private static func expectApart(_ figure: Figure, _ comment: String) {
    let layout = FigureLayout(figure), slack = 0.02
    func outer(_ p: FigureLayout.Place) -> (left: Double, right: Double, bottom: Double, top: Double) {
      (p.left - p.frame.left, p.left + p.width + p.frame.right, p.bottom - p.frame.bottom, p.bottom + p.height + p.frame.top)
    }
    for (i, place) in layout.places.enumerated() {
      let a = outer(place)
      #expect(a.left > -slack && a.right < layout.width + slack && a.bottom > -slack && a.top < layout.height + slack, "\(comment), panel \(i)")
      for other in layout.places[(i + 1)...] {
        let b = outer(other)
        #expect(a.right < b.left + slack || b.right < a.left + slack || a.top < b.bottom + slack || b.top < a.bottom + slack, "\(comment), panel \(i)")
      }
      #expect(place.frame.title.lines.allSatisfy { 1.07 * GMTText.width($0, points: place.frame.title.points) < place.width + 0.3 }, "\(comment): title wider than its panel")
      let ticks = place.frame.xTicks.map { tick in (at: (tick.value - place.frame.x.lowerBound) / (place.frame.x.upperBound - place.frame.x.lowerBound) * place.width,
        width: place.frame.isTurned ? 0.24 : tick.text.split(separator: "\n").map { GMTText.width(String($0), points: 7) }.max() ?? 0) }
      for (one, next) in zip(ticks, ticks.dropFirst()) { #expect(next.at - one.at > (one.width + next.width) / 2 - 0.02, "\(comment): ticks \(place.frame.xTicks.map(\.text))") }
    }
  }

  @Test("panels in sequence go below each other where they would be too narrow", arguments: [8.5, 17, 30])
  func sequence(_ width: Double) {
    for count in 1...9 {
      let figure = Figure.arranged((0..<count).map { Self.plot("(\($0)) detrended anomalies") }).with(width: width)
      Self.expectApart(figure, "\(count) panels in \(width) cm")
      let layout = FigureLayout(figure)
      #expect(layout.places.count == count && layout.places.allSatisfy { $0.width >= 2.4 })
    }
    #expect(Set(FigureLayout(Figure.arranged([Self.plot(), Self.plot(), Self.plot()]).with(width: 8.5)).places.map(\.left)).count == 1)
    #expect(Set(FigureLayout(Figure.arranged([Self.plot(), Self.plot(), Self.plot()]).with(width: 17)).places.map(\.bottom)).count == 1)
  }

  @Test("a row whose columns mean something keeps its panels together")
  func rows() throws {
    let maps = try Figure([[Self.map(), Self.map(), Self.map(2)], [Self.map(), Self.map(), Self.map(2)]], width: 8.5)
    #expect(Arrangement(maps, width: 8.5, hidesLegends: false).columns == 3)
    let plots = Figure([(0..<4).map { Self.plot("\($0)") }, (4..<8).map { Self.plot("\($0)") }], width: 8.5)
    #expect(Arrangement(plots, width: 8.5, hidesLegends: false).lines.map { $0.compactMap { $0?.title }.joined() } == ["01", "23", "45", "67"])
    Self.expectApart(plots, "plots")
    Self.expectApart(maps, "maps")
  }

  @Test("neighbours on one scale share a colour bar, and a label that they both have stands once")
  func shared() throws {
    let layout = FigureLayout(try Figure([[Self.map(), Self.map(), Self.map(2)], [Self.map(), Self.map(), Self.map(2)]], width: 17))
    #expect(layout.places.map(\.frame.hasBar) == [false, false, false, true, false, true])
    #expect(layout.places[3].barWidth > 2 * layout.places[3].width && abs(layout.places[5].barWidth - layout.places[5].width) < 1e-9)
    let plots = FigureLayout(Figure([[Self.plot(), Self.plot(), Self.plot(label: "GPP")]], width: 17))
    #expect(plots.places.map { $0.frame.yLabel.lines.isEmpty } == [false, true, false])
  }

  @Test("bars whose words would lie over each other are laid down, the first at the top")
  func lyingBars() throws {
    let labels = (1...60).map { "place \($0)" }, heights = labels.indices.map { Double($0) - 20 }
    let figure = Figure.bars(labels: labels, runs: [("ec", heights)], errors: ["ec": heights.map { _ in 1 }], label: "NEE")
    for width in [8.5, 17] { Self.expectApart(figure.with(width: width), "60 bars in \(width) cm") }
    let narrow = FigureLayout(figure).places[0]
    guard case .plot(let plot) = narrow.panel.content, case .words(let words) = plot.y.ticks else { Issue.record("no words at the y axis"); return }
    #expect(words.last == "place 1" && plot.x.label == "NEE")
    guard case .lyingBars(let y, let lengths, _, _, _) = plot.marks[0] else { Issue.record("no lying bars"); return }
    #expect(y[0] == 59 && lengths[0] == -20)
    #expect(narrow.height / 60 > 0.25)
  }

  @Test("a cycle's legend, titles and letters keep apart at any width", arguments: [6, 8.5, 12, 17])
  func cycles(_ width: Double) throws {
    let time = TimeAxis.monthly(years: 2001...2012), names = ["BRA", "EU", "CHN", "globe"]
    func series(_ regions: [String]) throws -> Series { try Series(name: "nee", unit: Unit("PgC month-1"), time: time, regions: regions, values: (0..<time.count * regions.count).map { Double($0 % 12) / 10 }) }
    let runs = [("ec", try series(names)), ("ec_atm", try series(names)), ("inversions", try series(names))]
    for count in 1...4 { Self.expectApart(try Figure.cycles(runs, regions: Array(names.prefix(count)), label: nil, at: "test").with(width: width), "\(count) cycles in \(width) cm") }
    Self.expectApart(try Figure.annual(runs, region: "BRA", at: "test").with(width: width), "annual in \(width) cm")
  }
}
