import FluxCore

extension Cube {
  /// The total of a flux over each region: Σ value × cell area × land fraction.
  ///
  /// Missing values are left out, counted and told in the notes; a region without any value at a time is missing.
  ///
  /// - Parameters:
  ///   - regions: on any grid; brought to this cube's by area.
  ///   - unit: of the result. By default PgC per time step of a carbon flux: PgC d⁻¹ of daily values, PgC month⁻¹
  ///     of monthly, PgC yr⁻¹ of annual ones, PgC of any other step, over the calendar's own days. `PgC yr-1` of
  ///     monthly values is a rate.
  /// - Returns: `[region, time]`, or `[member, region, time]` for a cube with a leading dimension.
  /// - Throws: ``FluxError`` when the cube has no time or is no quantity per area.
  public func integral(_ regions: RegionSet, unit wanted: Unit? = nil) throws -> Series {
    let place = "cube:integral"
    guard let time else {
      throw FluxError(
        "'\(name)' has no time", at: place, expected: "a cube in time", remedy: "Integrate first, average afterwards.")
    }
    let totals = try totalFactors(time, wanted, at: place)
    let regions = try regions.regridded(to: grid)
    let weights = RegionWeights(regions)
    var sums = [Double](repeating: 0, count: leadingCount * regions.count * timeCount)
    var missing = 0, present = 0
    try forEachBlock { block, values in
      let parts = weights.integrate(values, times: block.time.count)
      for region in 0..<regions.count {
        for (position, index) in block.time.enumerated() {
          let (sum, count) = parts[position * regions.count + region]
          missing += weights.count(region) - count
          present += count
          sums[(block.leading * regions.count + region) * timeCount + index] = count > 0 ? sum * totals.factors[index] : .nan
        }
      }
    }
    let percent = DecimalText.thousandths(100 * Double(missing) / Double(max(1, missing + present)))
    return try Series(
      name: name, unit: totals.unit, time: time.withBounds(), regions: regions.codes, regionArea: regions.area,
      members: leading?.labels, values: sums,
      notes: missing == 0 ? [] : ["\(name): \(missing) of \(missing + present) land values missing (\(percent) %), left out of the totals"],
      at: place)
  }

  /// What turns value × m² into the result, at each time, and the result's unit.
  private func totalFactors(_ time: TimeAxis, _ wanted: Unit?, at place: String) throws -> (unit: Unit, factors: [Double]) {
    guard let unit, unit.isPerArea else {
      throw FluxError(
        unitText.isEmpty ? "'\(name)' has no unit" : "'\(name)' is in '\(unitText)'", at: place,
        expected: "a flux or amount per area, such as gC m-2 d-1",
        remedy: "A mean over regions needs no integral: c:mean{\"lat\", \"lon\"}.")
    }
    let extensive = try unit.multiplied(by: Unit("m2"))
    let isCarbonRate = try extensive.isConvertible(to: Unit("gC d-1"), of: substance)
    if wanted == nil, isCarbonRate, time.step == .other {
      let conversion = try extensive.multiplied(by: Unit("d")).conversion(to: Unit("PgC"), of: substance, at: place)
      return (
        try Unit("PgC"),
        (0..<time.count).map { time.lengthInDays(at: $0) * conversion.scale(daysInMonth: time.daysInMonth(at: $0), daysInYear: time.daysInYear(at: $0)) }
      )
    }
    let step = time.step == .year ? "yr" : time.step == .month ? "month" : "d"
    let target = try wanted ?? (isCarbonRate ? Unit("PgC \(step)-1") : extensive)
    let conversion = try extensive.conversion(to: target, of: substance, at: place)
    return (
      target, (0..<time.count).map { conversion.scale(daysInMonth: time.daysInMonth(at: $0), daysInYear: time.daysInYear(at: $0)) }
    )
  }
}

/// The cells of all regions with area × land fraction, laid out for fast sums.
private struct RegionWeights: Sendable {
  private let start: [Int]
  private let cells: [Int]
  private let weights: [Double]
  private let cellCount: Int

  init(_ regions: RegionSet) {
    let areas = regions.grid.cellAreas()
    var start = [0], cells: [Int] = [], weights: [Double] = []
    for region in 0..<regions.count {
      let entries = regions.entries(of: region)
      cells += entries.cells
      weights += zip(entries.cells, entries.fractions).map { areas[$0] * Double($1) }
      start.append(cells.count)
    }
    (self.start, self.cells, self.weights) = (start, cells, weights)
    cellCount = regions.grid.cellCount
  }

  func count(_ region: Int) -> Int { start[region + 1] - start[region] }

  /// Σ weight × value and how many values there are, `[time, region]`. Each sum runs in cell order, so it does not
  /// depend on the number of threads.
  func integrate(_ values: UnsafeBufferPointer<Float>, times: Int) -> [(sum: Double, count: Int)] {
    let regionCount = start.count - 1
    var results = [(sum: Double, count: Int)](repeating: (0, 0), count: times * regionCount)
    nonisolated(unsafe) let values = values
    results.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let results = buffer
      ThreadPool.forEach(times) { time, _ in
        let map = UnsafeBufferPointer(rebasing: values[time * cellCount..<(time + 1) * cellCount])
        cells.withUnsafeBufferPointer { cells in
          weights.withUnsafeBufferPointer { weights in
            for region in 0..<regionCount {
              var sum = 0.0, count = 0
              for entry in start[region]..<start[region + 1] {
                let value = map[cells[entry]]
                if !value.isNaN {
                  sum += weights[entry] * Double(value)
                  count += 1
                }
              }
              results[time * regionCount + region] = (sum, count)
            }
          }
        }
      }
    }
    return results
  }
}
