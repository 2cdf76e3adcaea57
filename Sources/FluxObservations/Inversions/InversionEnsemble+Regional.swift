import FluxCore
import FluxData

extension InversionEnsemble {
  /// What ``regionalParts(_:)`` gives: the regions, and what lies outside them.
  public struct RegionalParts: Sendable {
    /// `[member, region, month]`, PgC month⁻¹.
    public let regions: Series
    /// Land of regions outside the set (after `only`), `[member, 1, month]`, PgC month⁻¹.
    public let elsewhere: Series
    /// Land flux far from any region, `[member, 1, month]`, PgC month⁻¹.
    public let remainder: Series
    /// All land flux, `[member, 1, month]`, PgC month⁻¹: regions + elsewhere + remainder.
    public let global: Series
  }

  /// The adjusted land flux of each region: totals by the days of the month.
  ///
  /// Its notes say what was taken off, which months a climatology filled, and each member's remainder.
  ///
  /// - Parameter regions: on any grid; brought to the inversion's by area.
  /// - Returns: `[member, region, month]`, PgC month⁻¹, positive to the atmosphere; NaN where a member has no data.
  public func regional(_ regions: RegionSet) throws -> Series { try regionalParts(regions).regions }

  /// As ``regional(_:)``, with the land outside the regions.
  public func regionalParts(_ regions: RegionSet) throws -> RegionalParts {
    let months = months
    let calendar = fields[0].time?.calendar ?? .standard
    let axis = try Self.axis(months, calendar)
    let listCount = regions.count + 2
    var sums = [Double](repeating: .nan, count: fields.count * listCount * months.count)
    var global = [Double](repeating: .nan, count: fields.count * months.count)
    var prepared: [(grid: Grid, attribution: LandAttribution, rates: [InversionAdjustment.Rates])] = []
    var notes: [String] = []
    for (member, field) in fields.enumerated() {
      if !prepared.contains(where: { $0.grid.matches(field.grid) }) {
        let rates = try taken.map { try $0.rates(for: months, on: field.grid) }
        for note in rates.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
        prepared.append((field.grid, LandAttribution(try regions.regridded(to: field.grid)), rates))
      }
      guard let ready = prepared.first(where: { $0.grid.matches(field.grid) }) else { continue }
      let areas = field.grid.cellAreas()
      var missing = months.count
      try field.forEachMonth { month, land in
        guard let index = months.firstIndex(of: month), land.contains(where: { !$0.isNaN }) else { return }
        missing -= 1
        let adjusted = Self.adjust(
          land, factor: try field.dailyFactor(year: month.year, month: month.month), rates: ready.rates.compactMap { $0.maps[month] })
        // gC m⁻² d⁻¹ × m² × d → PgC.
        let scale = Double(calendar.daysInMonth(year: month.year, month: month.month)) * 1e-15
        for (list, cells) in ready.attribution.lists.enumerated() {
          sums[(member * listCount + list) * months.count + index] = cells.reduce(0) { $0 + adjusted[$1.cell] * $1.area } * scale
        }
        global[member * months.count + index] = zip(adjusted, areas).reduce(0) { $0 + $1.0 * $1.1 } * scale
      }
      if missing > 0 { notes.append("\(field.name): no data in \(missing) of \(months.count) months") }
    }
    func part(_ name: String, _ codes: [String], _ area: [Double]?, _ values: [Double]) throws -> Series {
      try Series(
        name: name, unit: Unit("PgC month-1"), time: axis, regions: codes, regionArea: area, members: members, values: values,
        at: "inversions:regional")
    }
    func lists(_ range: Range<Int>) -> [Double] {
      fields.indices.flatMap { member in
        range.flatMap { list in
          let start = (member * listCount + list) * months.count
          return sums[start..<start + months.count]
        }
      }
    }
    var series = try part("land_flux", regions.codes, regions.area, lists(0..<regions.count))
    let remainder = try part("remainder", ["remainder"], nil, lists(regions.count + 1..<listCount))
    let whole = try part("land_flux", ["globe"], nil, global)
    series.notes = notes + Self.remainderNotes(remainder, whole)
    return RegionalParts(
      regions: series, elsewhere: try part("elsewhere", ["elsewhere"], nil, lists(regions.count..<regions.count + 1)),
      remainder: remainder, global: whole)
  }

  /// Land flux minus what is taken off it, gC m⁻² d⁻¹. A cell without land flux in a month that has some is no land to
  /// the inversion: its own flux is zero, but what is taken off there still counts, so that totals close.
  static func adjust(_ land: [Float], factor: Double, rates: [[Float]]) -> [Double] {
    var adjusted = land.map { $0.isNaN ? 0 : Double($0) * factor }
    for map in rates {
      for cell in adjusted.indices { adjusted[cell] -= Double(map[cell]) }
    }
    return adjusted
  }

  private static func remainderNotes(_ remainder: Series, _ global: Series) -> [String] {
    // Twelve times the mean of the monthly totals.
    func yearly(_ series: Series, _ member: Int) -> Double {
      let present = series.row(member: member, region: 0).filter { !$0.isNaN }
      return present.reduce(0, +) / Double(present.count) * 12
    }
    return (remainder.members ?? []).enumerated().map { member, name in
      let left = yearly(remainder, member), all = yearly(global, member)
      let part = left / all * 100
      let text = "\(name): remainder \(DecimalText.thousandths(left)) of \(DecimalText.thousandths(all)) PgC yr-1"
      return part.magnitude > 2
        ? "NOTE: \(text), more than 2 %: land flux lies far from every region (Greenland, Antarctica, islands, or ocean in the land field)"
        : text
    }
  }

  private static func axis(_ months: [YearMonth], _ calendar: Calendar) throws -> TimeAxis {
    let dates = months.map { CalendarDate(year: $0.year, month: $0.month, day: 1) }
    let axis = try TimeAxis(calendar: calendar, dates: dates, at: "inversions:regional")
    return axis.grouped(axis.months())
  }
}
