@testable import FluxObservations
import Testing

@testable import FluxData

@Suite("Day numbers")
struct DayNumberTests {
  @Test("every day of four centuries comes back, one after the other, with its day of the year")
  func roundTrip() throws {
    var day = try #require(DayNumber(year: 1800, month: 1, day: 1))
    for year in 1800..<2200 {
      var ofYear = 0
      for month in 1...12 {
        for dayOfMonth in 1...Calendar.prolepticGregorian.daysInMonth(year: year, month: month) {
          ofYear += 1
          #expect(day == DayNumber(year: year, month: month, day: dayOfMonth))
          #expect(day == DayNumber(year: year, dayOfYear: ofYear) && day.dayOfYear == ofYear)
          #expect(day.date == CalendarDate(year: year, month: month, day: dayOfMonth))
          day = day + 1
        }
      }
    }
  }

  @Test("1970-01-01 is day 0; days that do not exist are none")
  func edges() {
    #expect(DayNumber(rawValue: 0).description == "1970-01-01")
    #expect(DayNumber(year: 2000, month: 3, day: 1)?.rawValue == 11017)   // date -d 2000-03-01 +%s / 86400
    #expect(DayNumber(year: 2001, month: 2, day: 29) == nil)
    #expect(DayNumber(year: 2001, dayOfYear: 366) == nil)
    #expect(DayNumber(year: 2001, month: 13, day: 1) == nil)
    #expect(DayNumber(year: 1_000_000_000, month: 1, day: 1) == nil)
  }
}
