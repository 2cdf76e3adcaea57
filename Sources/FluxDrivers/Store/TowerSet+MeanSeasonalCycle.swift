import FluxData
import FluxObservations

extension TowerSet {
  /// The average year of each site: the mean of all kept days in each slot of eight days.
  ///
  /// - Returns: NEE, gC m⁻² d⁻¹, NaN where no day was kept. Shape `[site, slot]`, 46 slots.
  public func meanSeasonalCycles() -> [Double] {
    records.flatMap { record in
      var sum = [Double](repeating: 0, count: SeasonalSlots.count), count = sum
      for index in 0..<record.dayCount where record.isKept(index, quality: minimumQuality) {
        let slot = SeasonalSlots.slot(dayOfYear: record.day(index).dayOfYear)
        sum[slot] += Double(record.nee[index])
        count[slot] += 1
      }
      return zip(sum, count).map { $1 > 0 ? $0 / $1 : .nan }
    }
  }
}
