import FluxCore
import FluxData

/// The mean seasonal cycles that a recipe needs, gathered year by year over the base period.
struct SeasonalCycles {
  /// By the inside of `msc`. Each of shape `[day 365, pixel]`, nothing missing.
  private(set) var blocks: [DriverFormula: DriverBlock] = [:]
  private(set) var notes: [String] = []
  let base: [Int]
  let width: Int
  let neighbours: LandNeighbours
  /// Where the cycles are kept for a build that is killed later; in memory when nil.
  let folder: BuildFolder?

  init(base: [Int], width: Int, neighbours: LandNeighbours, folder: BuildFolder? = nil) {
    self.base = base
    self.width = width
    self.neighbours = neighbours
    self.folder = folder
  }

  /// Makes some more.
  ///
  /// - Parameters:
  ///   - insides: what is averaged, products formed within each slot of each year.
  ///   - stage: its name in the folder.
  ///   - slots: a variable's slot means in a year, `[slot 46, pixel]`, NaN where missing; asked once for each year.
  mutating func gather(
    _ insides: [DriverFormula], stage: String, onProgress: (Double) -> Void = { _ in }, slots: (_ name: String, _ year: Int) throws -> [Float]
  ) throws {
    guard !insides.isEmpty else { return }
    let size = SeasonalSlots.dayCount * width
    let made = try insides.enumerated().map { index, inside in
      try folder?.block("\(stage)\(index + 1)", count: size)
        ?? DriverBlock(count: size, for: "holding the mean seasonal cycle of '\(inside)'", at: "drivers.build")
    }
    for (inside, block) in zip(insides, made) { blocks[inside] = block }
    if let finished = folder?.notes(of: stage) {
      notes += finished
      return
    }
    var cycles = insides.map { _ in MeanSeasonalCycle(pixelCount: width, baseYears: base.count) }
    for (place, year) in base.enumerated() {
      var read: [String: [Float]] = [:]
      for (index, inside) in insides.enumerated() {
        let values = try inside.values { leaf in
          guard case .variable(let name) = leaf else { return .number(.nan) }  // DriverFormula.kind lets no function in
          if let known = read[name] { return .values(known) }
          let means = try slots(name, year)
          read[name] = means
          return .values(means)
        }
        cycles[index].add(year: values.array(count: SeasonalSlots.count * width))
      }
      onProgress(Double(place + 1) / Double(base.count))
    }
    var told: [String] = []
    for (index, inside) in insides.enumerated() {
      let gaps = cycles[index].finish(into: made[index].base)
      told += try fill(made[index].base, gaps: gaps, inside)
    }
    try folder?.finish(stage, notes: told, made)
    notes += told
  }

  /// A pixel without one valid slot of a vegetation index takes zero: no vegetation, or none that light reaches. Of
  /// anything else it takes the cycle of the nearest land pixel that has one.
  private static let vegetation: Set<String> = ["evi", "fapar", "ndvi"]

  private func fill(_ base: UnsafeMutablePointer<Float>, gaps: MeanSeasonalCycle.Gaps, _ inside: DriverFormula) throws -> [String] {
    var notes: [String] = []
    let empty = gaps.emptyPixels
    if gaps.filledSlots > 0 {
      notes.append(
        "msc(\(inside)): \(gaps.filledSlots) of \((width - empty.count) * SeasonalSlots.count) slots without enough valid years, interpolated")
    }
    guard !empty.isEmpty else { return notes }
    guard let (donors, farthest) = neighbours.donors(for: empty) else {
      throw FluxError(
        "'\(inside)' has no valid value at any land pixel", at: "drivers.build", expected: "values on land in the base period")
    }
    let these = "msc(\(inside)): \(empty.count) of \(width) land pixels without a valid slot"
    if inside.names.isDisjoint(with: Self.vegetation) {
      for day in 0..<SeasonalSlots.dayCount {
        for (pixel, donor) in zip(empty, donors) { base[day * width + pixel] = base[day * width + donor] }
      }
      notes.append("\(these), taken from the nearest that has one (at most \(Int(farthest)) km)")
    } else {
      for day in 0..<SeasonalSlots.dayCount {
        for pixel in empty { base[day * width + pixel] = 0 }
      }
      notes.append("\(these), set to zero: no vegetation")
    }
    return notes
  }
}
