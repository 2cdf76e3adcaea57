import FluxCore
import FluxData
import TestSupport
import Testing

@testable import FluxFigures

@Suite("Figures without values")
struct BlankFigureTests {
  private static let nan = Double.nan

  @Test("a figure without any finite value is refused with how many values it was given")
  func refused() throws {
    let grid = try Grid.regular(step: 30)
    let empty = try Cube(name: "nee", values: [Float](repeating: .nan, count: grid.cellCount), grid: grid, unit: "gC m-2 d-1")
    let figures: [Figure] = [
      .lines([Curve("a", x: [1, 2, 3], y: [Self.nan, Self.nan, .infinity])]), .bars(labels: [], runs: [("a", [Self.nan, Self.nan, Self.nan])]),
      .heatmap([.nan, .nan, .nan], rows: 1, columns: 3, colours: ColourScale(of: [], label: "")),
    ]
    for figure in figures {
      expectRefusal("figure.lines: none of 3 values is a finite number; expected at least one.") {
        try figure.data(.png, at: "figure.lines")
      }
    }
    for (figure, reason) in [
      (try Figure.map(empty), "none of 72 values is a finite number"),
      (.scatter(x: [], y: []), "there is no value to draw"),
      (.scatter(x: [1, Self.nan], y: [Self.nan, 1]), "there is no value to draw"),
      (try Figure.points(longitudes: [1], latitudes: [1], values: [Self.nan]), "none of 1 values is a finite number"),
    ] {
      expectRefusal("test: \(reason); expected at least one") { try figure.checked(at: "test") }
    }
  }

  @Test("a blank panel among others says so",
    .enabled(if: GMTLibrary.version != nil && Command.exists("gs") && Command.exists("pdftotext"),
      "needs GMT, ghostscript and poppler-utils"))
  func told() throws {
    let good = Figure.lines([Curve("a", x: [1, 2, 3], y: [1, 2, 3])]), blank = Figure.lines([Curve("b", x: [1, 2, 3], y: [Self.nan, Self.nan, Self.nan])])
    let figure = Figure.grid([[good, blank]]), folder = try DrawingFolder(at: "test")
    let pdf = try folder.write(figure.data(.pdf), "pdf"), text = folder.newPath("txt")
    try Command.run(["pdftotext", "-layout", pdf, text], package: "poppler-utils", at: "test")
    #expect(String(decoding: try BinaryFile.read(text), as: UTF8.self).contains("no finite values"))
  }
}

@Suite("Places on a map")
struct PointsTests {
  private static func message(_ longitudes: [Double], _ latitudes: [Double]) -> String {
    refusal { try Figure.points(longitudes: longitudes, latitudes: latitudes, values: longitudes.map { _ in 1 }) }
  }

  @Test("a place off the Earth is named with its number")
  func offEarth() {
    #expect(Self.message([10, 20, 30], [50, 51, 95])
      == "figure.points: lat[3] is 95.0; expected degrees north, -90 to 90.\n  Are lat and lon exchanged?")
    #expect(Self.message([10, 400, 30], [50, 51, 52])
      .hasPrefix("figure.points: lon[2] is 400.0; expected degrees east, -180 to 360"))
    #expect(Self.message([10, .nan], [50, 51]).contains("lon[2] is nan"))
    // A place without a value is not drawn: its coordinates do not matter.
    #expect(throws: Never.self) { try Figure.points(longitudes: [10, 999], latitudes: [50, 51], values: [1, .nan]) }
  }

  @Test("the surroundings of places are wider than high, and hold them all", arguments: [[51.0], [-3], [89.5], [-90, -88], [35, 70], [60, 61]])
  func surroundings(_ latitudes: [Double]) throws {
    for longitudes in [latitudes.map { _ in 13.0 }, latitudes.indices.map { 150 + 20 * Double($0) }, latitudes.indices.map { -179 + Double($0) }] {
      let part = Figure.surroundings(longitudes, latitudes)
      let (west, east, south, north) = try (#require(part.west), #require(part.east), #require(part.south), #require(part.north))
      #expect(west >= -180 && east <= 180 && south >= -90 && north <= 90)
      #expect(longitudes.allSatisfy { west <= $0 && $0 <= east } && latitudes.allSatisfy { south <= $0 && $0 <= north })
      var map = MapPanel(grid: try Grid.regular(step: 30), values: [Float](repeating: .nan, count: 72), colours: ColourScale(of: [1], label: ""))
      (map.west, map.east, map.south, map.north) = (west, east, south, north)
      #expect(MapFrame(map).aspect <= 1)
    }
    #expect(Figure.surroundings([-100, 100], [0, 0]).west == nil)
  }

  @Test("longitudes up to 360 are the same places")
  func turned() throws {
    let figure = try Figure.points(longitudes: [350], latitudes: [10], values: [1])
    guard case .map(let map) = figure.panels[0].content else { Issue.record("no map"); return }
    #expect(map.points[0].longitude == -10)
  }
}

@Suite("Lighter SVG")
struct LighterSVGTests {
  @Test("places keep two decimals, and equal outlines are kept once")
  func light() {
    let svg = """
      <clipPath id="clip0">
        <path d="M 1.234567 2.999 L -0.125 10 Z"/>
      </clipPath>
      <clipPath id="clip1">
        <path d="M 1.234561 2.999 L -0.125 10 Z"/>
      </clipPath>
      <g clip-path="url(#clip1)" transform="matrix(0.24123456,0)"><path d="M 0.996 0.004 1.1000"/></g>
      """
    #expect(String(decoding: LighterSVG.text(Array(svg.utf8)), as: UTF8.self) == """
      <clipPath id="clip0">
        <path d="M 1.23 3 L -0.13 10 Z"/>
      </clipPath>
      <g clip-path="url(#clip0)" transform="matrix(0.24123456,0)"><path d="M 1 0 1.1"/></g>
      """)
    for broken in ["", "<clipPath id=\"", "<clipPath id=\"a\">", "url(#", " d=\"1.", " d=\"1.2.3 999999999999.5\""] {
      #expect(LighterSVG.text(Array(broken.utf8)) == Array(broken.utf8))
    }
  }

  @Test("a map's SVG is under half a megabyte",
    .enabled(if: GMTLibrary.version != nil && Command.exists("gs") && Command.exists("pdftocairo"),
      "needs GMT, ghostscript and poppler-utils"))
  func map() throws {
    let grid = try Grid.regular(step: 2)
    let cube = try Cube(name: "nee", values: (0..<grid.cellCount).map { Float($0 % 37) - 18 }, grid: grid, unit: "gC m-2 d-1")
    let svg = try Figure.map(cube).data(.svg)
    #expect(svg.count < 500_000, "\(svg.count)")
    #expect(String(decoding: svg, as: UTF8.self).contains("<image"))
  }
}
