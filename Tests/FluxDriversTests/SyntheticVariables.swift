import FluxData
import FluxDrivers

/// Base variables on a grid of 30°, each a function of date and cell.
struct SyntheticVariables {
  var years = 2003...2004
  var compositeYears: ClosedRange<Int>?
  var calendar = Calendar.standard
  /// What each variable is; overwritten by the tests.
  var values: [String: (CalendarDate, Int) -> Float] = [
    "evi": { _, _ in 0.5 }, "fapar": { _, _ in 0.4 }, "lst_day": { _, _ in 300 }, "lst_night": { _, _ in 280 },
    "ndvi": { _, _ in 0.6 }, "ndwi": { _, _ in 0.1 }, "band4": { _, _ in 0.08 }, "rg": { _, _ in 200 },
    "tair": { date, cell in Float(date.month) + Float(date.day) / 100 + Float(cell) }, "precip": { _, _ in 2 },
  ]
  static let land = [5, 30, 31]

  func variables() throws -> [BaseVariable] {
    let grid = try Grid.regular(step: 30)
    return values.keys.sorted().map { name in
      let isDaily = BaseVariable.dailyNames.contains(name) || name == "rpot"
      let time = isDaily
        ? TimeAxis.daily(years: years, calendar: calendar)
        : TimeAxis.eightDaily(years: compositeYears ?? years, calendar: calendar)
      let value = values[name]
      return BaseVariable(name: name, grid: grid, time: time) { steps in
        steps.flatMap { step in (0..<grid.cellCount).map { value?(time.dates[step], $0) ?? .nan } }
      }
    }
  }

  func build(_ recipe: DriverRecipe = .paper, years: ClosedRange<Int>? = nil) throws -> DriverStore {
    var builder = try DriverBuilder(variables: variables(), landPixels: Self.land)
    builder.recipe = recipe
    builder.years = years
    return try builder.build()
  }
}
