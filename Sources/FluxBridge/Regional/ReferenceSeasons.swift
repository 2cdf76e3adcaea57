import FluxData
import FluxDrivers

/// The 8-day slot and the year of each time of a reference series.
struct ReferenceSeasons {
  /// Shape `[time]`.
  let slot, year: [Int]
  private let times: [[Int]]

  init(_ time: TimeAxis) {
    slot = (0..<time.count).map { SeasonalSlots.slot(dayOfYear: time.dayOfYear(at: $0)) }
    year = time.dates.map(\.year)
    var times = [[Int]](repeating: [], count: SeasonalSlots.count)
    for (t, s) in slot.enumerated() { times[s].append(t) }
    self.times = times.filter { !$0.isEmpty }
  }

  /// The average year, in the slots that occur. Shape `[time]` → `[slot]`.
  func meanCycle(_ series: [Double]) -> [Double] {
    times.map { t in t.reduce(0) { $0 + series[$1] } / Double(t.count) }
  }

  /// The departure from the average year. Shape `[time]`.
  func anomaly(_ series: [Double]) -> [Double] {
    var result = series
    for t in times {
      let mean = t.reduce(0) { $0 + series[$1] } / Double(t.count)
      for i in t { result[i] -= mean }
    }
    return result
  }

  /// Shape `[time]` → `[year]`.
  func annualMeans(_ series: [Double]) -> [Double] {
    Dictionary(grouping: year.indices) { year[$0] }.sorted { $0.key < $1.key }
      .map { _, t in t.reduce(0) { $0 + series[$1] } / Double(t.count) }
  }
}
