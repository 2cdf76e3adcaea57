import FluxCore
import FluxDrivers

/// A network over a store, all years' first of January first: what constant and seasonal drivers add to the first layer
/// is computed once for them all.
struct SeasonalRun: ModelRun {
  let network: FusedNetwork
  let drivers: DriverStore

  func addUp(_ pixels: Range<Int>, steps: [Range<Int>], into sums: UnsafeMutablePointer<Double>) {
    let count = pixels.count
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { nee in
      guard let nee = nee.baseAddress else { return }
      let daily = drivers.kinds.indices.filter { drivers.kinds[$0] == .daily }
      let slow = drivers.kinds.indices.filter { drivers.kinds[$0] != .daily }
      network.withSeason(count, slow: slow, daily: daily) { season in
        for days in bySeason(steps) {
          if Interrupt.isPending { return }
          guard let any = days.first else { continue }
          drivers.withDay(any.day) { columns in season.base(slow.map { columns[$0] + pixels.lowerBound }) }
          for (place, day) in days {
            drivers.withDay(day) { columns in season.day(daily.map { columns[$0] + pixels.lowerBound }, nee) }
            let row = sums + place * count
            for p in 0..<count { row[p] += Double(nee[p]) }
          }
        }
      }
    }
  }

  /// The days of some steps and the step of each, by day of the 365-day cycle.
  private func bySeason(_ steps: [Range<Int>]) -> [[(place: Int, day: Int)]] {
    var groups = [[(place: Int, day: Int)]](repeating: [], count: SeasonalSlots.dayCount)
    for (place, step) in steps.enumerated() {
      for day in step { groups[drivers.seasonIndex(ofDay: day)].append((place, day)) }
    }
    return groups
  }
}
