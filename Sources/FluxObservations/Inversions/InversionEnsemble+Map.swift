import FluxCore
import FluxData

extension InversionEnsemble {
  /// The mean over the members of the adjusted flux, month by month, on the regions' grid: a map to set beside a model's.
  ///
  /// An inversion's cell goes to the cell that holds its centre, and its whole flux to that cell's land,
  /// because a model's flux is per land area.
  ///
  /// - Returns: gC m⁻² d⁻¹ of land, positive to the atmosphere; NaN where there is no land of a region, and
  ///   in months without any member. Shape `[month, lat, lon]`.
  /// - Throws: ``FluxError`` when a unit is no flux; ``Interrupted`` on Ctrl-C.
  public func meanMap(_ regions: RegionSet) throws -> Cube {
    let months = months, grid = regions.grid, land = regions.landFraction()
    var sum = [Double](repeating: 0, count: months.count * grid.cellCount), members = [Double](repeating: 0, count: months.count)
    for field in fields {
      let rates = try taken.map { try $0.rates(for: months, on: field.grid) }
      let areas = field.grid.cellAreas()
      let target = areas.indices.map { cell in
        grid.cell(latitude: field.grid.latitudes[field.grid.row(ofCell: cell)], longitude: field.grid.longitudes[field.grid.column(ofCell: cell)])
      }
      let steps = Dictionary(
        uniqueKeysWithValues: (field.time?.months() ?? []).map { (YearMonth(year: $0.year, month: $0.month ?? 1), $0.indices) })
      for (index, month) in months.enumerated() {
        try Interrupt.check()
        guard let range = steps[month] else { continue }
        let flux = try field.mean(of: range)
        guard flux.contains(where: { !$0.isNaN }) else { continue }
        members[index] += 1
        let adjusted = Self.adjust(flux, factor: try field.dailyFactor(year: month.year, month: month.month), rates: rates.compactMap { $0.maps[month] })
        for cell in areas.indices { if let to = target[cell] { sum[index * grid.cellCount + to] += adjusted[cell] * areas[cell] } }
      }
    }
    let landAreas = land.indices.map { Double(land[$0]) * grid.cellArea(row: grid.row(ofCell: $0)) }
    let values = sum.indices.map { i -> Float in
      let area = landAreas[i % grid.cellCount], n = members[i / grid.cellCount]
      return area > 0 && n > 0 ? Float(sum[i] / (n * area)) : .nan
    }
    let axis = try TimeAxis(calendar: fields[0].time?.calendar ?? .standard,
      dates: months.map { CalendarDate(year: $0.year, month: $0.month, day: 1) }, at: "inversions:map")
    return try Cube(name: "nee", values: values, grid: grid, time: axis, unit: "gC m-2 d-1", longName: "the mean of \(fields.count) inversions")
  }
}
