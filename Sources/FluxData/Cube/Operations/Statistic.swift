import FluxCore

/// What is kept of many values. Missing values are skipped and counted.
public enum Statistic: String, Sendable, CaseIterable {
  /// Weighted by cell area where latitude or longitude is reduced.
  case mean
  /// The plain sum; totals over area are integrals.
  case sum
  /// The standard deviation, dividing by n; weighted as the mean.
  case std
  case min, max
  /// Never weighted.
  case median
}

/// Running sums of one statistic in many places, in double precision.
struct StatisticAccumulator {
  private let statistic: Statistic
  private var first: [Double]
  private var sum: [Double]
  private var squares: [Double]
  private var weight: [Double]
  private(set) var missing = 0

  init(_ statistic: Statistic, places: Int) {
    self.statistic = statistic
    let start = statistic == .min ? Double.infinity : statistic == .max ? -.infinity : 0
    sum = [Double](repeating: start, count: places)
    weight = [Double](repeating: 0, count: places)
    first = statistic == .std ? [Double](repeating: 0, count: places) : []
    squares = first
  }

  /// Adds a row of values to places that lie `step` (0 or 1) apart.
  mutating func add(
    _ values: UnsafePointer<Float>, count: Int, weights: UnsafePointer<Double>?, weight plain: Double = 1, from place: Int, step: Int
  ) {
    var skipped = 0
    sum.withUnsafeMutableBufferPointer { sum in
      weight.withUnsafeMutableBufferPointer { weight in
        var at = place
        switch statistic {
        case .mean, .sum, .median:
          for i in 0..<count {
            let value = values[i]
            if value == value {
              let w = weights.map { $0[i] } ?? plain
              sum[at] += w * Double(value)
              weight[at] += w
            } else { skipped += 1 }
            at += step
          }
        case .min, .max:
          let isMinimum = statistic == .min
          for i in 0..<count {
            let value = Double(values[i])
            if value == value {
              sum[at] = isMinimum ? Swift.min(sum[at], value) : Swift.max(sum[at], value)
              weight[at] += 1
            } else { skipped += 1 }
            at += step
          }
        case .std:
          // Differences from the first value: no digits are lost on 300 ± 0.1 K.
          first.withUnsafeMutableBufferPointer { first in
            squares.withUnsafeMutableBufferPointer { squares in
              for i in 0..<count {
                let value = Double(values[i])
                if value == value {
                  let w = weights.map { $0[i] } ?? plain
                  if weight[at] == 0 { first[at] = value }
                  let d = value - first[at]
                  sum[at] += w * d
                  squares[at] += w * d * d
                  weight[at] += w
                } else { skipped += 1 }
                at += step
              }
            }
          }
        }
      }
    }
    missing += skipped
  }

  /// One value a place; NaN where nothing was valid.
  func results() -> [Float] {
    sum.indices.map { i in
      guard weight[i] > 0 else { return .nan }
      switch statistic {
      case .mean, .median: return Float(sum[i] / weight[i])
      case .sum, .min, .max: return Float(sum[i])
      case .std:
        let mean = sum[i] / weight[i]
        return Float(Swift.max(0, squares[i] / weight[i] - mean * mean).squareRoot())
      }
    }
  }

  /// The median of valid values; NaN for none. Reorders `values`.
  static func median(_ values: inout [Float]) -> Float {
    guard !values.isEmpty else { return .nan }
    values.sort()
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
  }
}
