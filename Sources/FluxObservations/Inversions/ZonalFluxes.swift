import FluxCore
import FluxData

/// Fluxes that come summed along circles of latitude, one file an inversion: `SFCO2_LND(time, lat)`, PgC yr⁻¹ per
/// degree of latitude. Nothing in them says which region a flux belongs to, so bands of latitude are all they give.
public enum ZonalFluxes {
  /// The land flux of the `fluxes_za_ts_monthly` files: net ecosystem exchange *and* fires, fossil emissions left out.
  public static let variable = "SFCO2_LND"

  /// The totals between successive latitudes, a row of the file that an edge cuts shared out by degrees.
  ///
  /// - Parameters:
  ///   - fluxes: name and cube `[time, lat]`, monthly, mass per time and degree, positive to the atmosphere.
  ///   - edges: degrees north, at least two, in any order.
  /// - Returns: `[member, band, month]`, PgC month⁻¹ by the calendar's own days, bands named as ``RegionSet/bands(_:on:)``
  ///   names them; NaN in months that a member does not have. A row without value in a month that has some is sea.
  /// - Throws: ``FluxError`` for a cube with longitudes, another time step, or a unit that is no flux per degree.
  public static func bands(_ fluxes: [(name: String, cube: Cube)], edges: [Double], at place: String = "inversions.zonal") throws -> Series {
    guard !fluxes.isEmpty else { throw FluxError("no file", at: place, expected: "at least one, {CAMS = \"cams.nc\"}") }
    let edges = try RegionSet.bandEdges(edges, at: place), bandCount = edges.count - 1
    let parts = try fluxes.map { try Part($0.cube, name: $0.name, at: place) }
    let first = parts.compactMap(\.months.first).min(), last = parts.compactMap(\.months.last).max()
    guard let first, let last else { throw FluxError("files without months", at: place, expected: "at least one month") }
    let months = YearMonth.all(from: first, through: last), calendar = parts[0].calendar
    guard months.count <= 120_000 else { throw FluxError("months from \(first) to \(last)", at: place, expected: "at most 10 000 years") }
    var values = [Double](repeating: .nan, count: parts.count * bandCount * months.count), notes: [String] = []
    for (member, part) in parts.enumerated() {
      let shares = part.shares(edges), flux = try part.cube.read(time: 0..<part.months.count)
      var missing = months.count
      for (t, month) in part.months.enumerated() {
        let row = flux[t * part.rows.count..<(t + 1) * part.rows.count]
        guard row.contains(where: { !$0.isNaN }), let index = months.firstIndex(of: month) else { continue }
        missing -= 1
        let share = Double(calendar.daysInMonth(year: month.year, month: month.month)) / Double(calendar.daysInYear(month.year))
        for band in 0..<bandCount {
          let rate = zip(row, shares[band]).reduce(0) { $0 + ($1.0.isNaN ? 0 : Double($1.0) * $1.1) }
          values[(member * bandCount + band) * months.count + index] = rate * part.factor * share
        }
      }
      if missing > 0 { notes.append("\(part.name): no data in \(missing) of \(months.count) months") }
    }
    let axis = try TimeAxis(calendar: calendar, dates: months.map { CalendarDate(year: $0.year, month: $0.month, day: 1) }, at: place)
    return try Series(
      name: "zonal_flux", unit: Unit("PgC month-1"), time: axis.grouped(axis.months()), regions: RegionSet.bandNames(edges),
      members: parts.map(\.name), values: values, notes: notes, at: place)
  }

  /// One inversion.
  private struct Part {
    let name: String
    let cube: Cube
    let months: [YearMonth]
    let rows: [Grid.Edges]
    let calendar: Calendar
    /// To PgC yr⁻¹ degree⁻¹.
    let factor: Double

    init(_ cube: Cube, name: String, at place: String) throws {
      let here = "\(place), \(name)"
      guard cube.grid.columns == 1, cube.leadingCount == 1, let time = cube.time else {
        throw FluxError(
          "'\(cube.name)' has the dimensions \(cube.dimensions.joined(separator: ", "))", at: here, expected: "sums along latitude: time, lat",
          remedy: "Maps with longitudes are opened by inversions.open.")
      }
      months = time.dates.map { YearMonth(year: $0.year, month: $0.month) }
      guard zip(months, months.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw FluxError("two dates of '\(cube.name)' lie in one month", at: here, expected: "monthly values")
      }
      guard let unit = cube.unit else { throw FluxError("the unit is '\(cube.unitText)'", at: here, expected: "such as PgC yr-1 degree-1") }
      factor = try unit.factor(to: Unit("PgC yr-1 degree-1"), of: .carbon, at: here)
      rows = cube.grid.latitudeBounds
      (self.name, self.cube, calendar) = (name, cube, time.calendar)
    }

    /// How many degrees of each row lie in each band. Shape `[band][row]`.
    func shares(_ edges: [Double]) -> [[Double]] {
      zip(edges, edges.dropFirst()).map { south, north in
        rows.map { max(0, min(north, $0.upper) - max(south, $0.lower)) }
      }
    }
  }
}
