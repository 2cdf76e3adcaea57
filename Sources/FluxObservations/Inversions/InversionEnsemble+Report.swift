import FluxCore
import FluxData
import FluxDocument

extension InversionEnsemble {
  /// What was subtracted from each member, globally and year by year: land flux, each flux that is taken off, the adjusted flux,
  /// and how it falls to the regions and to the remainder outside them (SCIENCE §4).
  ///
  /// - Returns: one row for each member and whole year and one for the mean of its years, PgC yr⁻¹, positive to the atmosphere.
  ///   Land minus what is taken off is the adjusted flux; regions, elsewhere and remainder add up to it.
  public func report(_ regions: RegionSet) throws -> Table {
    let parts = try regionalParts(regions)
    let months = months
    var table = Table(
      title: "What was taken off each inversion, PgC yr⁻¹, positive to the atmosphere",
      columns: ["member", "year", "land"] + adjustments + ["adjusted", "regions", "elsewhere", "remainder"], notes: parts.regions.notes)
    for (member, field) in fields.enumerated() {
      let land = try landTotals(field, months)
      let rates = try taken.map { try $0.rates(for: months, on: field.grid) }
      let areas = field.grid.cellAreas(), calendar = field.time?.calendar ?? .standard
      let off = rates.map { rate in
        months.map { month in
          let daily = zip(rate.maps[month] ?? [], areas).reduce(0) { $0 + Double($1.0) * $1.1 }
          return daily * Double(calendar.daysInMonth(year: month.year, month: month.month)) * 1e-15
        }
      }
      let adjusted = Array(parts.global.row(member: member, region: 0))
      let inRegions = months.indices.map { month in
        (0..<regions.count).reduce(0.0) { $0 + parts.regions[member, $1, time: month] }
      }
      let elsewhere = Array(parts.elsewhere.row(member: member, region: 0)), remainder = Array(parts.remainder.row(member: member, region: 0))
      let columns = [land] + off + [adjusted, inRegions, elsewhere, remainder]
      // Years with all twelve months of this member.
      let years = Set(months.map(\.year)).sorted().compactMap { year in
        let indices = months.indices.filter { months[$0].year == year && !adjusted[$0].isNaN }
        return indices.count == 12 ? (year: year, indices: indices) : nil
      }
      let sums = years.map { year in columns.map { column in year.indices.reduce(0) { $0 + column[$1] } } }
      for (year, sum) in zip(years, sums) {
        table.rows.append([.text(field.name), .text("\(year.year)")] + sum.map { .number($0, digits: 3) })
        table.scores[field.name, default: [:]]["\(year.year)"] = Dictionary(uniqueKeysWithValues: zip(table.columns.dropFirst(2), sum))
      }
      guard !sums.isEmpty else {
        table.rows.append([.text(field.name), .text("no whole year")] + columns.map { _ in .empty })
        continue
      }
      let mean = columns.indices.map { c in sums.reduce(0) { $0 + $1[c] } / Double(sums.count) }
      table.rows.append([.text(field.name), .text("mean")] + mean.map { .number($0, digits: 3) })
      table.scores[field.name, default: [:]]["mean"] = Dictionary(uniqueKeysWithValues: zip(table.columns.dropFirst(2), mean))
    }
    return table
  }

  /// The land flux as the inversion has it, PgC month⁻¹, NaN where it has no data. Shape `[month]`.
  private func landTotals(_ field: FluxField, _ months: [YearMonth]) throws -> [Double] {
    var totals = [Double](repeating: .nan, count: months.count)
    let areas = field.grid.cellAreas(), calendar = field.time?.calendar ?? .standard
    try field.forEachMonth { month, land in
      guard let index = months.firstIndex(of: month), land.contains(where: { !$0.isNaN }) else { return }
      let factor = try field.dailyFactor(year: month.year, month: month.month)
      let daily = zip(land, areas).reduce(0.0) { $1.0.isNaN ? $0 : $0 + Double($1.0) * $1.1 }
      totals[index] = daily * factor * Double(calendar.daysInMonth(year: month.year, month: month.month)) * 1e-15
    }
    return totals
  }
}
