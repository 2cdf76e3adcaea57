import FluxCore

extension Series {
  /// The sum of two series on the same axes; the other is converted to this one's unit.
  public static func + (a: Series, b: Series) throws -> Series { try a.combined(with: b, "+", converting: true) { $0 + $1 } }

  /// The difference of two series on the same axes; the other is converted to this one's unit.
  public static func - (a: Series, b: Series) throws -> Series { try a.combined(with: b, "-", converting: true) { $0 - $1 } }

  /// The product with a series of numbers without unit, on the same axes.
  public static func * (a: Series, b: Series) throws -> Series {
    if a.unit == .one, b.unit != .one { return try b.combined(with: a, "*", converting: false) { $0 * $1 } }
    try b.requireDimensionless("*")
    return try a.combined(with: b, "*", converting: false) { $0 * $1 }
  }

  /// The ratio of two series on the same axes: without unit when the units agree, which the other is converted to;
  /// the divisor may also be without unit.
  public static func / (a: Series, b: Series) throws -> Series {
    if b.unit == .one { return try a.combined(with: b, "/", converting: false) { $0 / $1 } }
    let ratio = try a.combined(with: b, "/", converting: true) { $0 / $1 }
    return ratio.with(unit: .one, values: ratio.values)
  }

  /// Every value changed alike, in the unit of the series: `{ $0 + 0.1 }`.
  public func map(_ change: (Double) -> Double) -> Series { with(values: values.map(change)) }

  public static prefix func - (a: Series) -> Series { a.map { -$0 } }
  public static func * (a: Series, factor: Double) -> Series { a.map { $0 * factor } }
  public static func * (factor: Double, a: Series) -> Series { a.map { $0 * factor } }
  public static func / (a: Series, divisor: Double) -> Series { a.map { $0 / divisor } }

  /// Checks that another series has the same regions and times (and members, when both have them).
  ///
  /// - Throws: ``FluxError`` that names the first difference.
  public func requireSameAxes(as other: Series, at place: String) throws {
    guard regions == other.regions else {
      let missing = regions.first { !other.regions.contains($0) } ?? other.regions.first { !regions.contains($0) }
      throw FluxError(
        missing.map { "region \($0) is in one series alone" } ?? "the regions stand in another order", at: place,
        expected: "the same regions on both sides", remedy: "Select them alike: a:only{…} and b:only{…}.")
    }
    guard time.count == other.time.count, zip(time.dates, other.time.dates).allSatisfy(isSameStep) else {
      throw FluxError(
        "one series covers \(timeSpan) in \(time.count) steps, the other \(other.timeSpan) in \(other.time.count)", at: place,
        expected: "the same times on both sides", remedy: "Select them alike: s:sel{years={first, last}}, s:monthly() or s:annual().")
    }
    if let members, let others = other.members, members != others {
      throw FluxError(
        "the members are \(members.joined(separator: ", ")) and \(others.joined(separator: ", "))", at: place,
        expected: "the same members on both sides", remedy: "Average one: s:mean(\"member\").")
    }
  }

  /// Files date a month on its first, middle or last day: what counts is the step.
  private func isSameStep(_ a: CalendarDate, _ b: CalendarDate) -> Bool {
    switch time.step {
    case .year: a.year == b.year
    case .month: (a.year, a.month) == (b.year, b.month)
    case .day: a.midnight == b.midnight
    case .other: isMonths ? (a.year, a.month) == (b.year, b.month) : a.midnight == b.midnight
    }
  }

  private func combined(
    with other: Series, _ symbol: String, converting: Bool, _ operation: (Double, Double) -> Double
  ) throws -> Series {
    let place = "series \(symbol) series"
    try requireSameAxes(as: other, at: place)
    let right = converting ? try other.converted(to: unit, at: place) : other
    let size = regions.count * time.count
    let names = members ?? right.members
    let combined = (0..<(names?.count ?? 1) * size).map { place in
      operation(values[members == nil ? place % size : place], right.values[right.members == nil ? place % size : place])
    }
    return Series(
      unchecked: name, unit, time, regions, regionArea ?? right.regionArea, names, combined,
      notes + right.notes.filter { !notes.contains($0) })
  }

  private func requireDimensionless(_ symbol: String) throws {
    guard unit == .one else {
      throw FluxError(
        "the unit \(unit)", at: "series \(symbol) series", expected: "one side without unit",
        remedy: "Only ratios and factors are supported: divide by a series in the same unit first.")
    }
  }
}
