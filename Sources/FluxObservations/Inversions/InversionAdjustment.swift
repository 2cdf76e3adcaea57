import FluxCore
import FluxData

/// A flux that is taken off an inversion's land flux: fires, or the lateral flux that rivers carry.
///
/// - Reference: SCIENCE §4: adjusted = land − fires − lateral, each positive to the atmosphere.
struct InversionAdjustment: Sendable {
  let field: FluxField
  /// Years whose mean stands in for months that the record lacks: fires of 2001–2002 get the climatology
  /// of 2003–2017, because GFAS begins in 2003.
  static let climatologyYears = 2003...2017

  /// Monthly means on a grid.
  struct Rates: Sendable {
    /// gC m⁻² d⁻¹ of whole cells, zero where the field has nothing. Shape `[row, column]` by month.
    let maps: [YearMonth: [Float]]
    /// What was taken off globally, PgC yr⁻¹, mean over the months.
    let globalMean: Double
    let notes: [String]
  }

  /// - Parameters:
  ///   - months: those of the inversion, ascending.
  ///   - grid: the inversion's. Another grid is reached conservatively: totals stay.
  func rates(for months: [YearMonth], on grid: Grid) throws -> Rates {
    var maker = RateMaker(field: field, grid: grid)
    var maps: [YearMonth: [Float]] = [:]
    var notes: [String] = []
    let missing = months.filter { !maker.covers($0) }
    for month in months where maker.covers(month) { maps[month] = try maker.map(month) }
    if !missing.isEmpty {
      let years = try maker.climatologyYears()
      let climatology = try maker.climatology(years: years, months: Set(missing.map(\.month)))
      for month in missing { maps[month] = climatology[month.month] }
      notes.append(
        "NOTE: \(field.name) has no data for \(Self.spans(missing)): the mean of \(years.lowerBound)–\(years.upperBound) stands in"
          + " (leave these years out of interannual metrics)")
    }
    let areas = grid.cellAreas()
    let calendar = field.time?.calendar ?? .standard
    // Twelve times the mean of the monthly totals, PgC.
    let yearly = months.reduce(0.0) { sum, month in
      let daily = zip(maps[month] ?? [], areas).reduce(0) { $0 + Double($1.0) * $1.1 }
      return sum + daily * Double(calendar.daysInMonth(year: month.year, month: month.month))
    } / Double(max(1, months.count)) * 12e-15
    notes.append(
      "took off \(field.name): \(DecimalText.thousandths(yearly)) PgC yr-1 globally"
        + (maker.regridded ? ", regridded conservatively from \(field.grid.rows) × \(field.grid.columns) cells" : ""))
    return Rates(maps: maps, globalMean: yearly, notes: notes)
  }

  /// `2001-01…2002-12`
  static func spans(_ months: [YearMonth]) -> String {
    var spans: [(YearMonth, YearMonth)] = []
    for month in months {
      if let last = spans.last, YearMonth.all(from: last.1, through: month).count == 2 { spans[spans.count - 1].1 = month }
      else { spans.append((month, month)) }
    }
    return spans.map { $0.0 == $0.1 ? "\($0.0)" : "\($0.0)…\($0.1)" }.joined(separator: ", ")
  }
}

/// Makes monthly maps of one field on one grid.
private struct RateMaker {
  let field: FluxField
  let grid: Grid
  let regridded: Bool
  private let overlap: GridOverlap?
  private let steps: [YearMonth: Range<Int>]
  private let isConstant: Bool
  private var constant: [Float]?

  init(field: FluxField, grid: Grid) {
    self.field = field
    self.grid = grid
    regridded = !field.grid.matches(grid)
    overlap = regridded ? GridOverlap(from: field.grid, to: grid) : nil
    isConstant = field.time == nil
    var steps: [YearMonth: Range<Int>] = [:]
    if let time = field.time {
      if time.step == .year {
        for group in time.yearGroups() {
          for month in 1...12 { steps[YearMonth(year: group.year, month: month)] = group.indices }
        }
      } else {
        for group in time.months() { steps[YearMonth(year: group.year, month: group.month ?? 1)] = group.indices }
      }
    }
    self.steps = steps
  }

  func covers(_ month: YearMonth) -> Bool { isConstant || steps[month] != nil }

  /// gC m⁻² d⁻¹ on the grid, zero where nothing is. Shape `[row, column]`.
  mutating func map(_ month: YearMonth) throws -> [Float] {
    let factor = try field.dailyFactor(year: month.year, month: month.month)
    let native: [Float]
    if isConstant {
      if constant == nil { constant = onGrid(try field.read(0..<1)) }
      return constant?.map { Float(Double($0) * factor) } ?? []
    } else {
      native = try steps[month].map { try field.mean(of: $0) } ?? []
    }
    return onGrid(native).map { Float(Double($0) * factor) }
  }

  private func onGrid(_ native: [Float]) -> [Float] {
    guard let overlap else { return native.map { $0.isNaN ? 0 : $0 } }
    let (value, part) = native.withUnsafeBufferPointer { overlap.mean($0) }
    return zip(value, part).map { $0.isNaN ? 0 : $0 * $1 }
  }

  /// The years that stand in: whole years of 2003–2017, or all whole years of a record without any of them.
  func climatologyYears() throws -> ClosedRange<Int> {
    let years = Set(steps.keys.map(\.year)).filter { year in (1...12).allSatisfy { steps[YearMonth(year: year, month: $0)] != nil } }
    let usual = years.filter(InversionAdjustment.climatologyYears.contains)
    let used = usual.isEmpty ? years : usual
    guard let first = used.min(), let last = used.max() else {
      throw FluxError(
        "\(field.name) has no whole year", at: "inversions", expected: "months for every inversion month, or whole years for a climatology")
    }
    return first...last
  }

  mutating func climatology(years: ClosedRange<Int>, months: Set<Int>) throws -> [Int: [Float]] {
    var result: [Int: [Float]] = [:]
    for month in months.sorted() {
      var sum = [Double](repeating: 0, count: grid.cellCount), count = 0.0
      for year in years where covers(YearMonth(year: year, month: month)) {
        for (cell, value) in try map(YearMonth(year: year, month: month)).enumerated() { sum[cell] += Double(value) }
        count += 1
      }
      result[month] = sum.map { Float($0 / count) }
    }
    return result
  }
}
