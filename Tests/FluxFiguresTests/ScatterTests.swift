import FluxCore
import FluxData
import FluxObservations
import TestSupport
import Testing

@testable import FluxFigures

@Suite("Pairs of numbers")
struct ScatterTests {
  @Test("an infinite number counts in the scores as in the metrics, and is told where it has no place", arguments: [3, 4000])
  func infinite(_ count: Int) {
    var y = (0..<count).map(Double.init)
    y[1] = .infinity
    let notes = Figure.scatter(x: (0..<count).map(Double.init), y: y).panels[0].notes
    #expect(notes.prefix(3) == ["R = n/a", "n = \(count)", "RMSE = infinite"])
    #expect(notes.last?.hasSuffix("beyond the axes") == true)
    // A missing one is left out.
    y[1] = .nan
    #expect(Figure.scatter(x: (0..<count).map(Double.init), y: y).panels[0].notes.prefix(3) == ["R = 1.00", "n = \(count - 1)", "RMSE = 0.00"])
  }

  @Test("few pairs lie all within the axes, and of many those that do not are counted")
  func beyond() {
    #expect(!Figure.scatter(x: [1, 2, 300], y: [1, 2, -900]).panels[0].notes.contains { $0.contains("beyond") })
    #expect(Figure.scatter(x: [1, 2, 3], y: [1, 2, 3], range: 0...2.5).panels[0].notes.last == "1 beyond the axes")
    let many = (0..<4000).map { Double($0 % 100) } + [1e6, 1e7, -1e6, -1e7, 2e6]
    let notes = Figure.scatter(x: many, y: many.map { -$0 }).panels[0].notes
    #expect(notes.last?.hasSuffix("beyond the axes") == true, "\(notes)")
  }

  @Test("figures of towers hold all days of a class or site with few, and say how many lie beyond where there are many")
  func towers() throws {
    func days(_ count: Int) -> (SiteDays, [Double]) {
      let nee = (0..<count).map { $0 == 5 ? Float(500) : Float($0 % 9) - 4 }
      let samples = SiteDays(
        sites: [TowerSite(id: "AA-One", latitude: 1, longitude: 2, igbp: "EBF")], driverNames: [], siteIndex: [Int32](repeating: 0, count: count),
        days: (0..<count).compactMap { n in DayNumber(year: 2001, month: 1, day: 1).map { $0 + n } }, drivers: [], nee: nee, weight: [Float](repeating: 1, count: count), dropped: [:])
      return (samples, nee.map { Double($0) * 0.9 })
    }
    func told(_ figure: Figure) -> Bool { figure.panels.contains { $0.notes.contains { $0.hasSuffix("beyond the axes") } } }
    let (few, a) = days(1200), (many, b) = days(6000)
    #expect(!told(.towers([("ec", a), ("ec_atm", a)], few)))
    #expect(!told(.towerClasses([("ec", a), ("ec_atm", a)], few)))
    #expect(!told(try .sites([("ec", b)], many, sites: ["AA-One"], at: "test")))
    #expect(Figure.towers([("ec", b)], many).panels[0].notes.last == "1 beyond the axes")
    var gone = a
    gone[7] = .infinity
    #expect(Figure.towers([("ec", gone)], few).panels[0].notes == ["R = n/a", "n = 1200", "RMSE = infinite gC m⁻² d⁻¹", "1 beyond the axes"])
  }

  @Test("a range without any pair is refused, and blank among others", arguments: [3, 4000])
  func outside(_ count: Int) throws {
    let x = (0..<count).map { Double($0 % 10) }, figure = Figure.scatter(x: x, y: x, range: 50...100)
    #expect(refusal { try figure.checked(at: "figure.scatter") }
      == "figure.scatter: none of \(count) points lies within the axes, 50.0 to 100.0; expected at least one.\n  Leave range out: the axes then hold the points.")
    #expect(figure.panels[0].isBlank && figure.panels[0].blankWords == "nothing within the axes")
    #expect(throws: Never.self) { try Figure.grid([[figure, .scatter(x: x, y: x)]]).checked(at: "test") }
  }
}
