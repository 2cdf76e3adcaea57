import FluxCore
import Glibc
import Testing

@testable import FluxFigures

@Suite("Long lines")
struct ThinnedLineTests {
  @Test("of the points in a column of pixels the first, lowest, highest and last are kept")
  func column() {
    let x = (0..<10).map { 0.01 * Double($0) }, y = [5.0, 6, 1, 3, 9, 2, 4, 4, 4, 7]
    #expect(ThinnedLine.indices(x, lower: y, upper: y, column: 1) == [0, 2, 4, 9])
    #expect(ThinnedLine.indices(x.map { 1000 * $0 }, lower: y, upper: y, column: 1) == Array(0..<10))
    // A line may go back: what follows each other is thinned, the rest stays.
    #expect(ThinnedLine.indices([0, 0.1, 0.2, 1.5, 0.1, 0.2], lower: [1, 2, 3, 4, 5, 6], upper: [1, 2, 3, 4, 5, 6], column: 1) == [0, 2, 3, 4, 5])
    for column in [0, -1, Double.nan, .infinity] { #expect(ThinnedLine.indices(x, lower: y, upper: y, column: column).count == 10) }
  }

  @Test("a gap stays a gap, also within a column of pixels")
  func gaps() {
    let nan = Double.nan, y = [1, 2, nan, nan, 3, nan, 4, 5, 6]
    let kept = ThinnedLine.indices((0..<9).map { 0.01 * Double($0) }, lower: y, upper: y, column: 1)
    #expect(kept == [0, 1, 2, 4, 5, 6, 8])
  }

  @Test("a long line keeps its range, and few points for each column of pixels")
  func long() throws {
    let count = 200_000, x = (0..<count).map(Double.init), y = x.map { sin($0 * 0.001) + 0.3 * sin($0 * 1.7) }
    let figure = Figure.lines([Curve("a", x: x, y: y, spread: y.map { abs($0) })]), thinned = figure.thinned(width: 8.5)
    guard case .plot(let plot) = thinned.panels[0].content else { Issue.record("no plot"); return }
    for mark in plot.marks {
      switch mark {
      case .line(let xs, let ys, _, _):
        #expect(xs.count < 4100 && ys.min() == y.min() && ys.max() == y.max() && xs.first == 0 && xs.last == Double(count - 1))
      case .band(let xs, let lower, let upper, _):
        #expect(xs.count < 4100 && lower.min() == zip(y, y).map { $0 - abs($1) }.min() && upper.max() == zip(y, y).map { $0 + abs($1) }.max())
      default: break
      }
    }
  }

  @Test("a lone value in a long line has a dot, its neighbours none")
  func lone() {
    let y = (0..<1000).map { $0 == 499 || $0 == 501 ? Double.nan : 1 }
    let dots = Curve("a", x: y.indices.map(Double.init), y: y).marks.compactMap { mark -> Int? in if case .points(_, let ys, _, _, _) = mark { ys.filter(\.isFinite).count } else { nil } }
    #expect(dots == [1])
  }

  @Test("a thinned line looks as the whole one",
    .enabled(if: GMTLibrary.version != nil && Command.exists("gs"), "needs GMT and ghostscript"))
  func looks() throws {
    let count = 12_000, x = (0..<count).map(Double.init), y = x.map { $0 > 5000 && $0 < 6000 ? Double.nan : sin($0 * 0.002) + 0.2 * sin($0 * 2.1) }
    // Pieces of a line that are too short to be thinned.
    let pieces = stride(from: 0, to: count - 1, by: 3000).map { start in
      let part = start..<min(count, start + 3001)
      return Curve("", x: Array(x[part]), y: Array(y[part]))
    }
    let thinned = try Figure.lines([Curve("", x: x, y: y)], zeroLine: false).raster(resolution: 100), all = try Figure.lines(pieces, zeroLine: false).raster(resolution: 100)
    #expect(thinned.width == all.width && thinned.height == all.height)
    var different = 0
    for i in thinned.bytes.indices where abs(Int(thinned.bytes[i]) - Int(all.bytes[i])) > 80 { different += 1 }
    #expect(Double(different) < 0.002 * Double(all.bytes.count), "\(different) of \(all.bytes.count)")
  }
}
