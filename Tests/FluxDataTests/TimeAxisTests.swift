import FluxCore
import FluxData
import TestSupport
import Testing

@Suite("Time axes")
struct TimeAxisTests {
  @Test("eight-daily composites are 46 a year and the last one is cut at the year's end")
  func eightDaily() {
    let axis = TimeAxis.eightDaily(years: 2003...2004)
    #expect(axis.count == 92)
    #expect(axis.lengthInDays(at: 45) == 5)
    #expect(axis.lengthInDays(at: 91) == 6)
    #expect(axis.dates[46] == CalendarDate(year: 2004, month: 1, day: 1))
    #expect((0..<92).map(axis.lengthInDays).reduce(0, +) == 365 + 366)
  }

  @Test("a daily axis knows its months, years and lengths")
  func daily() {
    let axis = TimeAxis.daily(years: 2003...2004)
    #expect(axis.step == .day)
    #expect(axis.count == 731)
    #expect(axis.years == [2003, 2004])
    #expect(axis.months().map(\.indices.count) == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    #expect(axis.dayOfYear(at: 730) == 366)
    #expect(axis.index(of: CalendarDate(year: 2004, month: 2, day: 29, secondOfDay: 43_200)) == 365 + 59)
    #expect(axis.index(of: CalendarDate(year: 2005, month: 1, day: 1)) == nil)
  }

  @Test("a range takes both ends whole")
  func range() throws {
    let axis = TimeAxis.daily(years: 2003...2003)
    #expect(axis.range(from: try CalendarDate("2003-01-02", at: ""), through: try CalendarDate("2003-01-03", at: "")) == 1..<3)
    #expect(axis.range(from: try CalendarDate("2002-01-02", at: ""), through: try CalendarDate("2002-01-03", at: "")).isEmpty)
    let noon = try TimeAxis(calendar: .standard, dates: [CalendarDate(year: 2003, month: 1, day: 31, secondOfDay: 43_200)])
    #expect(noon.range(from: try CalendarDate("2003-01-01", at: ""), through: try CalendarDate("2003-01-31", at: "")).count == 1)
  }

  @Test("steps are found from dates: monthly mid-points, noleap days across February, years")
  func steps() throws {
    let months = try TimeAxis(calendar: .standard, dates: (1...12).map { CalendarDate(year: 2001, month: $0, day: $0 == 2 ? 15 : 16) })
    #expect(months.step == .month)
    #expect(months.lengthInDays(at: 1) == 28)
    let days = try TimeAxis(calendar: .noleap, dates: [CalendarDate(year: 2004, month: 2, day: 28), CalendarDate(year: 2004, month: 3, day: 1)])
    #expect(days.step == .day)
    let years = try TimeAxis(calendar: .standard, dates: (2001...2004).map { CalendarDate(year: $0, month: 7, day: 1) })
    #expect(years.step == .year)
    #expect(years.lengthInDays(at: 3) == 366)
  }

  @Test("dates out of order or twice are refused by name")
  func order() {
    let first = CalendarDate(year: 2001, month: 1, day: 1), second = CalendarDate(year: 2001, month: 1, day: 2)
    expectRefusal("the date 2001-01-01 follows 2001-01-02; expected dates in ascending order") {
      try TimeAxis(calendar: .standard, dates: [second, first])
    }
    expectRefusal("the date 2001-01-01 comes twice") { try TimeAxis(calendar: .standard, dates: [first, first]) }
  }
}
