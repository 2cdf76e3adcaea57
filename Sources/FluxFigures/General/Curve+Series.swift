import FluxCore
import FluxData

extension Curve {
  /// One region of a series: an ensemble as its mean ± standard deviation.
  public init(_ name: String, _ series: Series, region: String, colour: Colour = .black, at place: String) throws {
    let one = try series.inRegion(region, at: place)
    let x = one.time.isCycle ? (0..<12).map(Double.init) : one.time.decimalYears()
    let mean = one.memberMean()
    let spread = one.memberCount > 1 ? Array(one.memberStandardDeviation().values) : nil
    self.init(name, x: x, y: mean.values, spread: spread, colour: colour)
  }
}

extension Series {
  /// A series of one region; "globe" is the sum of all where there is no such region.
  func inRegion(_ code: String, at place: String) throws -> Series {
    if code == "globe", !regions.contains("globe") { return total() }
    guard regions.contains(code) else {
      let all = regions + ["globe"]
      throw FluxError("no region '\(code)'\(NearestName.hint(code, among: all))", at: place, expected: all.joined(separator: ", "))
    }
    return try only([code])
  }

  /// Twelve months of one region; daily values are summed or averaged to months first.
  func cycle() throws -> Series { try (time.step == .day ? monthly() : self).meanSeasonalCycle() }
}

extension TimeAxis {
  /// Dates as years with a fraction; the middle of the year 2001 is 2001.5. Years alone are whole numbers.
  func decimalYears() -> [Double] { dates.map { step == .year ? Double($0.year) : calendar.decimalYear($0) } }

  /// Whether it is the twelve months of one year, as of a mean seasonal cycle.
  var isCycle: Bool { count == 12 && step == .month && Set(dates.map(\.year)).count == 1 }

  /// An axis of these dates.
  var axis: Axis { isCycle ? .months() : Axis("", ticks: step == .year ? .integers : .time(calendar)) }
}
