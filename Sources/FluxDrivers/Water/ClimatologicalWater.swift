import FluxCore
import FluxData

/// The water availability of a mean year, from monthly climatologies: what ``WaterBalance`` gives when the same year comes
/// again and again until its water returns to where it was.
///
/// Temperature and radiation are interpolated linearly between the middles of the months; a month's rain falls evenly over its
/// days, so totals are kept, and storms are not. The demand is that of ``EvaporativeDemand`` times the fAPAR of the month.
public struct ClimatologicalWater: Sendable {
  public var balance: WaterBalance
  /// Capacities smaller than this hold no water to speak of (rock, ice): the index is missing there, mm.
  public static let smallestCapacity = 1.0

  public init(balance: WaterBalance = WaterBalance(layers: .one)) { self.balance = balance }

  /// One place through its mean year.
  ///
  /// - Parameters:
  ///   - precipitation: mm d⁻¹. Shape `[month 12]`.
  ///   - temperature: °C. Shape `[month 12]`.
  ///   - shortwave: W m⁻². Shape `[month 12]`.
  ///   - fapar: 1. Shape `[month 12]`.
  ///   - potential: R_pot, W m⁻². Shape `[day 365]`.
  ///   - capacity: of the lower (or only) layer, mm; that of the balance when nil.
  /// - Returns: the mean index of each month, 0 … 1, shape `[month 12]`; and whether the water returned within
  ///   ``WaterBalance/loopLimit`` years.
  public func index(
    precipitation: [Double], temperature: [Double], shortwave: [Double], fapar: [Double], potential: [Double], capacity: Double? = nil
  ) -> (index: [Double], isSettled: Bool) {
    var balance = balance
    if let capacity { balance.lowerCapacity = capacity }
    let warmth = Self.days.map { Self.between(temperature, $0) }
    let net = Self.days.indices.map { day in
      EvaporativeDemand.netRadiation(shortwave: Self.between(shortwave, Self.days[day]), potential: potential[day], temperature: warmth[day])
    }
    let demand = Self.days.indices.map { day in
      EvaporativeDemand.potential(netRadiation: net[day], temperature: warmth[day]) * min(1, max(0, fapar[Self.days[day].month]))
    }
    var state = WaterBalance.State(upper: balance.layers == .two ? balance.upperCapacity / 2 : 0, lower: balance.lowerCapacity / 2)
    var sums = [Double](repeating: 0, count: 12), isSettled = false
    for _ in 0..<WaterBalance.loopLimit {
      let before = state
      sums = [Double](repeating: 0, count: 12)
      for (day, place) in Self.days.enumerated() {
        _ = balance.step(
          &state, precipitation: max(0, precipitation[place.month]), temperature: warmth[day], demand: demand[day], netRadiation: net[day])
        sums[place.month] += balance.index(state)
      }
      isSettled = abs(state.upper - before.upper) + abs(state.lower - before.lower) < WaterBalance.settled
      if isSettled { break }
    }
    return (zip(sums, Self.monthLengths).map { $0 / Double($1) }, isSettled)
  }

  /// Months of a year of 365 days.
  static let monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  /// The month of each day, and the two months between whose middles it lies. Shape `[day 365]`.
  private static let days: [(month: Int, from: Int, to: Int, weight: Double)] = {
    var first = 0
    let middles = monthLengths.map { length in
      defer { first += length }
      return Double(first) + Double(length) / 2
    }
    return zip(0..., monthLengths).flatMap { month, length in repeatElement(month, count: length) }.enumerated().map { day, month in
      let x = Double(day) + 0.5, isLate = x >= middles[month]
      let from = isLate ? month : (month + 11) % 12, to = (from + 1) % 12
      let start = middles[from] - (from > month ? 365 : 0), end = middles[to] + (to < month ? 365 : 0)
      return (month, from, to, (x - start) / (end - start))
    }
  }()

  private static func between(_ monthly: [Double], _ day: (month: Int, from: Int, to: Int, weight: Double)) -> Double {
    (1 - day.weight) * monthly[day.from] + day.weight * monthly[day.to]
  }
}
