import FluxCore
import FluxData

/// The last steps of a build: from daily records and seasonal cycles to the blocks of the store.
struct DriverAssembly {
  let period: BuildPeriod
  /// Every day of `period.record`.
  let record: TimeAxis
  /// Land pixels.
  let width: Int
  /// The daily variables, and the water index when it is there. Shape `[day of the record, pixel]`.
  var records: [String: DriverBlock]
  let cycles: SeasonalCycles
  /// `[day 365, pixel]`, W m⁻²; nil when no formula asks for it.
  let potential: DriverBlock?
  /// Where large arrays lie while they are made; in memory when nil.
  let folder: BuildFolder?

  private func block(_ name: String, count: Int) throws -> DriverBlock {
    try folder?.block(name, count: count) ?? DriverBlock(count: count, for: "holding '\(name)'", at: "drivers.build")
  }

  /// The values of one driver.
  ///
  /// - Parameters:
  ///   - index: its place in the recipe.
  ///   - isCopied: whether the block must live on when the records are written over.
  func driver(_ index: Int, _ formula: DriverFormula, _ kind: DriverKind, isCopied: Bool = false) throws -> DriverBlock {
    let name = "driver\(index + 1)"
    // Made before the build was killed, perhaps of records that are gone.
    if kind == .daily, folder?.notes(of: name) != nil { return try block(name, count: storeDays.count * width) }
    switch (kind, formula) {
    case (.daily, .variable(let variable)): return try cut(record(variable), name, isCopied: isCopied)
    case (.seasonal, .call(.meanSeasonalCycle, let inside)): return try cycle(inside)
    case (.seasonal, .variable): return try potentialCycle()
    default: break
    }
    let constants = try constants(of: formula)
    switch kind {
    case .constant:
      let values = try row(formula, season: 0, day: 0, constants).array(count: width)
      return try DriverBlock(values, for: "holding a constant driver", at: "drivers.build")
    case .seasonal: return try seasons(formula, constants)
    case .daily:
      let days = storeDays, block = try block(name, count: days.count * width)
      for (place, day) in days.enumerated() {
        if place % 64 == 0 { try Interrupt.check() }
        try write(row(formula, season: seasonIndex(day), day: day, constants), to: block.base + place * width)
      }
      try folder?.finish(name, notes: [], [block])
      return block
    }
  }

  /// A formula at every pixel. Shape `[pixel]`.
  private func row(_ formula: DriverFormula, season: Int, day: Int, _ constants: [DriverFormula: [Float]]) throws -> FormulaValues {
    try formula.values { leaf in
      if let values = constants[leaf] { return .values(values) }
      let from: UnsafeMutablePointer<Float>
      switch leaf {
      case .variable(DriverFormula.potentialRadiation): from = try potentialCycle().base + season * width
      case .variable(let name): from = try record(name).base + day * width
      case .call(_, let inside): from = try cycle(inside).base + season * width
      case .number, .negated, .combined: return .number(.nan)  // no leaves
      }
      return .values(Array(UnsafeBufferPointer(start: from, count: width)))
    }
  }

  private func write(_ values: FormulaValues, to row: UnsafeMutablePointer<Float>) {
    switch values {
    case .number(let value): row.update(repeating: value, count: width)
    case .values(let values): values.withUnsafeBufferPointer { if let from = $0.baseAddress { row.update(from: from, count: width) } }
    }
  }

  /// A seasonal formula on each day of a year. Shape `[day 365, pixel]`.
  private func seasons(_ formula: DriverFormula, _ constants: [DriverFormula: [Float]]) throws -> DriverBlock {
    let block = try DriverBlock(count: SeasonalSlots.dayCount * width, for: "holding '\(formula)'", at: "drivers.build")
    for season in 0..<SeasonalSlots.dayCount {
      try write(row(formula, season: season, day: 0, constants), to: block.base + season * width)
    }
    return block
  }

  /// Each `amplitude`, `min`, `max` and `mean` of a formula. Shape `[pixel]` each.
  private func constants(of formula: DriverFormula) throws -> [DriverFormula: [Float]] {
    var values: [DriverFormula: [Float]] = [:]
    for call in formula.reductions where values[call] == nil {
      guard case .call(let function, let inner) = call else { continue }
      let cycle = if case .call(.meanSeasonalCycle, let inside) = inner { try cycle(inside) } else {
        try seasons(inner, constants(of: inner))
      }
      let base = UnsafePointer(cycle.base)
      values[call] = switch function {
      case .minimum: MeanSeasonalCycle.range(of: base, pixelCount: width).minimum
      case .amplitude: MeanSeasonalCycle.range(of: base, pixelCount: width).amplitude
      case .maximum: MeanSeasonalCycle.maximum(of: base, pixelCount: width)
      case .mean, .meanSeasonalCycle: MeanSeasonalCycle.mean(of: base, pixelCount: width)
      }
    }
    return values
  }

  private func record(_ name: String) throws -> DriverBlock { try found(records[name], name) }
  private func cycle(_ inside: DriverFormula) throws -> DriverBlock { try found(cycles.blocks[inside], "msc(\(inside))") }
  private func potentialCycle() throws -> DriverBlock { try found(potential, "rpot") }

  /// The plan has named all that a formula asks for; a build that has lost it ends with a message, not with the program.
  private func found(_ block: DriverBlock?, _ name: String) throws -> DriverBlock {
    guard let block else { throw FluxError("'\(name)' is not there any more", at: "drivers.build") }
    return block
  }

  /// The days of the record that the store keeps.
  private var storeDays: Range<Int> {
    record.range(
      from: CalendarDate(year: period.years.lowerBound, month: 1, day: 1),
      through: CalendarDate(year: period.years.upperBound, month: 12, day: 31))
  }

  private func seasonIndex(_ day: Int) -> Int {
    SeasonalSlots.seasonIndex(month: record.dates[day].month, day: record.dates[day].day)
  }

  private func cut(_ block: DriverBlock, _ name: String, isCopied: Bool) throws -> DriverBlock {
    let days = storeDays
    guard isCopied || days.count < record.count else { return block }
    let cut = try self.block(name, count: days.count * width)
    cut.base.update(from: block.base + days.lowerBound * width, count: cut.count)
    try folder?.finish(name, notes: [], [cut])
    return cut
  }
}
