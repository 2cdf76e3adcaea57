import FluxCore
import FluxData
import Glibc
import TestSupport
import Testing

@testable import FluxFigures

/// Figures as files and pixels; these need GMT and ghostscript.
@Suite("Figures drawn",
  .enabled(if: GMTLibrary.version != nil && Command.exists("gs") && Command.exists("pdftotext"),
    "needs GMT, ghostscript and poppler-utils"))
struct FigureOutputTests {
  private static func world(_ value: (Double, Double) -> Float) throws -> Cube {
    let grid = try Grid.regular(step: 5)
    return try Cube(name: "nee", values: (0..<grid.cellCount).map { value(grid.latitudes[$0 / grid.columns], grid.longitudes[$0 % grid.columns]) }, grid: grid, unit: "gC m-2 d-1")
  }

  private static func words(_ figure: Figure) throws -> String {
    let folder = try DrawingFolder(at: "test")
    let pdf = try folder.write(figure.data(.pdf), "pdf"), text = folder.newPath("txt")
    try Command.run(["pdftotext", "-layout", pdf, text], package: "poppler-utils", at: "test")
    return String(decoding: try BinaryFile.read(text), as: UTF8.self)
  }

  @Test("each format begins as such a file does, and a PDF is the same file twice")
  func formats() throws {
    let figure = Figure.lines([Curve("a", x: [1, 2, 3], y: [1, -2, 3])])
    #expect(try figure.data(.png).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(try figure.data(.pdf).starts(with: Array("%PDF".utf8)))
    #expect(String(decoding: try figure.data(.svg).prefix(200), as: UTF8.self).contains("<svg"))
    #expect(try figure.data(.pdf) == figure.data(.pdf))
  }

  @Test("a file that cannot be written is named as the user named it, with what to do")
  func unwritable() throws {
    let text = refusal { try Figure.lines([Curve("a", x: [1, 2], y: [1, 2])]).save("/proc/x.png") }
    #expect(text.hasPrefix("/proc/x.png: the file cannot be written: ") && text.contains("expected a folder") && text.contains("\n  Choose") && !text.contains(".part"))
  }

  @Test("a figure is as wide as asked, to the crop of its margins")
  func width() throws {
    let raster = try Figure.lines([Curve("a", x: [1, 2, 3], y: [1, -2, 3])], y: Axis("NEE")).with(width: 12).raster(resolution: 100)
    #expect(abs(Double(raster.width) / 100 * 2.54 - 12) < 0.4)
  }

  @Test("a map of both signs is blue in the south, red in the north and has coastlines, a bar and its unit")
  func map() throws {
    let figure = try Figure.map(Self.world { latitude, _ in Float(latitude / 90) })
    let raster = try figure.raster(resolution: 100)
    func mean(_ y: ClosedRange<Double>) -> (red: Double, blue: Double) {
      var red = 0.0, blue = 0.0, n = 0.0
      for row in Int(y.lowerBound * Double(raster.height))..<Int(y.upperBound * Double(raster.height)) {
        for column in raster.width * 4 / 10..<raster.width * 6 / 10 {
          red += Double(raster.bytes[3 * (row * raster.width + column)])
          blue += Double(raster.bytes[3 * (row * raster.width + column) + 2])
          n += 1
        }
      }
      return (red / n, blue / n)
    }
    let north = mean(0.05...0.25), south = mean(0.5...0.7)
    #expect(north.red > north.blue + 30)
    #expect(south.blue > south.red + 30)
    let words = try Self.words(figure)
    #expect(words.contains("NEE"))
    #expect(words.contains("d"))
  }

  @Test("no panel of a grid is empty, a missing one is")
  func panels() throws {
    let line = Figure.lines([Curve("a", x: [1, 2, 3], y: [1, -2, 3])])
    let raster = try Figure.grid([[line, line], [line]]).raster(resolution: 80)
    for (x, y) in [(0.02...0.48, 0.02...0.48), (0.52...0.98, 0.02...0.48), (0.02...0.48, 0.52...0.98)] {
      #expect(raster.inkShare(x: x, y: y) > 0.01)
    }
    #expect(raster.inkShare(x: 0.55...0.98, y: 0.55...0.98) == 0)
  }

