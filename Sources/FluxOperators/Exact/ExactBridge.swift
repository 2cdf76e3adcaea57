import FluxCore
import FluxData
import FluxDrivers
import FluxModels
import FluxTensor

/// The true regional integral over every land pixel, behind the same protocol as the sparse models that stand in for it.
///
/// The paper calls it infeasible in a training step; the fused pass makes it three to four times the sparse one at 2°.
public final class ExactBridge: RegionalOperator, LinearFluxOperator {
  public let axes: [OperatorAxis]
  public let areas: [Double]
  /// What it integrates over.
  public let drivers: DriverStore
  /// Days of each month that a prediction looks at; nil for all.
  public let days: Int?
  private let pixels: [[Int]], weights: [[Double]], seed: UInt64
  private let sums: PixelSums

  /// - Parameters:
  ///   - days: of each month, see ``PixelSums/DaySample``; nil for all.
  ///   - seed: of the days' draws.
  /// - Throws: ``FluxError`` when the regions lie on another grid than the drivers, or a region has no land pixel.
  public convenience init(regions: RegionSet, drivers: DriverStore, days: Int? = nil, seed: UInt64 = 1) throws {
    let place = "bridge.exact"
    if let days, days < 1 { throw FluxError("\(days) days", at: place, expected: "1 or more days of each month, or \"all\"") }
    guard regions.grid.matches(drivers.grid) else {
      throw FluxError("the regions lie on \(regions.grid.cellCount) cells, the drivers on \(drivers.grid.cellCount)", at: place,
        expected: "one grid", remedy: "Take the regions on the drivers' grid: regions.reccap2(d.grid).")
    }
    var pixels: [[Int]] = [], weights: [[Double]] = []
    for r in 0..<regions.count {
      let entries = regions.entries(of: r)
      var own: [Int] = [], share: [Double] = []
      for (cell, fraction) in zip(entries.cells, entries.fractions) {
        guard let pixel = drivers.pixel(ofCell: cell) else { continue }
        own.append(pixel)
        share.append(regions.grid.cellArea(row: regions.grid.row(ofCell: cell)) * Double(fraction) * 1e-15)
      }
      guard !own.isEmpty else {
        throw FluxError("region \(regions.codes[r]) has no pixel with drivers", at: place, expected: "at least one",
          remedy: "Leave the region out with r:except{'\(regions.codes[r])'}.")
      }
      pixels.append(own)
      weights.append(share)
    }
    self.init(regions: regions.codes, pixels: pixels, weights: weights, drivers: drivers, days: days, seed: seed)
  }

  private init(regions: [String], pixels: [[Int]], weights: [[Double]], drivers: DriverStore, days: Int?, seed: UInt64) {
    axes = Self.axes(regions)
    self.pixels = pixels
    self.weights = weights
    self.drivers = drivers
    self.days = days
    self.seed = seed
    areas = weights.map { $0.reduce(0, +) * 1e15 }
    sums = PixelSums(pixels: pixels, weights: weights, intercepts: [Double](repeating: 0, count: pixels.count), drivers: drivers,
      sample: days.map { PixelSums.DaySample(days: $0, seed: seed) })
  }

  // Days are drawn in the order of the predictions.
  public var needsOneThread: Bool { days != nil }

  public var windows: [Window]? { sums.windows }

  public func selecting(_ labels: [String]) throws -> ExactBridge {
    let chosen = try LabelChoice.places(of: labels, among: regions)
    return ExactBridge(
      regions: labels, pixels: chosen.map { pixels[$0] }, weights: chosen.map { weights[$0] }, drivers: drivers,
      days: days, seed: seed)
  }

  public func rows(_ window: Window) throws -> OperatorRows { try sums.rows(window) }
}
