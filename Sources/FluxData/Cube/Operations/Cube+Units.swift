import FluxCore

extension Cube {
  /// The cube in another unit. Months and years are those of its own time axis.
  ///
  /// - Parameter substance: what the quantity is of, when neither the unit nor the file says it.
  /// - Throws: ``FluxError`` when the units do not convert.
  public func converted(to text: String, of substance: Substance? = nil) throws -> Cube {
    try converted(to: Unit(text, at: "cube:to"), of: substance, at: "cube:to")
  }

  func converted(to target: Unit, of substance: Substance? = nil, at place: String) throws -> Cube {
    guard let unit else {
      throw FluxError(
        unitText.isEmpty ? "'\(name)' has no unit" : "the unit '\(unitText)' of '\(name)' cannot be read", at: place,
        expected: "a cube with a unit", remedy: "Say what it is in: c:with_units(\"gC m-2 d-1\").")
    }
    let conversion = try unit.conversion(to: target, of: substance ?? self.substance, at: place)
    if conversion.isIdentity { return with(unitText: target.description, source: source) }
    let scales = try scales(of: conversion, unit, target, at: place)
    let offset = Float(conversion.offset)
    let base = source
    let computed = ComputedSource(timeChunk: base.timeChunk) { block, values in
      try base.read(block, into: values)
      let map = block.rows.count * block.columns.count
      for time in 0..<block.time.count {
        let scale = scales.count == 1 ? scales[0] : scales[block.time.lowerBound + time]
        // The product in double: factors such as 1e15 / 12.011 lose digits in float32.
        for i in time * map..<(time + 1) * map { values[i] = Float(Double(values[i]) * scale) + offset }
      }
    }
    return with(unitText: target.description, source: computed)
  }

  /// The factor of each time, or one for all.
  private func scales(of conversion: UnitConversion, _ unit: Unit, _ target: Unit, at place: String) throws -> [Double] {
    guard conversion.needsCalendar else { return [conversion.scale] }
    guard let time else {
      throw FluxError(
        "'\(unit)' to '\(target)' depends on how long the month or year is, and '\(name)' has no time axis", at: place,
        expected: "a cube with a time axis")
    }
    if conversion.months != 0, time.step == .year || (time.step == .other && time.count > 1 && time.lengthInDays(at: 0) > 31) {
      throw FluxError("'\(unit)' to '\(target)' for dates further apart than a month", at: place, expected: "a monthly or finer time axis")
    }
    return (0..<time.count).map { conversion.scale(daysInMonth: time.daysInMonth(at: $0), daysInYear: time.daysInYear(at: $0)) }
  }

  /// The same values with another unit: for files that say none, or a wrong one.
  public func relabelled(unit text: String) throws -> Cube {
    let unit = try Unit(text, at: "cube:with_units")
    return with(unitText: unit.description, substance: .some(unit.substance), source: source)
  }
}
