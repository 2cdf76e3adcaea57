import FluxData
import Testing

@Suite("Potential radiation")
struct PotentialRadiationTests {
  /// The reference integrates 200 000 steps a day: good to 1e-6 of 600 W m⁻².
  let quadrature = 1e-3

  @Test("the closed formula is the integral of the sun's height over the day")
  func integral() {
    let rows = referenceTable("potential_radiation.csv")
    #expect(rows.count == 81)
    for row in rows {
      guard let latitude = Double(row[0]), let day = Int(row[1]), let expected = Double(row[2]) else {
        Issue.record("unreadable row \(row)")
        continue
      }
      let value = PotentialRadiation.dailyMean(latitude: latitude, dayOfYear: day)
      #expect(abs(value - expected) < quadrature, "latitude \(latitude), day \(day)")
    }
  }

  @Test("the polar night is dark, the polar day bright, and poles are finite")
  func poles() {
    #expect(PotentialRadiation.dailyMean(latitude: 80, dayOfYear: 355) == 0)
    #expect(PotentialRadiation.dailyMean(latitude: 90, dayOfYear: 172) > 500)
    #expect(PotentialRadiation.dailyMean(latitude: -90, dayOfYear: 172) == 0)
  }

  @Test("the table holds 366 days of every latitude, day by day")
  func table() {
    let table = PotentialRadiation.table(latitudes: [0, 45])
    #expect(table.count == 366 * 2)
    #expect(table[2 * 171 + 1] == Float(PotentialRadiation.dailyMean(latitude: 45, dayOfYear: 172)))
  }
}
