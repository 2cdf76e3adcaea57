import FluxCore

extension Series {
  /// The same values in another unit.
  ///
  /// A month or year in a denominator is the calendar's own: PgC month⁻¹ of February times 365 / 28 is PgC yr⁻¹.
  ///
  /// - Throws: ``FluxError`` when the units do not convert.
  public func converted(to target: Unit) throws -> Series { try converted(to: target, at: "series:to") }

  func converted(to target: Unit, at place: String) throws -> Series {
    if target == unit { return self }
    let conversion = try unit.conversion(to: target, of: .carbon, at: place)
    let factors = (0..<time.count).map { index in
      conversion.scale(daysInMonth: time.daysInMonth(at: index), daysInYear: time.daysInYear(at: index))
    }
    return with(unit: target, values: values.indices.map { values[$0] * factors[$0 % time.count] + conversion.offset })
  }

  /// The unit of sums over a longer span, when the values are totals of their own step (PgC month⁻¹ of monthly
  /// values); nil for rates, fluxes per area and everything else, which are averaged.
  func unitOfSums(per span: Unit) throws -> Unit? {
    // Amounts of uneven steps (PgC of 8 days) are totals too.
    if try time.step == .other && unit.isConvertible(to: Unit("PgC")) { return unit.divided(by: span) }
    guard !unit.isPerArea, let step = try stepUnit(), Self.hasPower(-1, of: step, in: unit) else { return nil }
    return unit.multiplied(by: step).divided(by: span)
  }

  /// `d`, `month` or `yr`: what one value stands for.
  private func stepUnit() throws -> Unit? {
    if isMonths { return try Unit("month") }
    switch time.step {
    case .day: return try Unit("d")
    case .year: return try Unit("yr")
    case .month, .other: return nil
    }
  }

  private static func hasPower(_ power: Int, of symbol: Unit, in unit: Unit) -> Bool {
    unit.description.split(separator: " ").contains { $0 == "\(symbol.description)\(power)" }
  }
}
