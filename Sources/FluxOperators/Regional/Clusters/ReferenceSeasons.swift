import FluxData
import FluxDrivers

/// The 8-day slot and the year of each time of a reference series.
struct ReferenceSeasons {
  /// Shape `[time]`.
  let slot, year: [Int]
  private let month: [Int]
  private let times: [[Int]]

  init(_ time: TimeAxis) {
    slot = (0..<time.count).map { SeasonalSlots.slot(dayOfYear: time.dayOfYear(at: $0)) }
    year = time.dates.map(\.year)
    month = time.dates.map(\.month)
    var times = [[Int]](repeating: [], count: SeasonalSlots.count)
    for (t, s) in slot.enumerated() { times[s].append(t) }
    self.times = times.filter { !$0.isEmpty }
  }

  /// The average year, in the slots that occur. Shape `[time]` → `[slot]`.
  func meanCycle(_ series: [Double]) -> [Double] {
    times.map { t in t.reduce(0) { $0 + series[$1] } / Double(t.count) }
  }

  /// Monthly means, less the average of that month over the years. Shape `[time]` → `[month of the series]`.
  func monthlyAnomalies(_ series: [Double]) -> [Double] {
    let groups: [Int: [Int]] = Dictionary(grouping: month.indices) { year[$0] * 12 + month[$0] - 1 }
    var months: [(month: Int, mean: Double)] = []
    for key in groups.keys.sorted() {
      let times = groups[key] ?? []
      months.append((key % 12, times.reduce(0) { $0 + series[$1] } / Double(times.count)))
    }
    var sum = [Double](repeating: 0, count: 12), count = sum
    for m in months {
      sum[m.month] += m.mean
      count[m.month] += 1
    }
    return months.map { $0.mean - sum[$0.month] / count[$0.month] }
  }

  /// Shape `[time]` → `[year]`.
  func annualMeans(_ series: [Double]) -> [Double] {
    Dictionary(grouping: year.indices) { year[$0] }.sorted { $0.key < $1.key }
      .map { _, t in t.reduce(0) { $0 + series[$1] } / Double(t.count) }
  }
}
