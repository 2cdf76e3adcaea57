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
  ///   - folder: where the cycles are kept for a build that is killed later; in memory when nil.
  ///   - radiation: what EVI is multiplied with in a year: R_g or R_pot as slot means, `[slot 46, pixel]`, W m⁻².
  init(
    composites: [String: BaseVariable], base: [Int], reader: LandReader, neighbours: LandNeighbours,
    folder: BuildFolder? = nil, onProgress: (Double) -> Void = { _ in }, radiation: (Int) throws -> [Float]
  ) throws {
    let width = reader.pixels.count
    let names = ["EVI × radiation", "fAPAR × LST_day", "fapar", "lst_night", "ndvi", "ndwi", "band4"]
    let fillings: [Filling] = [.noVegetation, .noVegetation, .noVegetation, .nearest, .noVegetation, .nearest, .nearest]
    let size = SeasonalSlots.dayCount * width
    let blocks = try names.indices.map { index in
      try folder?.block("cycle\(index + 1)", count: size)
        ?? DriverBlock(count: size, for: "holding the mean seasonal cycle of '\(names[index])'", at: "drivers.build")
    }
    var notes = folder?.notes(of: "cycles") ?? []
    if folder?.notes(of: "cycles") == nil {
      var cycles = names.map { _ in MeanSeasonalCycle(pixelCount: width, baseYears: base.count) }
      for (place, year) in base.enumerated() {
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
        onProgress(Double(place + 1) / Double(base.count))
      }
      for index in names.indices {
        let gaps = cycles[index].finish(into: blocks[index].base)
        notes += try Self.fill(
          blocks[index].base, gaps: gaps, width: width, name: names[index], filling: fillings[index], neighbours: neighbours)
      }
      try folder?.finish("cycles", notes: notes, blocks)
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
