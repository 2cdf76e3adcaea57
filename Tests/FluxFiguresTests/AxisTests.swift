import FluxData
import Testing

@testable import FluxFigures

@Suite("Axes and their ticks")
struct AxisTests {
  @Test("ticks are round numbers within the range, with a true minus")
  func ticks() {
    #expect(Axis().marks(in: -0.13...0.42, length: 6, isUpright: false).map(\.text) == ["−0.1", "0.0", "0.1", "0.2", "0.3", "0.4"])
    #expect(Axis("", ticks: .integers).marks(in: 2000.7...2008.3, length: 5, isUpright: false).map(\.text) == ["2002", "2004", "2006", "2008"])
    #expect(Axis().marks(in: -2e-7...2e-7, length: 3, isUpright: true).map(\.text) == ["−2·10⁻⁷", "−1·10⁻⁷", "0", "1·10⁻⁷", "2·10⁻⁷"])
  }

  @Test("an axis has two numbers at least and never more than fit, whatever its range and length", arguments: [1.7, 2.6, 4, 8, 16])
  func enough(_ length: Double) {
    for (low, high) in [(-7.3, 5.9), (-0.04, 0.17), (3, 3.4), (-900, 1400), (0, 1), (1e6, 1.2e6), (-12, -11.2)] {
      for isUpright in [false, true] {
        let marks = Axis().marks(in: low...high, length: length, isUpright: isUpright)
        #expect(marks.count >= 2, "\(low) to \(high) on \(length) cm: \(marks.map(\.text))")
        let places = marks.map { ($0.value - low) / (high - low) * length }
        for (i, pair) in zip(places, places.dropFirst()).enumerated() {
          let need = isUpright ? 0.25 : (GMTText.width(marks[i].text, points: 7) + GMTText.width(marks[i + 1].text, points: 7)) / 2
          #expect(pair.1 - pair.0 > need || marks.count == 2, "\(low) to \(high) on \(length) cm: \(marks.map(\.text))")
        }
      }
    }
  }

  @Test("numbers too long to be written out have the digits that tell them apart, the same on all ticks", arguments: [2.6, 6, 14])
  func long(_ length: Double) throws {
    #expect(Axis().marks(in: 1e6...1.05e6, length: 6, isUpright: true).map(\.text).prefix(3) == ["1.00·10⁶", "1.01·10⁶", "1.02·10⁶"])
    #expect(Axis().marks(in: 0.892e8...1.108e8, length: 4, isUpright: true).map(\.text) == ["0.90·10⁸", "0.95·10⁸", "1.00·10⁸", "1.05·10⁸", "1.10·10⁸"])
    for (low, high) in [(1e6, 1.05e6), (-1e8, -0.99e8), (-1.04e6, 2.3e6), (0.1234561, 0.1234567), (1e17, 1.00001e17), (3e-9, 8e-9), (9.7e5, 1.01e6), (-3e-30, 1e-30)] {
      let marks = Axis().marks(in: low...high, length: length, isUpright: true)
      #expect(marks.count >= 2 && Set(marks.map(\.text)).count == marks.count, "\(marks)")
      let numbers = try marks.filter { $0.text != "0" }.map { mark -> (value: Double, digits: Int) in
        let parts = mark.text.split(separator: "·"), raised = parts.count > 1 ? parts[1].dropFirst(2) : "⁰"
        let power = try #require(Int(String(raised.map { GMTText.superscripts[$0] ?? $0 })), "\(mark.text)")
        let mantissa = String(parts[0].map { $0 == "−" ? "-" : $0 })
        return (try #require(Double("\(mantissa)e\(power)")), mantissa.split(separator: ".").dropFirst().first?.count ?? 0)
      }
      #expect(Set(numbers.map(\.digits)).count == 1, "\(marks)")
      for (number, mark) in zip(numbers, marks.filter { $0.text != "0" }) { #expect(abs(number.value - mark.value) <= 1e-3 * (high - low), "\(mark)") }
    }
  }

  @Test("dates are whole years, months where there are two years or fewer, days where there are few months")
  func dates() {
    func words(_ range: ClosedRange<Double>, _ length: Double) -> [String] { Axis("", ticks: .time(.standard)).marks(in: range, length: length, isUpright: false).map(\.text) }
    #expect(words(2000.9...2012, 6) == ["2002", "2004", "2006", "2008", "2010", "2012"])
    #expect(words(2000.98...2003.02, 4) == ["Jan\n2001", "Jul", "Jan\n2002", "Jul", "Jan\n2003"])
    #expect(words(2001.2...2001.4, 7).first == "21\nMar 2001")
    for range in [2001.0...2001.01, 2001.9...2002.1, 1850...2100, -50...50] { #expect(!words(range, 5).contains { $0.contains(".") }) }
    // The first of July 2001 is the 182nd day of 365.
    let july = Axis("", ticks: .time(.standard)).marks(in: 2000.98...2003.02, length: 4, isUpright: false)[1].value
    #expect(abs(july - (2001 + 181.5 / 365)) < 1e-9)
    // Years of 360 days have months of equal length.
    let equal = Axis("", ticks: .time(.day360)).marks(in: 2000.98...2003.02, length: 4, isUpright: false)[1].value
    #expect(abs(equal - (2001 + 180.5 / 360)) < 1e-9)
  }

  @Test("months have names, letters or every third name, as there is room")
  func months() {
    func words(_ length: Double) -> [String] { Axis.months().marks(in: -0.4...11.4, length: length, isUpright: false).map(\.text) }
    #expect(words(12).prefix(2) == ["Jan", "Feb"])
    #expect(words(4).joined() == "JFMAMJJASOND")
    #expect(words(2.7) == ["Jan", "Apr", "Jul", "Oct"])
  }

  @Test("words at an axis are turned where they are long, thinned where they are many, cut where they are endless")
  func words() {
    func fitted(_ words: [String], _ slot: Double) -> (ticks: [(value: Double, text: String)], isTurned: Bool) {
      WordTicks.fitted(words.enumerated().map { (Double($0.offset), $0.element) }, of: Axis("", ticks: .words(words)), slot: slot)
    }
    #expect(!fitted(["BRA", "EU"], 1).isTurned)
    #expect(fitted(["Northern Africa", "EU"], 1).isTurned)
    #expect(fitted((0..<100).map { "place \($0)" }, 0.1).ticks.count == 34)
    let long = fitted([String(repeating: "long ", count: 40), "b"], 1).ticks[0].text
    #expect(long.hasSuffix("…") && GMTText.width(long, points: 7) <= 3.6)
  }
}
