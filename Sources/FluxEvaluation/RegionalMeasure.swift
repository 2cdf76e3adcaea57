/// What Tables 2 and 3 of the paper compare regional NEE by.
public enum RegionalMeasure: String, CaseIterable, Sendable {
  case monthlyR = "monthly_r", monthlyRMSE = "monthly_rmse", cycleR = "msc_r", cycleRMSE = "msc_rmse", annualR = "annual_r", annualRMSE = "annual_rmse"

  /// As a head of a table, with the unit.
  public var title: String {
    switch self {
    case .monthlyR: "R, months"
    case .monthlyRMSE: "RMSE, months (PgC month-1)"
    case .cycleR: "R, MSC"
    case .cycleRMSE: "RMSE, MSC (PgC month-1)"
    case .annualR: "R, years"
    case .annualRMSE: "RMSE, years (PgC yr-1)"
    }
  }

  /// Of all months of whole years, in their order.
  ///
  /// - Parameter a, b: modelled and observed totals, twelve a year, as ``shared(_:_:)`` gives them. A year with a missing month has no
  ///   annual total.
  public func value(_ a: [Double], _ b: [Double]) -> Double {
    switch self {
    case .monthlyR: Metrics.pearson(a, b)
    case .monthlyRMSE: Metrics.rmse(a, b)
    case .cycleR: Metrics.pearson(Self.cycle(a), Self.cycle(b))
    case .cycleRMSE: Metrics.rmse(Self.cycle(a), Self.cycle(b))
    case .annualR: Metrics.pearson(Self.annual(a), Self.annual(b))
    case .annualRMSE: Metrics.rmse(Self.annual(a), Self.annual(b))
    }
  }

  /// Both sides without the months that one of them lacks.
  public static func shared(_ a: [Double], _ b: [Double]) -> (a: [Double], b: [Double]) {
    (zip(a, b).map { $1.isNaN ? .nan : $0 }, zip(a, b).map { $0.isNaN ? .nan : $1 })
  }

  /// The mean of each month of the year over its present values.
  static func cycle(_ months: [Double]) -> [Double] {
    (0..<12).map { m in Metrics.mean(stride(from: m, to: months.count, by: 12).map { months[$0] }.filter { !$0.isNaN }) }
  }

  static func annual(_ months: [Double]) -> [Double] {
    stride(from: 0, to: months.count, by: 12).map { months[$0..<($0 + 12)].reduce(0, +) }
  }
}
