import FluxCore
import FluxData

/// The mean seasonal cycles that a recipe needs, gathered year by year over the base period.
struct SeasonalCycles {
  /// Each of shape `[day 365, pixel]`, nothing missing.
  let eviRadiation, faparTemperature, fapar, nightTemperature, ndvi, ndwi, band4: DriverBlock
  let notes: [String]

  /// What a pixel without one valid slot takes.
  private enum Filling {
    /// Zero: no vegetation, or none that light reaches.
    case noVegetation
    /// The cycle of the nearest land pixel that has one.
    case nearest
  }

  /// - Parameters:
  ///   - composites: by the names of ``BaseVariable/compositeNames``.
  ///   - radiation: what EVI is multiplied with in a year: R_g or R_pot as slot means, `[slot 46, pixel]`, W m⁻².
  init(
    composites: [String: BaseVariable], base: [Int], reader: LandReader, neighbours: LandNeighbours,
    radiation: (Int) throws -> [Float]
  ) throws {
    let width = reader.pixels.count
    let names = ["EVI × radiation", "fAPAR × LST_day", "fapar", "lst_night", "ndvi", "ndwi", "band4"]
    let fillings: [Filling] = [.noVegetation, .noVegetation, .noVegetation, .nearest, .noVegetation, .nearest, .nearest]
    var cycles = names.map { _ in MeanSeasonalCycle(pixelCount: width, baseYears: base.count) }
    for year in base {
      func slots(_ name: String) throws -> [Float] {
        guard let variable = composites[name] else {
          throw FluxError("no '\(name)'", at: "drivers.build", expected: "a cube")  // DriverBuilder has checked
        }
        return try reader.slotMeans(of: variable, year: year)
      }
      func product(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map { $0 * $1 } }
      cycles[0].add(year: product(try slots("evi"), try radiation(year)))
      let fapar = try slots("fapar")
      cycles[1].add(year: product(fapar, try slots("lst_day")))
      cycles[2].add(year: fapar)
      for (cycle, name) in names.enumerated().dropFirst(3) { cycles[cycle].add(year: try slots(name)) }
    }
    var notes: [String] = []
    let blocks = try zip(names.indices, cycles).map { index, cycle in
      let block = try DriverBlock(
        count: SeasonalSlots.dayCount * width, for: "holding the mean seasonal cycle of '\(names[index])'", at: "drivers.build")
      let gaps = cycle.finish(into: block.base)
      notes += try Self.fill(
        block.base, gaps: gaps, width: width, name: names[index], filling: fillings[index], neighbours: neighbours)
      return block
    }
    eviRadiation = blocks[0]
    faparTemperature = blocks[1]
    fapar = blocks[2]
    nightTemperature = blocks[3]
    ndvi = blocks[4]
    ndwi = blocks[5]
    band4 = blocks[6]
    self.notes = notes
  }

  private static func fill(
    _ base: UnsafeMutablePointer<Float>, gaps: MeanSeasonalCycle.Gaps, width: Int, name: String, filling: Filling,
    neighbours: LandNeighbours
  ) throws -> [String] {
    var notes: [String] = []
    let empty = gaps.emptyPixels
    if gaps.filledSlots > 0 {
      notes.append(
        "MSC(\(name)): \(gaps.filledSlots) of \((width - empty.count) * SeasonalSlots.count) slots without enough valid years, interpolated")
    }
    guard !empty.isEmpty else { return notes }
    guard let (donors, farthest) = neighbours.donors(for: empty) else {
      throw FluxError(
        "'\(name)' has no valid value at any land pixel", at: "drivers.build", expected: "values on land in the base period")
    }
    let these = "MSC(\(name)): \(empty.count) of \(width) land pixels without a valid slot"
    switch filling {
    case .noVegetation:
      for day in 0..<SeasonalSlots.dayCount {
        for pixel in empty { base[day * width + pixel] = 0 }
      }
      notes.append("\(these), set to zero: no vegetation")
    case .nearest:
      for day in 0..<SeasonalSlots.dayCount {
        for (pixel, donor) in zip(empty, donors) { base[day * width + pixel] = base[day * width + donor] }
      }
      notes.append("\(these), taken from the nearest that has one (at most \(Int(farthest)) km)")
    }
    return notes
  }
}