  @Test("titles, labels, ticks and legends are words in the file, whatever characters they hold")
  func labels() throws {
    var figure = Figure.lines([Curve("my_run", x: [1, 2, 3], y: [1, -2, 3]), Curve("ec_atm", x: [1, 2, 3], y: [1, 2, 3])], title: "A +gred \"title\" -> é", x: Axis("step @ here"))
    figure.title = "Above; rm $HOME"
    let words = try Self.words(figure)
    for word in ["+gred", "\"title\"", "é", "step @ here", "my run", "EC-ATM", "Above; rm $HOME"] { #expect(words.contains(word), "\(word)") }
  }

  @Test("partly missing, constant and single values still give a figure")
  func oddData() throws {
    let nan = Double.nan
    for curve in [Curve("a", x: [1], y: [5]), Curve("a", x: [1, 2], y: [7, 7]), Curve("a", x: [1, 2, 3], y: [1, nan, 2])] {
      #expect(try Figure.lines([curve]).raster(resolution: 50).inkShare() > 0)
    }
    #expect(try Figure.map(Self.world { _, _ in 3 }).raster(resolution: 50).inkShare() > 0.1)
    #expect(try Figure.scatter(x: [1], y: [1]).raster(resolution: 50).inkShare() > 0)
  }

  @Test("a line after a shaded band stays open")
  func openLine() throws {
    var segments = SegmentText()
    segments.area([(0, 0), (1, 0), (1, 1)], fill: .grey)
    segments.line([(0, 0), (1, 1)], Stroke(.black))
    segments.line([(0, 1), (1, 1)], Stroke(.black))
    #expect(segments.parts.map(\.isArea) == [true, false])
    // An arch over the middle: nothing but the band's absence lies between its feet.
    let arch = Figure.lines([Curve("", x: [0, 1, 2, 3], y: [0, 5, 5, 0], spread: [0.1, 0.1, 0.1, 0.1])], zeroLine: false)
    #expect(try arch.raster(resolution: 100).inkShare(x: 0.4...0.7, y: 0.5...0.85) == 0)
  }

  @Test("minus signs are minus signs: before numbers, in powers and in differences")
  func minus() throws {
    let words = try Self.words(Figure.lines([Curve("a", x: [1, 2], y: [-3, 4])], title: "EC − EC-ATM", y: Axis("NEE (gC m-2 d-1)")))
    #expect(words.contains("EC − EC-ATM"))
    #expect(words.contains("−2"))
    #expect(!words.contains("-2"))
  }

  @Test("where shaded bands lie over each other both are seen")
  func bands() throws {
    func band(_ colours: [Colour]) -> Figure { Figure.lines(colours.map { Curve("", x: [0, 1], y: [0, 0], spread: [1, 1], colour: $0) }, zeroLine: false) }
    func middle(_ figure: Figure) throws -> [UInt8] {
      let raster = try figure.raster(resolution: 60), i = 3 * (raster.height * 3 / 10 * raster.width + raster.width / 2)
      return Array(raster.bytes[i..<i + 3])
    }
    let (one, other, both) = try (middle(band([.line(0)])), middle(band([.line(1)])), middle(band([.line(0), .line(1)])))
    #expect(both != one && both != other)
  }

  @Test("a program that Ctrl-C ended is an interrupt, one that failed is not")
  func interrupted() {
    #expect(GMTSession.tellsInterrupt("psconvert [ERROR]: System call [gs -q 'page.ps' 2> 'a.bb'] returned error 2."))
    #expect(GMTSession.tellsInterrupt("psconvert [ERROR]: System call [gs] returned error 33280."))
    for line in ["psconvert [ERROR]: System call [gs] returned error 256.", "returned error 512.", "psxy [ERROR]: 2.", ""] { #expect(!GMTSession.tellsInterrupt(line)) }
  }

  @Test("what GMT says of a failure is told")
  func failure() throws {
    expectRefusal("GMT's psxy failed") {
      try GMTLibrary.withSession(at: "test") { try $0.run(GMTStep("psxy", ["/no/such/file", "-R0/1/0/1", "-JX5c", "->/dev/null"])) }
    }
  }

  /// GMT's own search opens `libgmt.so`, which only packages for developers bring, and knows code 45 alone.
  @Test("modules are found in the library that was opened, without GMT's own search; one that is not there is told")
  func modules() throws {
    let error = #expect(throws: FluxError.self) { try GMTLibrary.withSession(at: "test") { try $0.run(GMTStep("pscoats", [])) } }
    #expect(try #require(error).description.contains("this GMT has no function GMT_pscoats"))
  }
}
