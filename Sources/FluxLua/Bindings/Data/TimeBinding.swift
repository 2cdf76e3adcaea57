import FluxData
import LuaRuntime

/// The time axis of a cube, a series or drivers.
extension TimeAxis: LuaExposed {
  public static let luaType = LuaType<TimeAxis>(
    "Time", "the dates of a cube, series or drivers, in one calendar",
    members: [
      .property("count", "integer", "dates") { $0.count },
      .property("calendar", "string", "CF name of the calendar: standard, noleap, 360_day …") { $0.calendar.rawValue },
      .property("step", "string", "day, month, year or other") { $0.step.rawValue },
      .property("first", "string?", "first date, YYYY-MM-DD",
        example: "d.time.first  --> 2001-01-01"
      ) { $0.dates.first?.description },
      .property("last", "string?", "last date") { $0.dates.last?.description },
      .property("years", "integer[]", "the years that have at least one date",
        example: "d.time.years[1]  --> 2001"
      ) { $0.years },
      .method("dates", "() -> string[]", "every date",
        example: "d.time:dates()[32]  --> 2001-02-01"
      ) { time, _ in time.dates.map(\.description) },
      .method("index", "(date: string) -> integer?", "the position, from 1, of a date or of the day, month or year that holds it",
        example: """
          d.time:index("2002-01-01")  --> 366
          d.time:index("2012-01-01")  --> nil
          """
      ) { time, call in
        let date = try CalendarDate(call.argument(1, "date"), calendar: time.calendar, at: call.place)
        return time.index(of: date).map { $0 + 1 }
      },
      .operator(.length, "(time: Time) -> integer", "dates") { call in (try call.argument(1, "time") as TimeAxis).count },
    ])

  public var luaDescription: String {
    guard let first = dates.first, let last = dates.last else { return "Time [0]" }
    return "Time [\(count)], \(first) … \(last), step \(step.rawValue), \(calendar.rawValue) calendar"
  }
}
