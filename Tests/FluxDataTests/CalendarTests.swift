import FluxCore
import FluxData
import TestSupport
import Testing

@Suite("Calendars and CF time units")
struct CalendarTests {
  @Test("dates of CF values equal cftime's in every calendar, and go back to the same value")
  func reference() throws {
    for row in try TestFiles.rows("calendars.csv") {
      let calendar = try Calendar(attribute: row[0], at: "test")
      let unit = try TimeUnit(row[1], calendar: calendar, at: "test")
      let value = try #require(Double(row[2]))
      let date = try unit.date(value, at: "test")
      let expected = CalendarDate(
        year: Int(row[3])!, month: Int(row[4])!, day: Int(row[5])!, secondOfDay: Double(row[6])!)
      #expect(date == expected, "\(row)")
      #expect((unit.value(date) - value).magnitude < 1e-6, "\(row)")
    }
  }

  @Test("day numbers and dates are inverse, day after day, through leap years and the 1582 gap", arguments: Calendar.allCases)
  func roundTrip(calendar: Calendar) {
    for year in [-5, 0, 4, 1581, 1899, 1999, 2399] {
      let start = calendar.dayNumber(year: year, month: 1, day: 1)
      var before = calendar.date(dayNumber: start - 1)
      for number in start..<start + 1500 {
        let date = calendar.date(dayNumber: number)
        #expect(calendar.dayNumber(date) == number)
        #expect(calendar.contains(date))
        #expect(before < date)
        before = date
      }
    }
  }

  @Test("the standard calendar goes from 4 to 15 October 1582, so that year has 355 days")
  func reform() {
    let last = Calendar.standard.dayNumber(year: 1582, month: 10, day: 4)
    #expect(Calendar.standard.date(dayNumber: last + 1) == CalendarDate(year: 1582, month: 10, day: 15))
    #expect(!Calendar.standard.contains(CalendarDate(year: 1582, month: 10, day: 10)))
    #expect(Calendar.standard.daysInYear(1582) == 355)
  }

  @Test("an unknown calendar is refused with the nearest name")
  func unknownCalendar() throws {
    expectRefusal("did you mean 'gregorian'?") { try Calendar(attribute: "gregorain", at: "a.nc") }
  }

  @Test("months and years are refused as time units, except where a month is 30 days")
  func months() throws {
    expectRefusal("length varies in the standard calendar") {
      try TimeUnit("months since 2000-01-01", calendar: .standard, at: "a.nc")
    }
    let unit = try TimeUnit("months since 2000-01-01", calendar: .day360, at: "a.nc")
    #expect(try unit.date(14, at: "") == CalendarDate(year: 2001, month: 3, day: 1))
  }

  @Test("texts that are no time unit are refused", arguments: [
    ("month", "'month' is not a CF time unit"), ("yyyymm", "'yyyymm' is not a CF time unit"),
    ("days since", "'days since' is not a CF time unit"),
    ("days since yesterday", "'days since yesterday' has no readable reference date"),
    ("parsecs since 2000-01-01", "unknown time unit 'parsecs'"),
    ("days since 2001-02-29", "the reference date of 'days since 2001-02-29' does not exist in the standard calendar"),
    ("days since 2000-13-01", "the reference date of 'days since 2000-13-01' does not exist"),
    ("days since 2000-01-01 25:00", "01-01 25:00' has no readable reference date"),
    ("days since 99999999999999999999-01-01", "has no readable reference date"),
    ("days since 2000-01-01 00:00 +xx", "00:00 +xx' has no readable reference date"),
  ])
  func nonsense(text: String, reason: String) {
    expectRefusal("a.nc: ", reason) { try TimeUnit(text, calendar: .standard, at: "a.nc") }
  }

  @Test("a missing or absurd time value is refused, not trapped on", arguments: [Double.nan, .infinity, 1e300, -9.97e36])
  func absurd(value: Double) throws {
    let unit = try TimeUnit("days since 2000-01-01", calendar: .standard, at: "a.nc")
    expectRefusal("the time value \(value) is no date", "expected a finite number within a million years") {
      try unit.date(value, at: "a.nc")
    }
  }

  @Test("times written as float32 hours come back on the minute")
  func rounding() throws {
    let unit = try TimeUnit("days since 2000-01-01", calendar: .standard, at: "a.nc")
    #expect(try unit.date(Double(Float(0.1)), at: "").secondOfDay == 8640)
    #expect(try unit.date(-1e-12, at: "") == CalendarDate(year: 2000, month: 1, day: 1))
  }
}
