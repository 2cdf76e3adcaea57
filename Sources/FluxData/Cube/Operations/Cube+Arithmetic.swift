import FluxCore

/// The four operations between cubes, and between a cube and a number.
public enum CubeOperation: String, Sendable {
  case add = "+", subtract = "-", multiply = "*", divide = "/"

  @inline(__always) func apply(_ a: Float, _ b: Float) -> Float {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    }
  }
}

extension Cube {
  /// This cube and another, cell by cell, when values are asked for.
  ///
  /// A cube without time, or without the leading dimension, is used for each time or entry. The other's unit
  /// is converted for + and −, multiplied or divided otherwise. Missing in either is missing.
  ///
  /// - Throws: ``FluxError`` for other grids, times or units that do not go together.
  public func combined(_ operation: CubeOperation, with other: Cube) throws -> Cube {
    let place = "cube \(operation.rawValue) cube"
    guard grid.matches(other.grid) else {
      throw FluxError(
        "'\(name)' has the grid \(grid.rows) × \(grid.columns), '\(other.name)' \(other.grid.rows) × \(other.grid.columns)", at: place,
        expected: "cubes on one grid", remedy: "Bring one to the other's grid first: c:regrid(other.grid, \"conservative\").")
    }
    if let time, let otherTime = other.time, !time.matches(otherTime) {
      throw FluxError(
        "'\(name)' runs over \(time.summary), '\(other.name)' over \(otherTime.summary)", at: place, expected: "cubes on one time axis",
        remedy: "Select the common dates of both first: c:sel{time={\"2001-01-01\", \"2001-12-31\"}}.")
    }
    if let leading, let otherLeading = other.leading, leading != otherLeading {
      throw FluxError(
        "'\(name)' has \(leading.name) \(leading.labels), '\(other.name)' \(otherLeading.name) \(otherLeading.labels)", at: place,
        expected: "equal entries")
    }
    let isSum = operation == .add || operation == .subtract
    let right = isSum ? try other.converted(like: self, at: place) : other
    let (a, b) = (source, right.source)
    let (aTimes, bTimes) = (time != nil, right.time != nil), (aLeads, bLeads) = (leading != nil, right.leading != nil)
    let timeChunk = max(a.timeChunk, b.timeChunk)
    let combined = ComputedSource(timeChunk: timeChunk) { block, values in
      func part(_ hasTime: Bool, _ leads: Bool) -> CubeBlock {
        CubeBlock(leading: leads ? block.leading : 0, time: hasTime ? block.time : 0..<1, rows: block.rows, columns: block.columns)
      }
      let map = block.rows.count * block.columns.count
      let left = part(aTimes, aLeads)
      try a.read(left, into: UnsafeMutableBufferPointer(rebasing: values[..<left.size]))
      if !aTimes {  // repeat the map, from the back so that it is not overwritten
        for time in (1..<max(1, block.time.count)).reversed() {
          for i in 0..<map { values[time * map + i] = values[i] }
        }
      }
      let second = try b.read(part(bTimes, bLeads))
      second.withUnsafeBufferPointer { second in
        for time in 0..<block.time.count {
          let offset = bTimes ? time * map : 0
          for i in 0..<map { values[time * map + i] = operation.apply(values[time * map + i], second[offset + i]) }
        }
      }
    }
    let sign = ["+": "plus", "-": "minus", "*": "times", "/": "over"][operation.rawValue] ?? ""
    return with(
      name: isSum ? name : "\(name)_\(sign)_\(other.name)", longName: "\(longName) \(operation.rawValue) \(other.longName)",
      unitText: unitText(operation, other), time: .some(time ?? other.time), leading: .some(leading ?? other.leading), attributes: [:],
      substance: .some(isSum ? substance ?? other.substance : nil),
      inputs: Set(inputs).union(other.inputs).sorted(), source: combined)
  }

  /// This cube and a number; the number on the left when `isReversed`.
  public func combined(_ operation: CubeOperation, with number: Double, isReversed: Bool = false) -> Cube {
    let base = source
    let number = Float(number)
    let computed = ComputedSource(timeChunk: base.timeChunk) { block, values in
      try base.read(block, into: values)
      if isReversed {
        for i in 0..<values.count { values[i] = operation.apply(number, values[i]) }
      } else {
        for i in 0..<values.count { values[i] = operation.apply(values[i], number) }
      }
    }
    // 1 / cube has the reciprocal unit.
    let reciprocal = isReversed && operation == .divide ? unit.map { Unit.one.divided(by: $0).description } : nil
    return with(unitText: reciprocal ?? unitText, source: computed)
  }

  private func unitText(_ operation: CubeOperation, _ other: Cube) -> String {
    switch operation {
    case .add, .subtract: return unitText.isEmpty ? other.unitText : unitText
    case .multiply, .divide:
      guard let a = unit ?? (unitText.isEmpty ? .one : nil), let b = other.unit ?? (other.unitText.isEmpty ? .one : nil) else { return "" }
      if unitText.isEmpty && other.unitText.isEmpty { return "" }
      return (operation == .multiply ? a.multiplied(by: b) : a.divided(by: b)).description
    }
  }

  /// The cube in the unit of the other. One of them may say none.
  private func converted(like other: Cube, at place: String) throws -> Cube {
    guard !unitText.isEmpty, !other.unitText.isEmpty, unitText != other.unitText else { return self }
    guard let theirs = other.unit, unit != nil else {
      throw FluxError("the units '\(other.unitText)' and '\(unitText)' cannot be compared", at: place, expected: "equal units")
    }
    return try converted(to: theirs, at: place)
  }
}

extension TimeAxis {
  /// Whether two axes stand for the same days, months or years, wherever in them their dates lie.
  public func matches(_ other: TimeAxis) -> Bool {
    guard count == other.count, step == other.step || count < 2 else { return false }
    return zip(dates, other.dates).allSatisfy { a, b in
      switch step {
      case .day: (a.year, a.month, a.day) == (b.year, b.month, b.day)
      case .month: (a.year, a.month) == (b.year, b.month)
      case .year: a.year == b.year
      case .other: a == b
      }
    }
  }

  /// `2001-01-01 … 2017-12-31 (6209, each day)`
  var summary: String {
    guard let first = dates.first, let last = dates.last else { return "no dates" }
    return "\(first) … \(last) (\(count)\(step == .other ? "" : ", each \(step.rawValue)"))"
  }
}
