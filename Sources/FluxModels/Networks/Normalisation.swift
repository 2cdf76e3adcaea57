import FluxCore
import FluxDrivers
import FluxTensor

/// Mean and standard deviation of each driver over the training fold's towers.
public struct Normalisation: Sendable, Equatable {
  /// In the driver's own unit. Shape `[driver]`.
  public let mean: [Float]
  /// In the driver's own unit, never 0. Shape `[driver]`.
  public let deviation: [Float]

  /// - Parameter deviation: never 0.
  public init(mean: [Float], deviation: [Float]) {
    self.mean = mean
    self.deviation = deviation
  }

  /// Leaves drivers as they are.
  public static func identity(_ count: Int) -> Normalisation {
    Normalisation(mean: [Float](repeating: 0, count: count), deviation: [Float](repeating: 1, count: count))
  }

  /// Over the rows of `x`. A driver that does not vary keeps a deviation of 1.
  ///
  /// - Parameters:
  ///   - x: drivers, row-major. Shape `[sample, driver]`.
  ///   - rows: the samples that count.
  public init(of x: UnsafePointer<Float>, drivers: Int, rows: some Collection<Int>) {
    var sum = [Double](repeating: 0, count: drivers), squares = sum
    for row in rows {
      for k in 0..<drivers {
        let v = Double(x[row * drivers + k])
        sum[k] += v
      }
    }
    let n = Double(max(1, rows.count))
    let centre = sum.map { $0 / n }
    for row in rows {
      for k in 0..<drivers {
        let d = Double(x[row * drivers + k]) - centre[k]
        squares[k] += d * d
      }
    }
    mean = centre.map { Float($0) }
    deviation = squares.map { s in
      let d = (s / n).squareRoot()
      return d > 1e-12 ? Float(d) : 1
    }
  }
}

extension Normalisation {
  /// Over all samples.
  ///
  /// - Parameter samples: in either layout.
  /// - Throws: ``FluxError`` when memory is short.
  public init(of samples: Samples) throws {
    let rows = try samples.rows(), count = samples.count, drivers = samples.driverCount
    self = try rows.withFloats { Normalisation(of: $0, drivers: drivers, rows: 0..<count) }
  }

  /// Over all land of a store, from one day in sixteen.
  init(over drivers: DriverStore) {
    var mean: [Float] = [], deviation: [Float] = []
    for driver in 0..<drivers.driverCount {
      var sum = 0.0, squares = 0.0, count = 0.0
      for day in stride(from: 0, to: drivers.dayCount, by: 16) {
        for pixel in 0..<drivers.pixelCount {
          let value = Double(drivers.value(driver: driver, pixel: pixel, day: day))
          sum += value
          squares += value * value
          count += 1
        }
      }
      let centre = sum / count, spread = max(0, squares / count - centre * centre).squareRoot()
      mean.append(Float(centre))
      deviation.append(spread > 0 ? Float(spread) : 1)
    }
    self.init(mean: mean, deviation: deviation)
  }
}
