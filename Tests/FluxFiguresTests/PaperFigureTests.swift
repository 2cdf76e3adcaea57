import FluxCore
import FluxData
import FluxEvaluation
import FluxObservations
import TestSupport
import Testing

@testable import FluxFigures

/// The paper's figures as values, and drawn where GMT is there.
@Suite("The paper's figures")
struct PaperFigureTests {
  private static func series(years: ClosedRange<Int>, _ value: (Int, Int) -> Double) throws -> Series {
    let time = TimeAxis.monthly(years: years)
    return try Series(name: "nee", unit: Unit("PgC month-1"), time: time, regions: ["BRA", "EU"], values: (0..<2).flatMap { r in (0..<time.count).map { value(r, $0) } })
  }
  private static func months(_ value: (Int, Int) -> Float) throws -> Cube {
    let grid = try Grid.regular(step: 30), time = TimeAxis.monthly(years: 2001...2002)
    return try Cube(name: "nee", values: (0..<time.count).flatMap { t in (0..<grid.cellCount).map { value(t, $0) } }, grid: grid, time: time, unit: "gC m-2 d-1")
  }
  private static let canDraw = GMTLibrary.version != nil && Command.exists("gs")

  @Test("R of a pixel is 1 for itself, -1 for its negative, missing where nothing varies")
  func correlation() throws {
    let cube = try Self.months { t, cell in cell == 0 ? 3 : Float((t * 7 + cell) % 5) }
    let same = try PixelCorrelation.map(cube, reference: cube, at: "test")
    let opposite = try PixelCorrelation.map(cube.combined(.multiply, with: -1), reference: cube, at: "test")
    #expect(same[0].isNaN)
    #expect(abs(same[5] - 1) < 1e-6)
    #expect(abs(opposite[5] + 1) < 1e-6)
  }

  @Test("the efficiency's bars stand in the order of the last run")
  func efficiency() throws {
    let reference = try Self.series(years: 2001...2003) { r, t in Double(t % 12) * Double(r + 1) }
    let run = try Self.series(years: 2001...2003) { r, t in Double(t % 12) * Double(r + 1) + (r == 0 ? 4 : 0) }
    let figure = try Figure.efficiency([("ec", run)], reference: reference, at: "test")
    guard case .plot(let plot) = figure.panels[0].content, case .words(let words) = plot.x.ticks else { Issue.record("no words"); return }
    #expect(words == ["EU", "globe", "BRA"])
  }

  @Test("interannual variability has its panel only where a run has ten years")
  func annual() throws {
    let short = try Figure.annual([("ec", Self.series(years: 2001...2004) { _, t in Double(t % 7) })], region: "globe", at: "test")
    let long = try Figure.annual([("ec", Self.series(years: 2001...2011) { _, t in Double(t % 7) })], region: "BRA", at: "test")
    #expect(short.panels.count == 2)
    #expect(long.panels.count == 3)
    expectRefusal("did you mean 'BRA'?") {
      try Figure.annual([("ec", Self.series(years: 2001...2004) { _, _ in 0 })], region: "BAR", at: "test")
    }
  }

  @Test("stacked columns end at the whole, and types that grow nowhere take no colour")
  func stacked() throws {
    let figure = Figure.plantTypes(["EBF", "SNO", "GRA"], regions: ["A"], contributing: [[0.6, 0, 0.4]], all: [[0.3, 0, 0.7]])
    guard case .plot(let plot) = figure.panels[0].content else { Issue.record("no plot"); return }
    let bars = plot.marks.compactMap { mark -> (String, Double)? in if case .bars(_, let heights, _, _, let name, _) = mark { (name, heights[0]) } else { nil } }
    #expect(bars.map(\.0) == ["GRA", "", "EBF", ""])
    #expect(zip(bars.map(\.1), [100, 100, 60, 30]).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test("every figure is drawn, and no panel of it is blank", .enabled(if: canDraw, "needs GMT and ghostscript"))
  func drawn() throws {
    let a = try Self.months { t, cell in Float((t * 7 + cell) % 5) - 2 }, b = try Self.months { t, cell in Float((t * 3 + cell) % 5) - 2 }
    let s = try Self.series(years: 2001...2011) { r, t in Double((t * 5 + r) % 12) - 4 }
    let days = SiteDays.ofTest
    let values = days.nee.map { Double($0) * 0.9 }
    let figures: [(String, Figure)] = try [
      ("A1", .regions(RegionSet.reccap2(on: Grid.regular(step: 2)))), ("2", .annual([("ec", s)], region: "globe", at: "test")),
      ("3", .cycles([("ec", s)], regions: ["BRA", "globe"], label: nil, at: "test")), ("4", .efficiency([("ec", s)], reference: s, at: "test")),
      ("5", .annualMaps([("ec", a)], at: "test")), ("6", .monthlyMaps([("ec", a), ("ec_atm", b)], months: [7], at: "test")),
      ("7", .correlationMaps([("ec", a)], reference: b, at: "test")), ("8", .towers([("ec", values)], days)),
      ("9", .sites([("ec", values)], days, sites: ["AA-One"], at: "test")), ("B2", .selection(a, at: "test")),
      ("B3", .plantTypes(["EBF", "GRA"], contributing: [0.6, 0.4], all: [0.3, 0.7])),
      ("B4", .plantTypes(["EBF", "GRA"], regions: ["BRA", "EU"], contributing: [[0.6, 0.4], [1, 0]], all: [[0.3, 0.7], [0.2, 0.8]])),
      ("C2", .towerClasses([("ec", values), ("ec_atm", values)], days)),
    ]
    for (name, figure) in figures {
      let layout = FigureLayout(figure), raster = try figure.raster(resolution: 50)
      for place in layout.places {
        let x = max(0, place.left / layout.width)...min(1, (place.left + place.width) / layout.width)
        let top = 1 - (place.bottom + place.height) / layout.height, bottom = 1 - place.bottom / layout.height
        #expect(raster.inkShare(x: x, y: max(0, top)...min(1, bottom)) > 0.015, "figure \(name)")
      }
    }
  }
}

extension SiteDays {
  fileprivate static let ofTest = SiteDays(
    sites: [TowerSite(id: "AA-One", latitude: 1, longitude: 2, igbp: "EBF")], driverNames: [], siteIndex: [Int32](repeating: 0, count: 100),
    days: (0..<100).compactMap { n in DayNumber(year: 2001, month: 1, day: 1).map { $0 + n } }, drivers: [], nee: (0..<100).map { Float($0 % 9) - 4 }, weight: [Float](repeating: 1, count: 100), dropped: [:])
}
