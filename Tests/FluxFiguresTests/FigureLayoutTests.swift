import FluxCore
import FluxData
import TestSupport
import Testing

@testable import FluxFigures

/// What needs no GMT: layout, scales, ticks, words and messages.
@Suite("Figures as values")
struct FigureLayoutTests {
  @Test("without GMT the message names the packages")
  func missing() throws {
    guard GMTLibrary.version == nil else {
      // Loaded already: a library once found stays found.
      try GMTLibrary.require(named: "libnowhere.so", at: "Figure:save")
      return
    }
    expectRefusal("apt-get install libgmt6 gmt-common gmt-gshhg-low ghostscript poppler-utils") {
      try GMTLibrary.require(at: "Figure:save")
    }
  }

  @Test("an ending that is no format is refused")
  func ending() throws {
    expectRefusal("Figure:save: the file 'a.jpg'; expected a name that ends in .png, .pdf or .svg.") {
      try Figure.lines([]).save("a.jpg")
    }
  }

  @Test("a scale is centred on zero for both signs, sequential for one")
  func scales() {
    let signed = ColourScale(of: [-1, 0, 3], label: "")
    #expect(signed.lower == -signed.upper)
    #expect(signed.palette == "vik")
    let positive = ColourScale(of: [1, 2, 3], label: "")
    #expect(positive.palette == "batlow")
    #expect(positive.lower >= 0.9)
    let constant = ColourScale(of: [2, 2], label: "")
    #expect(constant.lower < 2 && constant.upper > 2)
    let empty = ColourScale(of: [.nan], label: "")
    #expect(empty.lower < empty.upper)
  }

  @Test("an unknown palette offers the nearest")
  func palette() throws {
    expectRefusal("did you mean 'batlow'?") { try ColourScale.checked("batlo", at: "figure.map") }
  }

  @Test("a short colour bar still has three numbers, a long one few more")
  func barTicks() {
    for upper in [700.0, 2.6, 66, 0.45, 1] {
      for length in [2.5, 3.9, 6.6, 14] {
        let scale = ColourScale(palette: "vik", lower: -upper, upper: upper, label: ""), count = ColourBar.marks(scale, length: length, isUpright: false).count
        #expect((3...10).contains(count), "\(upper) on \(length) cm: \(count)")
      }
    }
  }

  @Test("panels do not overlap and lie within the page")
  func layout() {
    let line = Figure.lines([Curve("a", x: [1, 2], y: [1, 2])], y: Axis("NEE (gC m⁻² d⁻¹)"))
    let layout = FigureLayout(Figure.grid([[line, line], [line, line]]))
    #expect(layout.width == 17)
    for place in layout.places {
      #expect(place.left - place.frame.left > -0.01)
      #expect(place.left + place.width + place.frame.right < layout.width + 0.01)
      #expect(place.bottom - place.frame.bottom > -0.01)
      #expect(place.bottom + place.height + place.frame.top < layout.height + 0.01)
    }
    #expect(layout.places[0].left + layout.places[0].width + layout.places[0].frame.right < layout.places[1].left - layout.places[1].frame.left + 0.01)
    #expect(layout.places[2].bottom + layout.places[2].height + layout.places[2].frame.top < layout.places[0].bottom - layout.places[0].frame.bottom + 0.01)
  }

  @Test("words cannot give GMT instructions, units have raised powers")
  func words() {
    #expect(GMTText.escaped("a@b+g\"x\"") == "a@@b\\053g\\042x\\042")
    #expect(GMTText.escaped("m⁻² d⁻¹") == "m@+\\0552@+ d@+\\0551@+")
    #expect(GMTText.unit("gC m-2 d-1") == "gC m⁻² d⁻¹")
    #expect(GMTText.unit("g C m-2 d-1") == "g C m⁻² d⁻¹")
    #expect(GMTText.unit("µmol CO2 m^-2 s**-1") == "µmol CO₂ m⁻² s⁻¹")
    #expect(GMTText.unit("m2") == "m²")
    #expect(GMTText.withRaisedUnits("NEE of PFT-2 (gC m-2 d-1)") == "NEE of PFT-2 (gC m⁻² d⁻¹)")
    #expect(GMTText.withRaisedUnits("open (m-2") == "open (m-2")
    #expect(GMTText.label("NEE", unit: "1") == "NEE")
  }

  @Test("a cube with members is refused with the way to select one")
  func members() throws {
    let grid = try Grid.regular(step: 30)
    let cube = try Cube(name: "nee", values: [Float](repeating: 0, count: 2 * grid.cellCount), grid: grid, leading: .init(name: "member", labels: ["CAMS", "CTE"]))
    expectRefusal("c:sel{member=\"CAMS\"}") { try Figure.map(cube) }
  }

  @Test("a map's grid keeps every longitude's value, whether centres lie on the date line or beside it", arguments: [0.0, 2.0])
  func dateLine(_ first: Double) throws {
    let grid = try Grid(latitudes: [-45, 0, 45], longitudes: (0..<90).map { first - 180 + 4 * Double($0) })
    let values = (0..<3).flatMap { row in (0..<90).map { Float(row * 1000 + $0) } }, regular = RegularGrid(grid, values)
    #expect(regular.x.lowerBound >= -180.001 && regular.x.upperBound <= 180.001 && regular.values.count == regular.rows * regular.columns)
    let width = (regular.x.upperBound - regular.x.lowerBound) / Double(regular.columns)
    for column in 0..<regular.columns {
      let longitude = regular.x.lowerBound + (Double(column) + 0.5) * width
      let place = Int(((longitude - first + 180) / 4).rounded()), wanted = ((place % 90) + 90) % 90
      for row in 0..<3 { #expect(regular.values[row * regular.columns + column] == Float(row * 1000 + wanted), "\(longitude) degrees") }
    }
  }

  @Test("a dumb terminal, or one without a name, gets no pictures unless they are forced")
  func plainTerminal() {
    func isPlain(_ variables: [String: String]) -> Bool { TerminalPicture.isPlain { variables[$0] } }
    #expect(isPlain(["TERM": "dumb"]) && isPlain([:]) && isPlain(["TERM": "dumb", "FLUXBRIDGE_PICTURES": "sixel"]))
    #expect(!isPlain(["TERM": "xterm"]) && !isPlain(["TERM": "dumb", "FLUXBRIDGE_PICTURES": "blocks"]))
  }
}
